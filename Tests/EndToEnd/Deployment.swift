import AggregatorService
import ExecutorService
import Foundation
import IngestService
import Messaging
import Pipeline
import ProverService
import Receipts
import ServiceCommon
import ServiceKit
import Synchronization
import VerifierService

/// The five services over an embedded broker, each in a group of its own, so that each can end and start again.
final class Deployment: Sendable {
    struct Lane: Sendable {
        var name: String
        /// As many nodes as there are provers.
        var provers: [ProverService.Prove]
    }

    struct Plan: Sendable {
        var lanes: [Lane]
        var verify: CheckService.Verify = StandIn.verify
        var add: AggregatorService.Add = StandIn.link
        var settings: Dispatcher.Settings = {
            var settings = Dispatcher.Settings()
            settings.silence = 1.5
            settings.resend = 0.5
            settings.leastAllowance = 2
            settings.unknownAllowance = 2
            return settings
        }()
        var executor = ExecutorService.Configuration()
        var bodyGrace = 60.0
        /// How long ids are known after their jobs' deadlines: seconds.
        var memory = 86_400.0
        /// How long they rest after that: seconds.
        var rest = 60.0

        /// One lane of one's own.
        init(_ provers: ProverService.Prove...) { lanes = [Lane(name: "home", provers: provers)] }
        init(lanes: [Lane]) { self.lanes = lanes }
    }

    private struct Running {
        let group: ServiceGroup
        let ended: DispatchGroup
    }

    private static let quiet = Logger(
        label: "test", logLevel: .critical, format: .text, destination: StandardErrorLog())

    let topics = Topics()
    private let plan: Plan
    private let path: String?
    private let state: Mutex<(broker: EmbeddedBroker, running: [String: Running])>

    /// - Parameter path: the broker's file, which outlives it; nil: in memory.
    init(_ plan: Plan, path: String? = nil) throws {
        self.plan = plan
        self.path = path
        state = Mutex((try EmbeddedBroker(path.map { .file($0) } ?? .memory), [:]))
        try topics.create(on: broker, lanes: try plan.lanes.map { try Deployment.lane($0.name) })
        start()
    }

    static func lane(_ name: String) throws -> LaneName {
        guard let lane = LaneName(name) else { throw MessageError.invalid(field: "lane", value: name) }
        return lane
    }

    var broker: EmbeddedBroker { state.withLock { $0.broker } }
    var services: [String] { state.withLock { $0.running.keys.sorted() } }

    // MARK: Services

    private func makeServices() throws -> [(name: String, service: any Service)] {
        let logger = Deployment.quiet
        let context = ServiceContext(broker: broker, topics: topics, instance: "test", logger: logger)
        var services: [(String, any Service)] = [
            ("ingest", IngestService(context, memory: plan.memory, rest: plan.rest)),
            ("executor", ExecutorService(context, plan.executor)),
            ("verifier", CheckService(context, verify: plan.verify)),
            ("dispatcher", DispatchService(context, settings: plan.settings, bodyGrace: plan.bodyGrace)),
            ("aggregator", AggregatorService(context, add: plan.add)),
        ]
        for lane in plan.lanes {
            for (number, prove) in lane.provers.enumerated() {
                var configuration = ProverService.Configuration(
                    lane: try Self.lane(lane.name), node: "n\(number)", maximumStackLog2: 28)
                configuration.readyInterval = 0.3
                services.append(
                    ("prover.\(lane.name).\(number)", ProverService(context, configuration, prove: prove)))
            }
        }
        return services
    }

    /// Starts what does not run.
    func start() {
        guard let services = try? makeServices() else { return }
        for (name, service) in services {
            state.withLock { state in
                guard state.running[name] == nil else { return }
                var configuration = ServiceGroup.Configuration(
                    services: [service], logger: Deployment.quiet)
                configuration.gracefulShutdownSignals = []
                configuration.maximumGracefulShutdownDuration = nil
                let running = Running(group: ServiceGroup(configuration: configuration), ended: DispatchGroup())
                DispatchQueue(label: name).async(group: running.ended) { try? running.group.run() }
                state.running[name] = running
            }
        }
    }

    /// Ends services as SIGTERM does, and waits for them.
    func end(_ names: [String]) {
        let ending = state.withLock { state in names.compactMap { state.running.removeValue(forKey: $0) } }
        for running in ending { running.group.shutdown.request(reason: "test") }
        for running in ending { running.ended.wait() }
    }

    /// Ends services and starts them again.
    func restart(_ names: String...) {
        end(names)
        start()
    }

