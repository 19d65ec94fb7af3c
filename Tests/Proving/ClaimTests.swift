import BinaryFields
import Oracles
import Proving
import Tables
import Testing
import Verification

/// The debug mode. It takes each claim from the rows, bit by bit and without any of the prover's shortcuts, so on honest
/// proofs it holds every step of the prover alone to a naive evaluation.
struct ClaimTests {
    @Test(arguments: [
        (0, 0), (0, 1), (1, 0), (1, 1), (2, 3), (3, 8), (7, 9), (8, 7), (9, 16), (15, 17), (31, 64), (63, 33), (64, 65),
        (65, 1), (200, 513), (1030, 40),
    ])
    func honestClaimsHold(rows: Int, others: Int) throws {
        let sample = try SampleStatement(rows: rows, others: others)
        let prover = try sample.prover()
        let proof = prover.prove()
        #expect(prover.firstWrongClaim(in: proof) == nil)
        try Verifier(sample.statement.system).verify(sample.statement, proof: proof)
    }

    /// One bit of a row changed: what it breaks is the first to be wrong.
    @Test(arguments: [
        // Words 0, 1, 3 and 4 of the first table are sent, word 2 is held by constraints alone; the second only pulls.
        (0, 2, Prover.Step.constraints), (0, 3, .messages), (0, 4, .messages), (1, 0, .messages), (1, 3, .messages),
        // The third pushes the square of what it pulls twice, so only its constraint can break.
        (2, 2, .constraints),
    ])
    func rowsThatBreakTheStatementAreNoticed(table: Int, word: Int, step: Prover.Step) throws {
        for (row, bit) in [(0, 0), (8, 31), (3, 16)] {
            let sample = try SampleStatement(rows: 20, others: 9)
            sample.witness[table: table, row: row, word: word] ^= 1 << UInt32(bit)
            let prover = try sample.prover()
            let proof = prover.prove()
            #expect(throws: VerificationError.self) {
                try Verifier(sample.statement.system).verify(sample.statement, proof: proof)
            }
            #expect(prover.firstWrongClaim(in: proof) == step, "row \(row), bit \(bit)")
        }
    }

    /// A changed byte makes the claim of its own step the first wrong one: steps come in order, and each of them comes.
    @Test func aWrongClaimIsNamed() throws {
        let sample = try SampleStatement(rows: 20, others: 9)
        let prover = try sample.prover()
        let proof = prover.prove()
        var steps: [Prover.Step] = []
        for position in stride(from: 32, to: proof.count, by: 24) {
            var changed = proof
            changed[position] ^= 1
            guard let step = prover.firstWrongClaim(in: changed), step != steps.last else { continue }
            steps.append(step)
        }
        #expect(steps == [.messages, .constraints, .rows, .columns, .ringSwitch, .opening, .weight])
    }
}
