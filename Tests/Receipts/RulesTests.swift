import Machine
import Receipts
import Tables
import Testing

/// What machine.md, section 7, leaves to the verifier of a segment, each rule alone.
@Suite struct RulesTests {
    private let rules = SegmentVerifierRules.standard
    private let none = [Int](repeating: 0, count: TableKind.allCases.count)

    private func statement(_ claim: SegmentClaim, _ heights: [Int]) throws -> Statement {
        let record = try #require(ParameterRecord.builtIn(version: 1, stackLog: 28))
        return try rules.statement(claim, heights: heights, record: record)
    }

    private func honest() throws -> (claim: SegmentClaim, heights: [Int]) {
        let receipt = try Runs.summed().receipts[0]
        return (receipt.claim, receipt.heights)
    }

    @Test func anHonestClaimHasAStatement() throws {
        let (claim, heights) = try honest()
        #expect(try statement(claim, heights).heights == heights)
    }

    @Test func claimsAreInRange() throws {
        let (claim, heights) = try honest()
        func changed(_ change: (inout SegmentClaim) -> Void) -> SegmentClaim {
            var claim = claim
            change(&claim)
            return claim
        }
        let malformed = [
            changed { $0.programCounter |= 1 }, changed { $0.nextProgramCounter |= 1 },
            changed { $0.cycles = 1 << 24 + 1 }, changed { $0.firstCycle = .max - UInt64($0.cycles) + 1 },
        ]
        for (number, claim) in malformed.enumerated() {
            #expect(throws: ClaimError.malformedClaim, "claim \(number)") { try statement(claim, heights) }
            #expect(SegmentClaim(decoding: claim.encoded()[...]) == nil, "claim \(number)")
        }
        let largest = changed {
            $0.cycles = 1 << 24
            $0.firstCycle = .max - 1 << 24
        }
        _ = try statement(largest, heights)
        #expect(SegmentClaim(decoding: largest.encoded()[...]) == largest)
    }

    @Test func oneHeightForEachTable() throws {
        let (claim, heights) = try honest()
        let count = heights.count
        #expect(throws: ClaimError.numberOfHeights(expected: count, got: count - 1)) {
            try statement(claim, heights.dropLast())
        }
        #expect(throws: ClaimError.numberOfHeights(expected: count, got: count + 1)) {
            try statement(claim, heights + [0])
        }
    }

    /// 2^24 instruction rows in all, over whichever tables.
    @Test func cyclesAreBounded() throws {
        let (claim, _) = try honest(), limit = SegmentVerifierRules.cycleLimit
        let instructions = TableKind.allCases.filter(\.isCycle)
        for kind in instructions {
            var heights = none
            heights[kind.rawValue] = limit
            _ = try statement(claim, heights)
            heights[kind.rawValue] = limit + 1
            #expect(throws: ClaimError.cycleRows(limit: limit, got: limit + 1)) { try statement(claim, heights) }
        }
        var spread = none
        for kind in instructions { spread[kind.rawValue] = limit / instructions.count + 1 }
        let sum = spread.reduce(0, +)
        #expect(throws: ClaimError.cycleRows(limit: limit, got: sum)) { try statement(claim, spread) }
        // Rows of other tables are no cycles: the proof system bounds them.
        var others = none
        for kind in [TableKind.blake3, .openNode, .registers, .refresh, .code] { others[kind.rawValue] = limit }
        _ = try statement(claim, others)
    }

    /// What is no number of rows is refused before anything is added up.
    @Test func heightsAreNumbers() throws {
        let (claim, heights) = try honest()
        for height in [-1, Int.min, 1 << 32, Int.max] {
            for kind in [TableKind.addi, .blake3, .offer24] {
                var changed = heights
                changed[kind.rawValue] = height
                #expect(throws: ClaimError.self, "\(kind): \(height)") { try statement(claim, changed) }
            }
        }
        #expect(throws: ClaimError.self) { try statement(claim, none.map { _ in Int.max }) }
    }

    /// Offers stand for at most 2^25 fetches, whatever their powers.
    @Test func offersAreBounded() throws {
        let (claim, _) = try honest(), limit = SegmentVerifierRules.offerLimit
        for power in 0..<TableKind.countBits {
            var heights = none
            heights[TableKind.offer(power).rawValue] = limit >> power
            _ = try statement(claim, heights)
            heights[TableKind.offer(power).rawValue] = limit >> power + 1
            #expect(throws: ClaimError.offers(limit: limit, got: limit + 1 << power)) {
                try statement(claim, heights)
            }
        }
        // Each below the limit, the sum above it.
        var heights = none
        heights[TableKind.offer24.rawValue] = 1
        heights[TableKind.offer23.rawValue] = 1
        heights[TableKind.offer0.rawValue] = 1 << 23 + 1
        #expect(throws: ClaimError.offers(limit: limit, got: limit + 1)) { try statement(claim, heights) }
    }
}
