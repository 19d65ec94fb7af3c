import BinaryFields
import ClusterKit
import Execution
import Foundation
import Machine
import Pipeline
import ProverService
import Receipts
import ServiceCommon

/// A job of 32 segments of 2^18 cycles through all services, and the same segments proved back to back by the same prover
/// with the same threads: in turns, since the speed of a machine changes by the minute, after one job that nobody counts.
enum PipelineOverhead {
    private static let rounds = 5

    /// One turn: seconds on the clock and of the processor.
    private struct Turn {
        var direct = 0.0, directProcessor = 0.0
        var piped = 0.0
        /// By process, while the job went through, and while nothing did.
        var busy: [String: Double] = [:], idle: [String: Double] = [:]
        var job = ""
        var submitted = 0.0, resulted = 0.0

        var ratio: Double { piped / direct }
    }

    static func run(_ server: KafkaServer) throws {
        let elf = JobGuests.sum(words: UInt32(32 << 18) / 7 - 10_000)
        let segmenter = try Segmenter(program: try Program(elf: elf), input: .empty, limitLog: 18)
        var segments: [Segment] = []
        while let step = segmenter.next() { segments.append(step.segment) }
        let cluster = try Cluster(server)
        defer { cluster.close() }
        try cluster.startServices()
        try cluster.start("prover", "sheaf-prover", ["--lane", "home", "--node", "n", "--memory", "3500"])
        try PipelineBenchmark.finish(cluster, "warm", elf, limitLog2: 18)
        let prover = SegmentProver()
        _ = try prover.prove(segments[0])  // tables and memory are there from now on, as in a prover that has worked

        print("\n\(segments.count) segments of 2^18 cycles, \(Threads.count) threads: seconds")
        print("  back to back    through all services")
        var turns: [Turn] = []
        for number in 1...rounds {
            let turn = try turn(number, segments, elf, prover, cluster, server)
            turns.append(turn)
            print(
                PipelineBenchmark.format(
                    "  %12.2f    %12.2f    %+6.1f %%", turn.direct, turn.piped, 100 * (turn.ratio - 1)))
        }
        turns.sort { $0.ratio < $1.ratio }
        let median = turns[rounds / 2]
        print(PipelineBenchmark.format("  median                          %+6.1f %%", 100 * (median.ratio - 1)))
        printProcessors(turns)
        try printTimeline(median, cluster)
    }

    private static func turn(
        _ number: Int, _ segments: [Segment], _ elf: [UInt8], _ prover: SegmentProver, _ cluster: Cluster,
        _ server: KafkaServer
    ) throws -> Turn {
        func processors() -> [String: Double] {
            var seconds = cluster.processorSeconds
            seconds["broker"] = server.processorSeconds
            return seconds
        }
        func since(_ before: [String: Double]) -> [String: Double] {
            processors().merging(before) { $0 - $1 }
        }
        var turn = Turn(job: "job\(number)")
        var before = processors()
        let own = processorSeconds(of: getpid()) ?? 0
        turn.direct = try PipelineBenchmark.seconds {
            for segment in segments { _ = try prover.prove(segment) }
        }
        turn.directProcessor = (processorSeconds(of: getpid()) ?? 0) - own
        turn.idle = since(before)
        before = processors()
        turn.submitted = ServiceContext.now
        turn.piped = try PipelineBenchmark.seconds {
            try PipelineBenchmark.finish(cluster, turn.job, elf, limitLog2: 18)
        }
        turn.resulted = ServiceContext.now
        turn.busy = since(before)
        return turn
    }

    private static func printProcessors(_ turns: [Turn]) {
        func mean(_ value: (Turn) -> Double) -> Double { turns.reduce(0) { $0 + value($1) } / Double(turns.count) }
        print("  processor seconds, mean: in the job; while the segments are proved back to back")
        print(PipelineBenchmark.format("    back to back         %6.2f", mean(\.directProcessor)))
        for name in Set(turns.flatMap(\.busy.keys)).sorted() {
            let padded = name.padding(toLength: 12, withPad: " ", startingAt: 0)
            print(
                "    \(padded)"
                    + PipelineBenchmark.format(
                        " %6.2f  %6.2f", mean { $0.busy[name] ?? 0 }, mean { $0.idle[name] ?? 0 }))
        }
    }

    /// What happened when in a job: seconds from its submission.
    private static func printTimeline(_ turn: Turn, _ cluster: Cluster) throws {
        let events = try cluster.evidence(of: turn.job).events
        func first(_ what: JobEvent.What) -> Double? { events.first { $0.what == what }?.time }
        func last(_ what: JobEvent.What) -> Double? { events.last { $0.what == what }?.time }
        let moments: [(String, Double?)] = [
            ("accepted", first(.accepted)), ("first segment", first(.executed)), ("first work", first(.proving)),
            ("run ended", first(.runEnded)), ("first settled", first(.settled)), ("last settled", last(.settled)),
            ("done", first(.done)), ("result read", turn.resulted),
        ]
        print("  the job of the median, from its submission")
        for (name, time) in moments {
            let padded = name.padding(toLength: 16, withPad: " ", startingAt: 0)
            print("    \(padded)" + PipelineBenchmark.format(" %6.2f", (time ?? .nan) - turn.submitted))
        }
    }
}
