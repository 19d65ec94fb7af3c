import BinaryFields
import ClusterKit
import Execution
import Foundation
import Machine
import Pipeline
import ProverService
import Receipts
import ServiceCommon

/// The pipeline over a real broker, with real processes, against what it would take without it.
///
///     sheaf-bench pipeline [overhead|join|redundancy|scale]
///
/// The broker is the one that SHEAF_TEST_BROKERS names, or one started from ../shared/kafka. Executables are those beside
/// this one, so build all of them first.
enum PipelineBenchmark {
    static let parts: [(name: String, run: @Sendable (KafkaServer) throws -> Void)] = [
        ("overhead", { try overhead($0) }), ("join", { try join($0) }),
        ("redundancy", { try PipelineScaling.redundancy($0) }), ("scale", { try PipelineScaling.scale($0) }),
    ]

    static func run(_ arguments: [String]) throws {
        guard KafkaServer.isAvailable else {
            print("skipped: no SHEAF_TEST_BROKERS and no ../shared/kafka with Java")
            return
        }
        print(Measurement.machine)
        let server = try KafkaServer()
        for part in parts where arguments.isEmpty || arguments.contains(part.name) { try part.run(server) }
    }

    /// A job of 32 segments of 2^18 cycles through all services, and the same segments proved back to back.
    private static func overhead(_ server: KafkaServer) throws {
        let elf = JobGuests.sum(words: UInt32(32 << 18) / 8 - 10_000)
        let program = try Program(elf: elf)
        let segmenter = try Segmenter(program: program, input: .empty, limitLog: 18)
        var segments: [Segment] = []
        while let step = segmenter.next() { segments.append(step.segment) }
        let prover = SegmentProver()
        _ = try prover.prove(segments[0])  // tables and memory are there from now on, as in a prover that has worked

        let direct = try seconds {
            for segment in segments { _ = try prover.prove(segment) }
        }
        let cluster = try Cluster(server)
        defer { cluster.close() }
        try cluster.startServices()
        try cluster.start("prover", "sheaf-prover", ["--lane", "home", "--node", "n", "--memory", "3500"])
        try finish(cluster, "warm", JobGuests.sum(segments: 1), limitLog2: 13)
        let started = ServiceContext.now
        let piped = try seconds { try finish(cluster, "job", elf, limitLog2: 18) }
        let events = try cluster.evidence(of: "job").events
        let proving = events.first { $0.what == .proving }?.time ?? 0
        let executed = events.last { $0.what == .runEnded }?.time ?? 0
        let settled = events.last { $0.what == .settled }?.time ?? 0
        print("\n\(segments.count) segments of 2^18 cycles, \(Threads.count) threads")
        print(format("  back to back              %8.2f s", direct))
        print(format("  through all services      %8.2f s, %+.1f %%", piped, 100 * (piped / direct - 1)))
        print(
            format(
                "  submitted, then: first proving %.2f s, run ended %.2f s, last settled %.2f s", proving - started,
                executed - started, settled - started))
    }

    /// A second process of one thread joins in the middle of a job.
    private static func join(_ server: KafkaServer) throws {
        let cluster = try Cluster(server)
        defer { cluster.close() }
        try cluster.startServices()
        try cluster.startProver("n1")
        try finish(cluster, "warm", JobGuests.sum(segments: 1), limitLog2: 13)
        try cluster.submit("job", JobGuests.sum(words: UInt32(40 << 18) / 8), limitLog2: 18)
        func settled() throws -> Int { try cluster.evidence(of: "job").count(.settled) }
        guard try eventually(within: 300, { try settled() >= 10 }) else { return print("the job does not come on") }
        let joined = ServiceContext.now
        try cluster.startProver("n2")
        guard cluster.result("job", within: 300)?.status == .done else { return print("the job is not done") }
        let events = try cluster.evidence(of: "job").events
        let times = events.filter { $0.what == .settled }.map(\.time)
        guard let first = events.first(where: { $0.what == .proving && $0.node == "n2" })?.time else {
            return print("the second prover was given nothing")
        }
        let before = times.filter { $0 < joined }.dropFirst()
        let after = times.filter { $0 > first + 2 }
        let rates = [before, after[...]].map { part in Double(part.count - 1) / ((part.last ?? 0) - (part.first ?? 0)) }
        print("\nA second prover of one thread joins")
        print(format("  given work after          %8.2f s", first - joined))
        print(
            format(
                "  segments of 2^18 a second %8.2f alone, %.2f with it: %.2f times", rates[0], rates[1],
                rates[1] / rates[0]))
    }

    // MARK: -

    static func finish(
        _ cluster: Cluster, _ job: String, _ elf: [UInt8], limitLog2: Int, redundancy: Int? = nil
    ) throws {
        try cluster.submit(job, elf, limitLog2: limitLog2, redundancy: redundancy)
        let result = cluster.result(job, within: 600)
        guard result?.status == .done else {
            throw PipelineBenchmarkError(description: "\(job): \(result?.reason ?? "no result")")
        }
    }

    static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        return (ContinuousClock.now - start) / .seconds(1)
    }

    static func format(_ text: String, _ values: Double...) -> String { String(format: text, arguments: values) }
}

struct PipelineBenchmarkError: Error, CustomStringConvertible {
    let description: String
}