    /// What kill -9 does to a process that holds broker and services: nothing is committed any more, from one instant
    /// to the next. Then all is there again, from the file.
    ///
    /// - Parameter inspect: sees the broker before the services do.
    func crash(_ inspect: () throws -> Void = {}) throws {
        broker.close()
        end(services)
        let reopened = try EmbeddedBroker(path.map { .file($0) } ?? .memory)
        state.withLock { $0.broker = reopened }
        try inspect()
        start()
    }

    /// Ends everything. Call it when the test is done.
    func close() {
        end(services)
        broker.close()
    }

    // MARK: Users

    func client() throws -> JobClient { try JobClient(broker, topics: topics) }

    /// Publishes a job with its program and input in the message.
    func submit(
        _ id: String, _ elf: [UInt8], input: [UInt8] = [], redundancy: Int? = nil, cycleLimit: UInt64? = nil
    ) throws {
        let client = try client()
        defer { client.close() }
        try client.submit(
            Job(
                id: id, programBase64: Data(elf).base64EncodedString(), inputBase64: Data(input).base64EncodedString(),
                limitLog2: 13, redundancy: redundancy, cycleLimit: cycleLimit))
    }

    func publish(_ topic: String, key: String? = nil, _ text: String, headers: [Header] = []) throws {
        let producer = try broker.makeProducer()
        defer { producer.close() }
        try producer.produceAndWait(OutgoingRecord(topic: topic, key: key, text: text, headers: headers))
    }

    /// The job's result, when it comes within so many seconds.
    func result(_ job: String, within seconds: Double = 30) throws -> JobResult? {
        let client = try client()
        defer { client.close() }
        return try client.follow(job, patience: seconds) { _ in true }
    }

    func receipt(_ result: JobResult) throws -> [UInt8]? {
        let client = try client()
        defer { client.close() }
        return try result.receipt.map(client.fetch)
    }

    // MARK: What stands in the topics

    func records(_ topic: String) throws -> [Record] {
        var records: [Record] = []
        let partitions = try broker.topics(.named(topic)).flatMap(\.topicPartitions)
        try broker.readAll(partitions) { records.append($0) }
        return records
    }

    func messages<Message: ControlMessage>(_ topic: String, _: Message.Type) throws -> [Message] {
        try records(topic).compactMap { $0.value.flatMap { try? Message.decoded($0) } }
    }

    func results(of job: String) throws -> [JobResult] {
        try messages(topics.results, JobResult.self).filter { $0.id == job }
    }

    func events(of job: String) throws -> [JobEvent] {
        try messages(topics.events, JobEvent.self).filter { $0.job == job }
    }

    func deadLetters() throws -> [DeadLetter] { try messages(topics.deadletters, DeadLetter.self) }

    func settlements(of job: String) throws -> [Settlement] {
        try records(topics.settled).filter { $0.keyText.flatMap { TaskID(key: $0) }?.job == job }
            .compactMap { try $0.value.map { try Settlement.decoded($0) } }
    }

    /// The claims of tasks that have a receipt.
    func settledClaims() throws -> Set<[UInt8]> {
        let settled = Set(
            try records(topics.settled).compactMap { record in
                record.keyText.flatMap { TaskID(key: $0) }
            })
        return Set(
            try messages(topics.tasks, TaskMessage.self).filter { settled.contains($0.task) }
                .compactMap { bytes(ofHex: $0.claim) })
    }

    /// How much stands in a topic: records between the watermarks, the ends of transactions counted too.
    func recordsKept(_ topic: String) throws -> Int64 {
        try broker.topics(.named(topic)).flatMap(\.topicPartitions).reduce(0) { sum, partition in
            let kept = try broker.watermarks(partition)
            return sum + kept.high - kept.low
        }
    }

    /// What happened to a job, for a test that does not understand it: its events, and what lanes have left.
    func account(of job: String) throws -> String {
        let events = try events(of: job)
        let lines = events.map { event in
            let seconds = ((event.time - (events.first?.time ?? 0)) * 1000).rounded() / 1000
            let subject = [event.task?.description, event.lane?.text, event.node, event.reason].compactMap { $0 }
            return "\(seconds) \(event.what.rawValue) \(subject.joined(separator: " "))"
        }
        let credits = try messages(topics.dispatch, DispatchRecord.self).compactMap(\.lane)
            .map { "\($0.lane.text) \($0.credit.points)" }
        return (lines + credits).joined(separator: "\n")
    }

    /// A lane's credit as the dispatcher last wrote it down.
    func credit(_ lane: String) throws -> LaneCredit? {
        try messages(topics.dispatch, DispatchRecord.self).last { $0.lane?.lane.text == lane }?.lane?.credit
    }
}
