import Hashing
import Oracles
import ProofVectors
import Proving
import Tables
import Testing
import Verification

/// Random small systems of tables, proved by our prover.
struct RandomSystemTests {
    static let seeds: Range<UInt64> = 0..<(FuzzTests.heavy ? 10_000 : 200)

    @Test(arguments: RandomSystemTests.seeds) func honestOnesVerify(seed: UInt64) throws {
        let random = RandomSystem(seed: seed)
        #expect(random.holds, "seed \(seed): the system itself")
        let statement = try random.statement(spare: Int(seed % 3))
        var transcript = ProverTranscript(
            state: statement.transcriptState(try Layout(statement)), recording: true)
        try Prover(statement: statement, witness: try random.witness(statement)).prove(&transcript)
        let trace = try Verifier(statement.system).trace(statement, proof: transcript.proof)
        #expect(trace.schedule.merged == transcript.schedule?.merged, "seed \(seed): one schedule")
    }

    /// With one bit of the witness changed, the verifier says what the plain meaning of the statement says.
    @Test(arguments: RandomSystemTests.seeds) func aFlippedBitIsRefusedUnlessNothingReadsIt(seed: UInt64) throws {
        var random = RandomSystem(seed: seed)
        guard random.flipBit() else { return }
        let statement = try random.statement()
        let proof = try Prover(statement: statement, witness: try random.witness(statement)).prove()
        let verifier = Verifier(statement.system)
        if random.holds {
            try verifier.verify(statement, proof: proof)
        } else {
            #expect(throws: VerificationError.self, "seed \(seed)") { try verifier.verify(statement, proof: proof) }
        }
    }

    @Test(arguments: RandomSystemTests.seeds) func anotherMessageOrByteIsRefused(seed: UInt64) throws {
        let random = RandomSystem(seed: seed)
        let statement = try random.statement()
        let witness = try random.witness(statement)
        let verifier = Verifier(statement.system)
        var generator = SeededGenerator(seed: seed)

        var messages = random.boundary.pulled
        let place = Int(generator.next() % UInt64(messages.count))
        messages[place][Int(generator.next() % 4)] ^= 1 << UInt32(generator.next() % 32)
        let changed = try random.statement(boundary: Boundary(pushed: random.boundary.pushed, pulled: messages))
        let forged = try Prover(statement: changed, witness: witness).prove()
        let error = try #require(throws: VerificationError.self, "seed \(seed)") {
            try verifier.verify(changed, proof: forged)
        }
        guard case .unbalanced = error else {
            Issue.record("seed \(seed): \(error)")
            return
        }

        var proof = try Prover(statement: statement, witness: witness).prove()
        proof[Int(generator.next() % UInt64(proof.count))] ^= 1 << UInt8(generator.next() % 8)
        #expect(throws: VerificationError.self, "seed \(seed)") { try verifier.verify(statement, proof: proof) }
    }
}
