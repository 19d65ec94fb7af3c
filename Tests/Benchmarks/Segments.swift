import BinaryFields
import Execution
import Foundation
import Machine
import ProverService
import Receipts

/// Whole segments of the example guests, as `sheaf prove` proves them: trace, proof, receipt.
///
///     sheaf-bench segments [LIMIT as a power of two, 19 at first [RUNS, 3 at first [NAME of a guest …]]]
///
/// First each guest's first segment on the instruction set in use, with one thread and with all; then, of the first guest
/// named, every stage on every instruction set. Guests are read from .build/guests. Times are the least of RUNS runs, of
/// the processor where one thread runs, so that other programs do not count, else of the clock.
enum SegmentsBenchmark {
    static func run(_ arguments: [String]) throws {
        let limit = arguments.first.flatMap { Int($0) } ?? 19
        let runs = arguments.dropFirst().first.flatMap { Int($0) } ?? 3
        guard Segment.limits.contains(limit), runs > 0 else { return print("LIMIT is 13 to 24, RUNS at least 1") }
        let named = Array(arguments.dropFirst(2))
        let segments = try (named.isEmpty ? ["sha256", "ledger", "json", "matrix", "sort", "fibonacci"] : named)
            .compactMap { name in try segment(of: name, limit: limit).map { (name: name, segment: $0) } }
        guard let first = segments.first else { return print("no guests in .build/guests: make build") }
        let used = (InstructionSet.current, Threads.count)
        defer {
            InstructionSet.select(used.0)
            Threads.count = used.1
        }
        print("\(Measurement.machine); limit 2^\(limit), least of \(runs) runs")
        print(
            "\(used.0): thousand cycles a second with one thread and with \(used.1); paging and code in % of the time")
        print(
            Measurement.heading(
                "", ["cycles", "1", "\(used.1)", "ratio", "bits/cycle", "pages", "paging", "code", "trace %", "kB"]))
        for (name, segment) in segments { try print(row(name, segment, threads: used.1, runs: runs)) }
        try stages(first.name, first.segment, upTo: used.0, threads: used.1, runs: runs)
    }

    static func segment(of name: String, limit: Int) throws -> Segment? {
        let base = URL(fileURLWithPath: ".build/guests").appendingPathComponent(name)
        guard let elf = try? Data(contentsOf: base.appendingPathExtension("elf")) else { return nil }
        let input = (try? Data(contentsOf: base.appendingPathExtension("input"))).map {
            InputStream(bytes: [UInt8]($0))
        }
        let program = try Program(elf: [UInt8](elf))
        return try Segmenter(program: program, input: input ?? .empty, limitLog: limit).next()?.segment
    }

    private static func row(_ name: String, _ segment: Segment, threads: Int, runs: Int) throws -> String {
        let one = try Times(segment, threads: 1, runs: runs), all = try Times(segment, threads: threads, runs: runs)
        let cycles = Double(segment.cycles), heights = one.receipt.heights
        let bits = TableKind.allCases.reduce(0) { $0 + 32 * $1.words * heights[$1.rawValue] }
        let trace = one.seconds(.replay) + one.seconds(.fill)
        return Measurement.row(
            name,
            [
                cycles, cycles / one.total * 1e-3, cycles / all.total * 1e-3, one.total / all.total,
                Double(bits) / cycles, Double(segment.pages.count), 100 * one.share(\.isPaging),
                100 * one.share(\.isCode), 100 * trace / one.total, Double(one.receipt.encodedCount) * 1e-3,
            ])
    }

    private static func stages(
        _ name: String, _ segment: Segment, upTo best: InstructionSet, threads: Int, runs: Int
    ) throws {
        let cycles = Double(segment.cycles)
        let columns = InstructionSet.available.filter { $0 <= best }
            .flatMap { set in (threads > 1 ? [1, threads] : [1]).map { (set, $0) } }
        let times = try columns.map { set, count in
            InstructionSet.select(set)
            return try Times(segment, threads: count, runs: runs)
        }
        print("\n\(name), \(segment.cycles) cycles: ns a cycle by stage, instruction set and threads")
        print(Measurement.heading("", columns.map { "\($0.0) \($0.1)" }))
        for stage in SegmentProver.Stage.allCases {
            print(Measurement.row("\(stage)", times.map { $0.seconds(stage) / cycles * 1e9 }))
        }
        print(Measurement.row("all", times.map { $0.total / cycles * 1e9 }))
        print(Measurement.row("thousand cycles a second", times.map { cycles / $0.total * 1e-3 }))
        print("one receipt in all: \(times.allSatisfy { $0.receipt == times[0].receipt })")
    }

    /// The least times of some runs.
    private struct Times {
        private var stages: [SegmentProver.Stage: Double] = [:]
        private(set) var total = Double.infinity
        let receipt: SegmentReceipt

        init(_ segment: Segment, threads: Int, runs: Int) throws {
            Threads.count = threads
            func now() -> Double {
                threads == 1
                    ? Measurement.processorSeconds() : Double(DispatchTime.now().uptimeNanoseconds) * 1e-9
            }
            var last: SegmentReceipt?
            for _ in 0..<runs {
                let start = now()
                var before = start
                var run: [SegmentProver.Stage: Double] = [:]
                last = try SegmentProver().prove(segment) { stage in
                    let time = now()
                    run[stage] = time - before
                    before = time
                }
                total = min(total, now() - start)
                for (stage, time) in run { stages[stage] = min(stages[stage] ?? .infinity, time) }
            }
            guard let last else { preconditionFailure("at least one run") }
            receipt = last
            try SegmentVerifier.standard.verify(receipt)
        }

        func seconds(_ stage: SegmentProver.Stage) -> Double { stages[stage] ?? 0 }

        /// The share of some tables in the time of all stages: of each stage as in what it works on, which is messages,
        /// ANDs, or words; of the replay, as in words.
        func share(_ isOne: (TableKind) -> Bool) -> Double {
            func part(_ cost: (TableKind) -> Int) -> Double {
                let all = TableKind.allCases.map { (isOne($0), Double(receipt.heights[$0.rawValue] * cost($0))) }
                return all.filter(\.0).reduce(0) { $0 + $1.1 } / all.reduce(0) { $0 + $1.1 }
            }
            let (words, ands, messages) = (part(\.entries), part(\.constraints), part(\.messages))
            let shares = stages.map { stage, seconds in
                switch stage {
                case .proof(.messages): seconds * messages
                case .proof(.constraints), .proof(.pairs): seconds * ands
                default: seconds * words
                }
            }
            return shares.reduce(0, +) / stages.values.reduce(0, +)
        }
    }
}

extension TableKind {
    /// Opening and closing pages, nodes and registers, with their hashes.
    fileprivate var isPaging: Bool { rawValue >= TableKind.blake3.rawValue }
    /// Rows of code and their offers.
    fileprivate var isCode: Bool { (TableKind.code.rawValue..<TableKind.blake3.rawValue).contains(rawValue) }
}
