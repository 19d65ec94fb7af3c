import Messaging
import Pipeline
import ServiceCommon
import ServiceKit

/// Runs programs and publishes their segments while they still run.
///
/// A run can be repeated: after a restart, what is published already is compared and not published again. Several runs go
/// on side by side, so that a long one, or one that waits for its segments to be settled, holds up nobody.
public final class ExecutorService: Service {
    public let name = "executor"
    private let context: ServiceContext
    private let configuration: Configuration
    private let segments = Counter(label: "sheaf_executor_segments_total", help: "Segments published")
    private let cycles = Counter(label: "sheaf_executor_cycles_total", help: "Cycles published")

    public struct Configuration: Sendable {
        /// How many programs run at once.
        public var runs = 4
        /// What a job may have published and not settled: bytes of segments.
        public var unsettledBytes = 1 << 30
        public var bodyLimit = 256 << 20

        public init() {}
    }

    public init(_ context: ServiceContext, _ configuration: Configuration = .init()) {
        self.context = context
        self.configuration = configuration
    }

    public func run(until shutdown: ShutdownSignal) throws {
        try supervise(until: shutdown, logger: context.logger) { try serve(until: shutdown) }
    }

    private func serve(until shutdown: ShutdownSignal) throws {
        let (broker, topics) = (context.broker, context.topics)
        let ledger = ExecutionLedger(topics)
        var group = GroupConfiguration(group: context.group("executor"), topics: [.named(topics.executions)])
        group.onAssigned = { partitions in
            // Runs that go on elsewhere are dropped here; what was published is read anew.
            ledger.clear()
            // What a run left comes first: the end of an old job, taken out since, ends no new job of the same id.
            let steps = [topics.tasks, topics.settled].map { topic in
                partitions.map { TopicPartition(topic, $0.partition) }
            }
            let ends = try broker.readAll(inSteps: steps) { ledger.take($0) }
            var starts = ends.mapValues { StartingOffset.offset($0) }
            for partition in partitions { starts[partition] = .committed }
            return starts
        }
        group.onRevoked = { _, _ in ledger.clear() }
        let consumer = try broker.makeGroupConsumer(group)
        defer { consumer.close() }
        defer { ledger.clear() }
        let producer = try broker.makeTransactionalProducer(context.transactional("executor"), for: consumer)
        defer { producer.close() }
        let bodies = try BodyReader(broker)
        defer { bodies.close() }
        var published = false
        while !shutdown.isRequested {
            let pause: Duration = published ? .zero : .milliseconds(ledger.running.isEmpty ? 100 : 5)
            for record in try consumer.poll(timeout: pause, maximum: 100) { ledger.take(record) }
            published = false
            try ledger.startRuns(atMost: configuration.runs, unsettledBytes: configuration.unsettledBytes) { run in
                try start(run, bodies)
            }
            for entry in ledger.running where entry.unsettledBytes < configuration.unsettledBytes {
                let room = configuration.unsettledBytes - entry.unsettledBytes
                let products = entry.run.take(bytes: min(Self.transactionBytes, room))
                guard !products.isEmpty else { continue }
                try publish(products, of: entry, ledger, producer)
                published = true
            }
            if !consumer.assignment.isEmpty, let (job, keys) = ledger.takeRetired() {
                try retire(keys, of: job, ledger, producer)
            }
            if ledger.hasNewlyDone, !consumer.assignment.isEmpty {
                try producer.transact { transaction in ledger.commit(transaction) }
            }
        }
    }

    /// Takes a job's tasks out of `tasks`, in transactions of bounded size. The last key is the job's own: while it stands,
    /// whoever comes next begins again.
    private func retire(
        _ keys: [String], of job: String, _ ledger: ExecutionLedger, _ producer: any TransactionalProducer
    ) throws {
        for start in stride(from: 0, to: keys.count, by: 1000) {
            try producer.transact { transaction in
                for key in keys[start..<min(start + 1000, keys.count)] {
                    try transaction.produce(
                        .tombstone(topic: context.topics.tasks, partition: JobPartition.of(job), key: key))
                }
                ledger.commit(transaction)
            }
        }
    }

