import Foundation
import Messaging
import Pipeline
import ServiceCommon
import ServiceKit
import Synchronization

/// Proves what it is given: untrusted, stateless, in no group.
///
/// One thread speaks with the broker: it says `ready`, takes orders, hands in receipts. Another proves, one task after the
/// other, and never touches the broker.
public final class ProverService: Service {
    public struct Configuration: Sendable {
        public var lane: LaneName
        /// Unique within the lane.
        public var node: String
        /// The largest class that memory holds: log₂ of the stack.
        public var maximumStackLog2: Int
        /// How often a sign of life is given: seconds.
        public var readyInterval = 3.0
        /// A proof that takes longer will never end: the process does. Seconds.
        public var proofLimit = 3600.0
        /// How long it may take until an order comes for a place that is free: seconds. So much work waits beside the task
        /// that is proved: one task, or more while proofs are shorter.
        public var orderDelay = 1.0
        /// How many tasks wait at most.
        public var mostWaiting = 4

        public init(lane: LaneName, node: String, maximumStackLog2: Int) {
            self.lane = lane
            self.node = node
            self.maximumStackLog2 = maximumStackLog2
        }
    }

    /// From a segment's bytes and the claim's to a receipt's; a stand-in in tests and benchmarks.
    public typealias Prove = @Sendable (_ segment: [UInt8], _ claim: [UInt8]) throws -> [UInt8]

    public let name = "prover"
    private let context: ServiceContext
    private let configuration: Configuration
    private let bench: Workbench

    private let handedIn = Counter(label: "sheaf_prover_receipts_total", help: "Receipts handed in")
    private let failed = Counter(label: "sheaf_prover_failures_total", help: "Tasks that could not be proved")
    private let cycleRate = Gauge(label: "sheaf_prover_cycles_per_second", help: "As last measured")

    public init(_ context: ServiceContext, _ configuration: Configuration, prove: @escaping Prove) {
        self.context = context
        self.configuration = configuration
        bench = Workbench(prove: prove)
    }

    public func run(until shutdown: ShutdownSignal) throws {
        let worker = Thread { [bench] in bench.work() }
        worker.name = "sheaf-proving"
        worker.stackSize = 16 << 20
        worker.start()
        defer { bench.close() }
        try supervise(until: shutdown, logger: context.logger) { try serve(until: shutdown) }
    }

    private func serve(until shutdown: ShutdownSignal) throws {
        let (broker, topics) = (context.broker, context.topics)
        let work = topics.work(configuration.lane)
        guard let topic = try broker.topics(.named(work)).first else {
            throw BrokerError(
                .unknownTopicOrPartition, "there is no topic \(work): `sheaf lanes add \(configuration.lane)` makes it",
                isRetriable: true)
        }
        let partition = NodePartition.of(configuration.node, partitions: topic.partitions)
        let orders = try broker.makeReader()
        defer { orders.close() }
        try orders.assign([TopicPartition(work, partition): .end])
        // Receipts that leave together must not exceed what the topic takes at once.
        var producing = ProducerConfiguration()
        producing.maximumMessageBytes = Int32(Topics.maximumReceiptBytes)
        let producer = try broker.makeProducer(producing)
        defer { producer.close(timeout: .seconds(10)) }
        let bodies = try BodyReader(broker)
        defer { bodies.close() }

        bench.handInAgain()  // a broker that was away may have lost what it was given last
        var lastReady = 0.0, lastFree = -1, saidFarewell = false
        while true {
            let leaving = shutdown.isRequested
            if leaving { bench.dropWaiting() }
            let finished = bench.takeFinished()
            for finished in finished { try handIn(finished, producer) }
            let state = bench.state
            if let since = state.provingSince, ServiceContext.now - since > configuration.proofLimit {
                context.logger.critical(
                    "a proof hangs", metadata: ["task": "\(state.holds.first.map(String.init(describing:)) ?? "")"])
                exit(3)
            }
            let free = leaving ? 0 : max(0, 1 + waiting(proofSeconds: state.proofSeconds) - state.open)
            let now = ServiceContext.now
            // What it takes up needs no word: whoever gave it knows.
            let isNews = free > lastFree || !finished.isEmpty || leaving != saidFarewell
            if isNews || now - lastReady >= configuration.readyInterval {
                let ready = Ready(
                    node: configuration.node, partition: partition, maximumStackLog2: configuration.maximumStackLog2,
                    cyclesPerSecond: state.cyclesPerSecond, holds: state.holds, free: free, leaving: leaving)
                try producer.produce(
                    OutgoingRecord(
                        topic: topics.receipts(configuration.lane), key: configuration.node, message: ready,
                        headers: [Header(RoutingHeader.kind, "ready"), Header(RoutingHeader.node, configuration.node)]))
                (lastReady, saidFarewell) = (now, leaving)
            }
            lastFree = free
            if leaving, state.open == 0, state.finished == 0 {
                try producer.flush(timeout: .seconds(10))
                return
            }
            // Short: a proof that is finished is handed in at once.
            for record in try orders.poll(timeout: .milliseconds(20)) { obey(record, bodies) }
        }
    }

    /// How many tasks wait beside the one that is proved.
    private func waiting(proofSeconds: Double) -> Int {
        guard proofSeconds > 0 else { return 1 }
        return Int(
            min(Double(configuration.mostWaiting), max(1, (configuration.orderDelay / proofSeconds).rounded(.up))))
    }

    private func obey(_ record: Record, _ bodies: BodyReader) {
        guard record.keyText == configuration.node, let value = record.value, let order = try? Work.decoded(value),
            order.node == configuration.node
        else { return }  // for another node of the lane
        switch order.order {
        case .drop: bench.drop(order.task)
        case .prove:
            guard let body = order.body, let claim = order.claim.flatMap(bytes(ofHex:)), !bench.holds(order.task) else {
                return
            }
            do {
                bench.add(order.task, segment: try bodies.read(body, limit: 256 << 20), claim: claim)
            } catch {
                failed.increment()
                context.logger.warning(
                    "cannot read a segment", metadata: ["task": "\(order.task)", "error": "\(error)"])
            }
        }
    }

    private func handIn(_ finished: Workbench.Finished, _ producer: any Producer) throws {
        switch finished.result {
        case .success(let receipt):
            handedIn.increment()
            cycleRate.record(bench.state.cyclesPerSecond)
            try producer.produce(
                OutgoingRecord(
                    topic: context.topics.receipts(configuration.lane), key: Array(configuration.node.utf8),
                    value: receipt,
                    headers: [
                        Header(RoutingHeader.kind, "receipt"), Header(RoutingHeader.task, finished.task.description),
                        Header(RoutingHeader.node, configuration.node),
                    ]))
        case .failure(let error):
            failed.increment()
            context.logger.error("cannot prove", metadata: ["task": "\(finished.task)", "error": "\(error)"])
        }
    }
}
