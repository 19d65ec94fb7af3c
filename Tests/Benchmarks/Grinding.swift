import BinaryFields
import Foundation
import Proving
import Statements
import Verification

/// `sheaf-bench grinding [LOG2 [RUNS]]`: 2^LOG2 compressions of BLAKE3 (14 at first) proved under the record of their class,
/// but with other bits of grinding and the queries that then reach the target: what a bit costs, and what it saves. One
/// thread, processor time, the least of RUNS runs.
enum GrindingBenchmark {
    static func run(_ arguments: [String]) throws {
        let log = arguments.first.flatMap { Int($0) } ?? 14
        let runs = arguments.dropFirst().first.flatMap { Int($0) } ?? 5
        guard (4...20).contains(log), runs > 0 else { return print("LOG2 is 4 to 20, RUNS at least 1") }
        print(Measurement.machine, "\(InstructionSet.current)")
        let used = Threads.count
        Threads.count = 1
        defer { Threads.count = used }
        print("bits  queries                 proof bytes   opening ms   prove ms   verify ms")
        for bits in [0, 10, 14, 16, 18, 20, 22] {
            let example = try CompressionStatement(compressions: 1 << log, grinding: bits)
            var (opening, all, proof) = (Double.infinity, Double.infinity, [UInt8]())
            for _ in 0..<runs {
                let prover = try Prover(statement: example.statement, witness: example.witness)
                let start = Measurement.processorSeconds()
                var last = start
                proof = prover.prove { step, _ in
                    let now = Measurement.processorSeconds()
                    if step == .opening { opening = min(opening, now - last) }
                    last = now
                }
                all = min(all, last - start)
            }
            let verifier = Verifier(example.system)
            try verifier.verify(example.statement, proof: proof)
            let verifying = Measurement.nanoseconds { try? verifier.verify(example.statement, proof: proof) }
            let queries = example.statement.record.queries.map(String.init).joined(separator: ", ")
            print(
                String(format: "%4d  ", bits) + queries.padding(toLength: 23, withPad: " ", startingAt: 0)
                    + String(
                        format: "%12d %12.1f %10.1f %11.2f", proof.count, opening * 1e3, all * 1e3, verifying * 1e-6))
        }
    }
}
