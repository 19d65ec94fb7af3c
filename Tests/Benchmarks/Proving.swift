import BinaryFields
import Foundation
import Hashing
import Proving
import Statements
import Verification

/// `sheaf-bench proving [LOG2 [RUNS [ISA …]]]`: 2^LOG2 compressions of BLAKE3 (14 at first) proved on each instruction set
/// that is named, or on all, with one thread and with all, step by step; each time is the least of RUNS runs.
enum ProvingBenchmark {
    static func run(_ arguments: [String]) throws {
        let log = arguments.first.flatMap { Int($0) } ?? 14
        let runs = arguments.dropFirst().first.flatMap { Int($0) } ?? 3
        guard (4...20).contains(log), runs > 0 else { return print("LOG2 is 4 to 20, RUNS at least 1") }
        let example = try CompressionStatement(compressions: 1 << log)
        print(Measurement.machine)
        print("2^\(log) compressions, a stack of 2^\(example.statement.record.stackLog), least of \(runs) runs")
        print("processor time where one thread runs, so that other programs do not count; else time on the clock")
        let used = (InstructionSet.current, Threads.count)
        defer {
            InstructionSet.select(used.0)
            Threads.count = used.1
        }
        let threads = Threads.available > 1 ? [1, Threads.available] : [1]
        let named = Set(arguments.dropFirst(2))
        let columns = InstructionSet.available.filter {
            named.isEmpty ? $0 <= used.0 : named.contains($0.rawValue)
        }.flatMap { set in threads.map { (set, $0) } }
        guard !columns.isEmpty else {
            return print("ISA is one of", InstructionSet.available.map(\.rawValue).joined(separator: ", "))
        }
        let results = columns.map { set, count in
            InstructionSet.select(set)
            Threads.count = count
            return measure(example, runs: runs, processorTime: count == 1)
        }
        report(example, columns: columns, results)
        print(
            Measurement.row(
                "grand product of 2^22 factors, ns a factor",
                columns.map { set, count in
                    InstructionSet.select(set)
                    Threads.count = count
                    return grandProduct(runs: runs, processorTime: count == 1)
                }))
        try verify(example, proof: results[results.count - 1].proof)
    }

    private struct Result {
        /// Seconds.
        var steps: [Prover.Step: Double] = [:]
        var total = Double.infinity
        var proof: [UInt8] = []
    }

    private static func measure(_ example: CompressionStatement, runs: Int, processorTime: Bool) -> Result {
        let now = clock(processorTime: processorTime)
        var result = Result()
        for _ in 0..<runs {
            let start = now()
            var last = start
            // The statement was made with a layout that fits it.
            guard let prover = try? Prover(statement: example.statement, witness: example.witness) else { continue }
            result.proof = prover.prove { step, _ in
                let time = now()
                result.steps[step] = min(result.steps[step] ?? .infinity, time - last)
                last = time
            }
            result.total = min(result.total, now() - start)
        }
        return result
    }

    /// Nanoseconds a factor of a product tree over eight slots a side of 2^18 rows, all of them stored.
    private static func grandProduct(runs: Int, processorTime: Bool) -> Double {
        let (slotLog, rowLog) = (3, 18)
        var state = UInt64(1)
        func word() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
        let now = clock(processorTime: processorTime)
        return (0..<runs).reduce(Double.infinity) { least, _ in
            let columns = (0..<2).map { _ in
                (0..<1 << slotLog).map { _ in
                    let column = EVector(1 << rowLog)
                    for row in 0..<column.count { column[row] = E(word(), word(), word()) }
                    return column
                }
            }
            let start = now()
            var tree = GrandProduct(stored: columns, slotVariables: slotLog, rowVariables: rowLog)
            var transcript = ProverTranscript(state: .zero)
            _ = tree.prove(&transcript)
            return min(least, (now() - start) / Double(2 << (slotLog + rowLog)) * 1e9)
        }
    }

    private static func clock(processorTime: Bool) -> () -> Double {
        guard !processorTime else { return Measurement.processorSeconds }
        return { Double(DispatchTime.now().uptimeNanoseconds) * 1e-9 }
    }

    private static func report(
        _ example: CompressionStatement, columns: [(InstructionSet, Int)], _ results: [Result]
    ) {
        let count = Double(example.compressions)
        let bits = Double(64 * example.witness.layout.stackEnd)
        let ands = zip(example.system.tables, example.statement.heights).reduce(0.0) {
            $0 + Double(32 * $1.0.constraints.count * $1.1)
        }
        let factors = zip(example.system.tables, example.statement.heights).reduce(0.0) {
            $0 + Double(($1.0.pushes.count + $1.0.pulls.count) * $1.1)
        }
        func line(_ name: String, _ value: (Result) -> Double) {
            print(Measurement.row(name, results.map(value)))
        }
        print(Measurement.heading("", columns.map { "\($0.0.rawValue) \($0.1)" }))
        for step in Prover.Step.allCases {
            line("\(step.rawValue), us a compression") { ($0.steps[step] ?? 0) / count * 1e6 }
        }
        line("all, us a compression") { $0.total / count * 1e6 }
        line("thousand compressions a second") { count / $0.total * 1e-3 }
        line("encode and hash, ns a witness bit") { ($0.steps[.commitment] ?? 0) / bits * 1e9 }
        line("grand product, ns a factor") { ($0.steps[.messages] ?? 0) / factors * 1e9 }
        line("AND, ns a bit") { (($0.steps[.constraints] ?? 0) + ($0.steps[.pairs] ?? 0)) / ands * 1e9 }
        print(
            "proof: \(results[0].proof.count) bytes, the same in all: \(results.allSatisfy { $0.proof == results[0].proof })"
        )
        let peak = peakBytes()
        print(
            "peak memory of the process: \(peak >> 20) MiB, \(String(format: "%.1f", Double(8 * peak) / bits)) times the witness's bits"
        )
    }

    private static func verify(_ example: CompressionStatement, proof: [UInt8]) throws {
        let verifier = Verifier(example.system)
        var failure: (any Error)?
        let time = Measurement.nanoseconds {
            do { try verifier.verify(example.statement, proof: proof) } catch { failure = error }
        }
        if let failure { throw failure }
        print("verified in \(String(format: "%.2f", time * 1e-6)) ms")
    }

    private static func peakBytes() -> Int {
        let lines = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8))?.split(separator: "\n") ?? []
        let peak = lines.first { $0.hasPrefix("VmHWM") }?.split(separator: " ").compactMap { Int($0) }.first
        return (peak ?? 0) << 10
    }
}
