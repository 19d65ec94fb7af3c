import BinaryFields
import Proving
import Testing
import Verification

extension ProvingTests {
    /// A proof depends on statement and witness alone.
    @Suite struct SameBytesTests {
        /// Heights such that work is cut in several pieces everywhere, some of them not whole.
        @Test(arguments: [(9000, 4500), (1025, 70), (5, 2049)]) func atAnyThreadCountOnAnyISA(rows: Int, others: Int)
            throws
        {
            let sample = try SampleStatement(rows: rows, others: others)
            let prover = try sample.prover()
            let proof = prover.prove()
            try Verifier(sample.statement.system).verify(sample.statement, proof: proof)
            let threads = Threads.count
            defer { Threads.count = threads }
            onEveryInstructionSet { set in
                for count in [1, 2, 5] {
                    Threads.count = count
                    #expect(prover.prove() == proof, "\(set), \(count) threads")
                }
            }
        }
    }
}