    private func start(_ run: Run, _ bodies: BodyReader) throws {
        do {
            let elf = try bodies.read(run.execution.program, limit: configuration.bodyLimit)
            let input = try bodies.read(run.execution.input, limit: configuration.bodyLimit)
            context.logger.info("running", metadata: ["job": "\(run.execution.job)"])
            run.start(elf: elf, input: input)
        } catch let error as BodyError {
            run.fail("its program or input cannot be read: \(error)")
        }
    }

    /// How much of segments shares a transaction, which costs the broker as much as they do: bytes.
    private static let transactionBytes = 1 << 20

    /// What came out of a run, in one transaction; what stands in `tasks` from before a restart is compared.
    private func publish(
        _ products: [Run.Product], of entry: ExecutionLedger.Running, _ ledger: ExecutionLedger,
        _ producer: any TransactionalProducer
    ) throws {
        let job = entry.run.execution.job
        var fresh: [(task: TaskID, segment: Run.EncodedSegment)] = []
        var end: RunEnd?
        for product in products where end == nil {
            switch product {
            case .end(let message): end = message
            case .segment(let segment):
                let task = TaskID(job: job, index: entry.produced)
                entry.produced += 1
                guard let published = ledger.published[task] else {
                    fresh.append((task, segment))
                    continue
                }
                guard published == hex(segment.claim) else {
                    // The machine that ran it first, or this one, is broken: no receipts of both make a run.
                    end = entry.run.failed(
                        "segment \(task.index) came out otherwise than when it was published", cycles: 0, segments: 0)
                    continue
                }
                ledger.isPublished(task, claim: published, bytes: segment.bytes.count, of: entry)
            }
        }
        guard !fresh.isEmpty || end != nil else { return }
        try producer.transact { transaction in
            try write(fresh, transaction)
            for (task, segment) in fresh {
                ledger.isPublished(task, claim: hex(segment.claim), bytes: segment.bytes.count, of: entry)
            }
            if let end {
                try write(end, transaction)
                ledger.finish(job)
            }
            ledger.commit(transaction)
        }
        segments.increment(by: UInt64(fresh.count))
        cycles.increment(by: fresh.reduce(0) { $0 + $1.segment.cycles })
        if let end {
            context.logger.info("run ended", metadata: ["job": "\(job)", "segments": .integer(end.segments)])
        }
    }

    private func write(_ fresh: [(task: TaskID, segment: Run.EncodedSegment)], _ transaction: any Transaction) throws {
        let topics = context.topics
        // All bodies are on their way before the first is waited for.
        let bodies = try fresh.map { task, segment in
            var writer = BodyWriter(
                topic: topics.segments, partition: JobPartition.of(task.description) * 2 + Int32(task.index % 2),
                headers: [Header(RoutingHeader.task, task.description)]
            ) { try transaction.produce($0) }
            try writer.append(segment.bytes)
            try writer.end()
            return writer
        }
        for ((task, segment), body) in zip(fresh, bodies) {
            let partition = JobPartition.of(task.job)
            let message = TaskMessage(
                task: task, claim: hex(segment.claim), body: try body.reference(), stackLog2: segment.stackLog2,
                cycles: segment.cycles)
            try transaction.produce(
                OutgoingRecord(topic: topics.tasks, partition: partition, key: task.description, message: message))
            let event = JobEvent(
                job: task.job, time: ServiceContext.now, what: .executed, task: task, cycles: segment.cycles)
            try transaction.produce(
                OutgoingRecord(topic: topics.events, partition: partition, key: task.job, message: event))
        }
    }

    private func write(_ end: RunEnd, _ transaction: any Transaction) throws {
        let topics = context.topics, job = end.job, partition = JobPartition.of(job)
        var message = end
        if let opening = end.journalOpening, opening.utf8.count > RunEnd.longestOpening {
            var writer = BodyWriter(
                topic: topics.outputs, partition: partition % 4, headers: [Header("job", job)]
            ) { try transaction.produce($0) }
            try writer.append(bytes(ofHex: opening) ?? [])
            message = end.naming(try writer.finish())
        }
        try transaction.produce(
            OutgoingRecord(topic: topics.tasks, partition: partition, key: job, message: message))
        let event = JobEvent(
            job: job, time: ServiceContext.now, what: .runEnded, cycles: end.cycles, reason: end.failure)
        try transaction.produce(OutgoingRecord(topic: topics.events, partition: partition, key: job, message: event))
    }
}
