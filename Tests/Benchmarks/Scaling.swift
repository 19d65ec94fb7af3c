import BinaryFields
import Foundation
import Machine
import ProverService
import Proving
import Statements

/// What a second thread gains, stage by stage, beside what the machine lets it gain.
///
///     sheaf-bench scaling [RUNS, 7 at first [NAME of a guest, sha256 at first]]
///
/// Runs with one thread and with all take turns, all times are of the clock: the least of each and their ratio, the
/// medians' ratio, and the processor time that all threads take over that of one, which is above 1 where they wait for
/// memory or for each other. The first rows are the ceiling: one copy of a loop beside as many as there are threads, once of
/// products in E on what fits the first cache, once reading memory. Stages between these two are bound by the memory's rate.
enum ScalingBenchmark {
    static func run(_ arguments: [String]) throws {
        let runs = arguments.first.flatMap { Int($0) } ?? 7
        let name = arguments.dropFirst().first ?? "sha256"
        let threads = Threads.available
        guard runs > 0, threads > 1 else { return print("RUNS is at least 1, and there must be two processors") }
        defer { Threads.count = threads }
        print("\(Measurement.machine), \(InstructionSet.current); turns of 1 and \(threads) threads, \(runs) each")
        let heading = ["1, ns", "\(threads), ns", "ratio", "of medians", "processor"]
        print(Measurement.heading("copies of a loop, a step", heading))
        for ceiling in ceilings() { report(ceiling.name, times(runs, threads, per: ceiling.steps, ceiling.run)) }

        let example = try CompressionStatement(compressions: 1 << 14)
        print(Measurement.heading("2^14 compressions, ns a compression", heading))
        let prover = try Prover(statement: example.statement, witness: example.witness)
        try stages(runs, threads, per: Double(example.compressions), Prover.Step.allCases.map(\.rawValue)) { done in
            _ = prover.prove { step, _ in done(step.rawValue) }
        }

        guard let segment = try SegmentsBenchmark.segment(of: name, limit: 19) else {
            return print("no guest \(name) in .build/guests: make build")
        }
        print(Measurement.heading("\(name), \(segment.cycles) cycles, ns a cycle", heading))
        let names = SegmentProver.Stage.allCases.map(\.description)
        try stages(runs, threads, per: Double(segment.cycles), names) { done in
            _ = try SegmentProver().prove(segment) { done($0.description) }
        }
    }

    // MARK: Ceilings

    private typealias Loop = (name: String, steps: Double, run: () -> Void)

    /// Loops that every thread runs a whole copy of; a step's time is that of all copies over all their steps.
    private static func ceilings() -> [Loop] {
        let vectors = (0..<Threads.available).map { _ in
            (a: EVector(1 << 9), b: EVector(1 << 9), large: KVector(1 << 23))
        }
        func copies(_ rounds: Int, _ body: @escaping @Sendable (Int) -> Void) -> () -> Void {
            {
                // As many copies as the machine has processors, on as many threads as are set.
                parallel(vectors.count, grain: 1) { for copy in $0 { for _ in 0..<rounds { body(copy) } } }
            }
        }
        let copies9 = Double(vectors.count) * 10_000 * 512
        let copies23 = Double(vectors.count) * 4 * Double(1 << 23)
        return [
            (
                "product in E", copies9,
                copies(10_000) { multiply(vectors[$0].a.span, vectors[$0].b.span, into: vectors[$0].a.span) }
            ),
            (
                "64 bits read from memory", copies23,
                copies(4) {
                    let large = vectors[$0].large
                    for start in stride(from: 0, to: large.count, by: 512) {
                        blackHole(innerProduct(vectors[$0].a.span, large[start..<start + 512]))
                    }
                }
            ),
        ]
    }

    @inline(never) private static func blackHole(_ element: E) { _ = element }

    // MARK: Times

    /// Of each turn: seconds of the clock and of the processor.
    private struct Times {
        var clock: [Double] = []
        var processor: [Double] = []

        var least: Double { clock.min() ?? .infinity }
        var median: Double { clock.sorted()[clock.count / 2] }
        var leastProcessor: Double { processor.min() ?? .infinity }
    }

    private static func now() -> (clock: Double, processor: Double) {
        (Double(DispatchTime.now().uptimeNanoseconds) * 1e-9, Measurement.processorSeconds())
    }

    private static func times(
        _ runs: Int, _ threads: Int, per steps: Double, _ body: () -> Void
    ) -> (one: Times, all: Times) {
        var (one, all) = (Times(), Times())
        for _ in 0..<runs {
            for count in [1, threads] {
                Threads.count = count
                let start = now()
                body()
                let end = now()
                let clock = (end.clock - start.clock) / steps * 1e9
                let processor = (end.processor - start.processor) / steps * 1e9
                if count == 1 {
                    one.clock.append(clock)
                    one.processor.append(processor)
                } else {
                    all.clock.append(clock)
                    all.processor.append(processor)
                }
            }
        }
        return (one, all)
    }

    private static func report(_ name: String, _ times: (one: Times, all: Times)) {
        let (one, all) = times
        print(
            Measurement.row(
                name,
                [
                    one.least, all.least, one.least / all.least, one.median / all.median,
                    all.leastProcessor / one.leastProcessor,
                ]))
    }

    private static func stages(
        _ runs: Int, _ threads: Int, per steps: Double, _ names: [String], _ body: ((String) -> Void) throws -> Void
    ) throws {
        var times: [String: (one: Times, all: Times)] = [:]
        func add(_ name: String, _ count: Int, _ start: (Double, Double), _ end: (Double, Double)) {
            var pair = times[name] ?? (Times(), Times())
            let (clock, processor) = ((end.0 - start.0) / steps * 1e9, (end.1 - start.1) / steps * 1e9)
            if count == 1 {
                pair.one.clock.append(clock)
                pair.one.processor.append(processor)
            } else {
                pair.all.clock.append(clock)
                pair.all.processor.append(processor)
            }
            times[name] = pair
        }
        for run in 0...runs {
            for count in [1, threads] {
                Threads.count = count
                let start = now()
                var last = start
                try body { name in
                    let time = now()
                    // The first turns are for the memory's pages.
                    if run > 0 { add(name, count, last, time) }
                    last = time
                }
                if run > 0 { add("all", count, start, now()) }
            }
        }
        for name in names + ["all"] { if let pair = times[name] { report(name, pair) } }
    }
}
