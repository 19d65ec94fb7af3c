import BinaryFields
import Hashing
import Oracles
import ProofVectors
import Proving
import Tables
import Testing
import Verification

/// For each piece of the protocol a prover who plays it for a false claim, so that one check alone can tell.
struct CheatingProverTests {
    // MARK: The honest prover that they start from

    @Test(arguments: try VectorCases.honest) func theNaiveProofIsTheSpecifications(vector: VectorCase) throws {
        #expect(try NaiveProver(vector.statement, rows: rows(of: vector)).prove() == vector.proof)
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func theNaiveProofIsTheProvers(seed: UInt64) throws {
        let random = RandomSystem(seed: 1000 + seed)
        let statement = try random.statement(spare: Int(seed % 2))
        let layout = try Layout(statement)
        let rows = random.rows.enumerated().map { table, rows in
            let words = [UInt32](repeating: 0, count: statement.system.tables[table].width)
            let length = rows.isEmpty ? 0 : 1 << layout.tables[table].log
            return rows + [[UInt32]](repeating: words, count: length - rows.count)
        }
        let proof = try Prover(statement: statement, witness: try random.witness(statement)).prove()
        #expect(try NaiveProver(statement, rows: rows).prove() == proof, "seed \(1000 + seed)")
    }

    // MARK: Messages

    /// In whatever layer it is that the lie ends, there it is found; if it does not end there, the columns say it.
    @Test func falseProductsAreFoundInEachLayer() throws {
        let (statement, rows) = try unbalanced()
        let leafLog = try Layout(statement).leafLog
        for layer in 1...leafLog {
            let error = try refusal(of: Liar(statement, rows: rows, honestFrom: layer))
            switch error {
            case .productLayer(let found, _, _): #expect(found == layer && layer < leafLog)
            case .columns: #expect(layer == leafLog)
            default: Issue.record("\(error)")
            }
        }
    }

    // MARK: Constraints, rows and columns

    @Test func aFalseUnivariateRoundIsFoundInTheColumns() throws {
        let (statement, rows) = try broken()
        guard case .columns = try refusal(of: Denier(statement, rows: rows)) else {
            Issue.record()
            return
        }
    }

    @Test(arguments: [true, false]) func falseOperandsAreFoundInTheColumns(isFirst: Bool) throws {
        let (statement, rows) = try broken()
        let error = try refusal(of: Unbound(statement, rows: rows, isFirst: isFirst))
        guard case .columns = error else {
            Issue.record("\(error)")
            return
        }
    }

    // MARK: Ring switch and opening

    @Test(arguments: [0, 1, 31, 32, 63]) func falseBitsAreFoundInTheOpening(bit: Int) throws {
        let (statement, rows) = try broken()
        let error = try refusal(of: Twister(statement, rows: rows, bit: bit))
        guard case .opening = error else {
            Issue.record("\(error)")
            return
        }
    }

    /// The last level's array is the one in clear.
    @Test(arguments: 1...3) func anotherArrayIsFoundByTheQueriesOfTheLevelBefore(level: Int) throws {
        let (statement, rows) = try broken()
        for cheat in [
            try Switcher(statement, rows: rows, level: level), try Unqueried(statement, rows: rows, level: level),
        ] {
            let error = try refusal(of: cheat)
            guard case .opening = error else {
                Issue.record("\(type(of: cheat)): \(error)")
                return
            }
        }
    }

    @Test(arguments: 1...3) func columnsMadeToFitAreNotUnderTheRoot(level: Int) throws {
        let (statement, rows) = try broken()
        let cheat = try Fabricator(statement, rows: rows, level: level)
        let error = try refusal(of: cheat)
        guard case .transcript(.merkleRoot) = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test(arguments: 0..<3) func anotherRootIsNotThatOfTheColumns(level: Int) throws {
        let (statement, rows) = try honest()
        let error = try refusal(of: Forger(statement, rows: rows, level: level))
        guard case .transcript(.merkleRoot) = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test(arguments: 1..<3) func aFalseValueOutOfTheDomainIsFoundInTheOpening(level: Int) throws {
        let (statement, rows) = try honest()
        let error = try refusal(of: Outsider(statement, rows: rows, level: level))
        guard case .opening = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test(arguments: 0..<3) func everyLevelGrinds(level: Int) throws {
        let (statement, rows) = try honest()
        let error = try refusal(of: Idler(statement, rows: rows, level: level))
        guard case .transcript(.grinding) = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func aFalseWeightIsFoundAtItsPoint() throws {
        let (statement, rows) = try broken()
        let error = try refusal(of: Weigher(statement, rows: rows))
        guard case .weight = error else {
            Issue.record("\(error)")
            return
        }
    }

    // MARK: Statements

    private func refusal(of cheat: NaiveProver) throws -> VerificationError {
        let proof = cheat.prove()
        return try #require(throws: VerificationError.self, "\(type(of: cheat))") {
            try Verifier(cheat.system).verify(cheat.statement, proof: proof)
        }
    }

    private func honest() throws -> (Statement, [[[UInt32]]]) {
        let vector = try #require(try VectorCases.honest.first { $0.name == "few queries" })
        return (vector.statement, rows(of: vector))
    }

    /// Breaks a constraint, but no message.
    private func broken() throws -> (Statement, [[[UInt32]]]) {
        var (statement, rows) = try honest()
        rows[0][4][4] ^= 1 << 7
        return (statement, rows)
    }

    private func unbalanced() throws -> (Statement, [[[UInt32]]]) {
        let (statement, rows) = try honest()
        var pushed = statement.boundary.pushed
        pushed[0][2] ^= 1
        return (
            Statement(
                record: statement.record, system: statement.system, heights: statement.heights,
                boundary: Boundary(pushed: pushed, pulled: statement.boundary.pulled), claim: statement.claim), rows
        )
    }

    /// As many rows as a run has.
    private func rows(of vector: VectorCase) -> [[[UInt32]]] {
        vector.statement.system.tables.enumerated().map { number, table in
            let words = vector.witness[number]
            let height = vector.statement.heights[number]
            let length = height == 0 ? 0 : 1 << ceilLog2(height)
            return (0..<length).map { row in
                (0..<table.width).map { row * table.width + $0 < words.count ? words[row * table.width + $0] : 0 }
            }
        }
    }
}
