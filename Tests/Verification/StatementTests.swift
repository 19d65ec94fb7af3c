import ProofVectors
import Tables
import Testing
import Verification

/// Rules 2 and 7: what step 0 refuses, one bound at a time, each with the value next to it that passes.
struct StatementTests {
    private let table = Table(
        name: "all", width: 2, constraints: [],
        pushes: (0..<32).map { Message(0, 0, 0, Operand(word: 1), power: $0) }, pulls: [])

    private func refusal(
        heights: [Int], stackLog: Int = 20, rowLog: Int = 20, limit: Int = 16, tables: [Table]? = nil, pushed: Int = 0
    ) throws -> StatementError? {
        let quiet = Table(name: "quiet", width: 3, constraints: [], pushes: [], pulls: [])
        let statement = Statement(
            record: try ParameterRecord(
                version: 1, stackLog: stackLog, rowLog: rowLog, folds: [1], rates: [1], queries: [1], grinding: [0],
                heightLimit: limit),
            system: TableSystem(tables ?? [quiet, quiet]), heights: heights,
            boundary: Boundary(pushed: [MessageWords](repeating: .zero, count: pushed), pulled: []))
        do {
            _ = try Layout(statement)
            // What the layout refuses, the verifier refuses with the same words, whatever the proof.
            #expect(throws: VerificationError.self) { try Verifier(statement.system).verify(statement, proof: []) }
            return nil
        } catch {
            #expect(throws: VerificationError.statement(error)) {
                try Verifier(statement.system).verify(statement, proof: [])
            }
            return error
        }
    }

    @Test func oneHeightForEachTable() throws {
        #expect(try refusal(heights: [1, 1]) == nil)
        #expect(try refusal(heights: [1]) == .numberOfHeights(expected: 2, got: 1))
        #expect(try refusal(heights: [1, 1, 1]) == .numberOfHeights(expected: 2, got: 3))
        #expect(try refusal(heights: []) == .numberOfHeights(expected: 2, got: 0))
    }

    @Test func heightsWithinTheirLimit() throws {
        #expect(try refusal(heights: [1 << 16, 0]) == nil)
        #expect(try refusal(heights: [1 << 16 + 1, 0]) != nil)
        #expect(try refusal(heights: [0, 65_537]) == .height(table: 1, limit: 65_536, got: 65_537))
        #expect(try refusal(heights: [-1, 0]) == .height(table: 0, limit: 65_536, got: -1))
        #expect(try refusal(heights: [Int.min, Int.max]) == .height(table: 0, limit: 65_536, got: Int.min))
    }

    /// One row pushes 2³² − 1 messages, with the powers: one more would be 2³².
    @Test func fewerThanTwoToThe32Messages() throws {
        #expect(try refusal(heights: [1], tables: [table]) == nil)
        #expect(try refusal(heights: [1], tables: [table], pushed: 1) == .tooManyMessages(side: .pushed))
        #expect(try refusal(heights: [2], tables: [table]) == .tooManyMessages(side: .pushed))
        let pulling = Table(name: "", width: 2, constraints: [], pushes: table.pulls, pulls: table.pushes)
        #expect(try refusal(heights: [1], tables: [pulling]) == nil)
        #expect(try refusal(heights: [1 << 16], tables: [pulling]) == .tooManyMessages(side: .pulled))
    }

    /// Two column pairs of 2^4 entries each, twice: 2^6.
    @Test func runsEndWithinTheStack() throws {
        #expect(try refusal(heights: [16, 16], stackLog: 6) == nil)
        #expect(try refusal(heights: [16, 17], stackLog: 6) == .stackTooLarge(classLog: 6, neededLog: 7))
        #expect(try refusal(heights: [16, 16], stackLog: 5) == .stackTooLarge(classLog: 5, neededLog: 6))
    }

    @Test func heightsAreBelowTheClass() throws {
        #expect(try refusal(heights: [15, 3], rowLog: 4) == nil)
        #expect(try refusal(heights: [3, 16], rowLog: 4) == .tableTooTall(classLog: 4, neededLog: 5))
        #expect(try refusal(heights: [0, 0], rowLog: 0) == nil)
        #expect(try refusal(heights: [1, 0], rowLog: 0) == .tableTooTall(classLog: 0, neededLog: 1))
    }

    @Test func recordsThatNoProofCouldHaveAreNoRecords() throws {
        func record(
            stackLog: Int = 10, rowLog: Int = 5, folds: [Int] = [3, 3], rates: [Int] = [1, 2], queries: [Int] = [1, 1],
            grinding: [Int] = [0, 0], limit: Int = 24
        ) throws(ParameterError) -> ParameterRecord {
            try ParameterRecord(
                version: 1, stackLog: stackLog, rowLog: rowLog, folds: folds, rates: rates, queries: queries,
                grinding: grinding, heightLimit: limit)
        }
        #expect(try record().finalVariables == 4)
        #expect(throws: ParameterError.self) { try record(folds: [5, 5]) }
        #expect(throws: ParameterError.self) { try record(folds: [3, 8]) }
        #expect(throws: ParameterError.self) { try record(folds: [0, 3]) }
        #expect(throws: ParameterError.self) { try record(folds: [-1, 3]) }
        #expect(throws: ParameterError.self) { try record(folds: []) }
        #expect(throws: ParameterError.self) { try record(rates: [1]) }
        #expect(throws: ParameterError.self) { try record(rates: [0, 1]) }
        #expect(throws: ParameterError.self) { try record(rates: [26, 1]) }
        #expect(throws: ParameterError.self) { try record(queries: [1, 0]) }
        #expect(throws: ParameterError.self) { try record(grinding: [33, 0]) }
        #expect(throws: ParameterError.self) { try record(stackLog: 33) }
        #expect(throws: ParameterError.self) { try record(rowLog: -1) }
        #expect(throws: ParameterError.self) { try record(limit: 32) }
    }
}
