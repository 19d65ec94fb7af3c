import AggregatorService
import BinaryFields
import ExecutorService
import Foundation
import IngestService
import Messaging
import Pipeline
import ProverService
import ServiceCommon
import ServiceKit
import VerifierService

/// The five services in this process, over the embedded broker: the same code as on a cluster, with no server at all.
struct LocalPipeline {
    let broker: any Broker
    let topics = Topics()
    private let group: ServiceGroup
    private let running = DispatchGroup()
    static let lane = LaneName("local")

    /// - Parameters:
    ///   - state: the directory in which a run that was ended goes on; nil: in memory.
    ///   - memory: what proofs may use: bytes.
    init(state: String?, memory: Int) throws {
        if let state { try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true) }
        broker = try EmbeddedBroker(state.map { .file($0 + "/broker.sqlite") } ?? .memory)
        guard let lane = Self.lane else { throw ValidationError("no lane") }
        try topics.create(on: broker, lanes: [lane])
        var logger = Logger(label: "sheaf")
        logger.logLevel = .warning
        let context = ServiceContext(broker: broker, topics: topics, instance: "local", logger: logger)
        let prover = ProverService.Configuration(
            lane: lane, node: "local", maximumStackLog2: SegmentProver.largestClass(memory: memory))
        var configuration = ServiceGroup.Configuration(
            services: [
                IngestService(context), ExecutorService(context),
                ProverService(context, prover, prove: SegmentProver().prove),
                CheckService(context, verify: verifySegmentReceipt), DispatchService(context),
                AggregatorService(context),
            ], logger: logger)
        configuration.gracefulShutdownSignals = []  // Ctrl-C ends the process; with --state, the job goes on next time
        group = ServiceGroup(configuration: configuration)
    }

    /// Runs the services until `body` returns.
    func run<Result>(_ body: (JobClient, ShutdownSignal) throws -> Result) throws -> Result {
        DispatchQueue(label: "sheaf.services").async(group: running) { [group] in try? group.run() }
        defer {
            group.shutdown.request(reason: "done")
            running.wait()
            broker.close()
        }
        let client = try JobClient(broker, topics: topics)
        defer { client.close() }
        return try body(client, group.shutdown)
    }
}
