import ClusterKit
import Foundation
import Pipeline
import ServiceCommon

/// The pipeline over a real broker, with real processes, against what it would take without it.
///
///     sheaf-bench pipeline [overhead|join|redundancy|scale|speeds]
///
/// The broker is the one that SHEAF_TEST_BROKERS names, or one started from ../shared/kafka. Executables are those beside
/// this one, so build all of them first.
enum PipelineBenchmark {
    static let parts: [(name: String, run: @Sendable (KafkaServer) throws -> Void)] = [
        ("overhead", { try PipelineOverhead.run($0) }), ("join", { try join($0) }),
        ("redundancy", { try PipelineScaling.redundancy($0) }), ("scale", { try PipelineScaling.scale($0) }),
        ("speeds", { try PipelineScaling.speeds($0) }),
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
