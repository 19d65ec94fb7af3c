import Messaging
import Pipeline
import ServiceCommon
import ServiceKit
import Synchronization

/// The one dispatcher: the replica that holds the one partition of `control`. It feeds the policy (`Dispatcher`) with what
/// the topics say and does what it decides, in transactions that carry the offsets of `control`.
public final class DispatchService: Service {
    public let name = "dispatcher"
    private let context: ServiceContext
    private let settings: Dispatcher.Settings
    /// How many partitions each lane's work has.
    private let partitions = Mutex<[LaneName: Int32]>([:])
    /// How long a body has to be over before it is deleted: seconds.
    private let bodyGrace: Double
    private let replays = Counter(label: "sheaf_dispatcher_replays_total", help: "Copies of tasks that failed")
    private let settlements = Counter(label: "sheaf_dispatcher_settled_total", help: "Tasks settled")
    private let deletions = Counter(label: "sheaf_dispatcher_deletions_total", help: "Partitions of bodies cut")
    private let orders = Counter(label: "sheaf_dispatcher_orders_total", help: "Orders sent to nodes")

    public init(_ context: ServiceContext, settings: Dispatcher.Settings = .init(), bodyGrace: Double = 60) {
        self.context = context
        self.settings = settings
        self.bodyGrace = bodyGrace
    }

    public func run(until shutdown: ShutdownSignal) throws {
        try supervise(until: shutdown, logger: context.logger) { try serve(until: shutdown) }
    }

    /// The policy while this replica is the dispatcher, and the reader that keeps it informed.
    private final class Office {
        var dispatcher: Dispatcher
        var retention: BodyRetention
        let reader: any Reader
        var nextTick = 0.0
        var nextSweep = 0.0
        /// The last that was read of `control`, and since when it waits to be committed: seconds.
        var pending: (record: Record, since: Double)?
        /// How long it may wait for a transaction that takes it along: seconds. Until then nothing followed from it, and
        /// nothing will when it is read again.
        static let patience = 5.0

        func read(_ records: [Record], now: Double) {
            if let last = records.last { pending = (last, pending?.since ?? now) }
        }

        func isDue(_ now: Double) -> Bool { pending.map { now - $0.since >= Self.patience } ?? false }

        init(_ dispatcher: Dispatcher, _ retention: BodyRetention, _ reader: any Reader) {
            self.dispatcher = dispatcher
            self.retention = retention
            self.reader = reader
        }
    }

    private func serve(until shutdown: ShutdownSignal) throws {
        let lost = Atomic(false)
        var group = GroupConfiguration(group: context.group("dispatcher"), topics: [.named(context.topics.control)])
        group.onRevoked = { _, _ in lost.store(true, ordering: .relaxed) }
        let consumer = try context.broker.makeGroupConsumer(group)
        defer { consumer.close() }
        let producer = try context.broker.makeTransactionalProducer(context.transactional("dispatcher"), for: consumer)
        defer { producer.close() }
        var office: Office?
        defer { office?.reader.close() }
        while !shutdown.isRequested {
            let records = try consumer.poll(timeout: .milliseconds(20), maximum: 500)
            if lost.exchange(false, ordering: .relaxed) || consumer.assignment.isEmpty {
                office?.reader.close()
                office = nil
            }
            guard !consumer.assignment.isEmpty else { continue }
            var actions: [Dispatcher.Action] = []
            let desk: Office
            if let office {
                desk = office
            } else {
                desk = try open(&actions)
                office = desk
                context.logger.notice("dispatching")
            }
            let now = ServiceContext.now
            for record in try desk.reader.poll(timeout: .zero, maximum: 1000) {
                for input in inputs(record) { actions += desk.dispatcher.handle(input, now: now) }
                retain(record, &desk.retention, now: now)
            }
            var letters: [DeadLetter] = []
            for record in records {
                do {
                    actions += desk.dispatcher.handle(.control(try Control.decoded(record.value ?? [])), now: now)
                } catch {
                    letters.append(DeadLetter(record, reason: "\(error)"))
                }
            }
            if now >= desk.nextTick {
                desk.nextTick = now + 0.5
                actions += desk.dispatcher.handle(.tick, now: now)
            }
            sweep(desk, now: now)
            let retired = desk.retention.takeRetired(atMost: 1000)
            desk.read(records, now: now)
            guard !actions.isEmpty || !letters.isEmpty || !retired.isEmpty || desk.isDue(now) else { continue }
            try producer.transact { transaction in
                for action in actions { try perform(action, transaction) }
                for task in retired {
                    try transaction.produce(
                        .tombstone(
                            topic: context.topics.settled, partition: JobPartition.of(task.job), key: task.description))
                }
                for letter in letters {
                    try transaction.produce(
                        OutgoingRecord(topic: context.topics.deadletters, key: letter.topic, message: letter))
                }
                if let last = desk.pending?.record { transaction.setConsumed(last) }
            }
            desk.pending = nil
        }
    }

    /// All that there is, read whole; only then can anything be late.
    private func open(_ actions: inout [Dispatcher.Action]) throws -> Office {
        let topics = context.topics
        func partitions(_ topic: String) -> [TopicPartition] {
            (0..<Int32(Topics.jobPartitions)).map { TopicPartition(topic, $0) }
        }
        // What is over comes first: of an old job, taken out since, it says nothing of a new job of the same id.
        let steps = [
            partitions(topics.settled), partitions(topics.executions),
            partitions(topics.tasks) + [TopicPartition(topics.dispatch, 0)],
        ]
        var dispatcher = Dispatcher(settings: settings)
        var retention = BodyRetention(grace: bodyGrace)
        let now = ServiceContext.now
        let ends = try context.broker.readAll(inSteps: steps) { record in
            for input in inputs(record) + ownRecords(record) { _ = dispatcher.handle(input, now: now) }
            retain(record, &retention, now: now)
        }
        let reader = try context.broker.makeReader()
        try reader.assign(ends.mapValues { .offset($0) })
        actions += dispatcher.handle(.caughtUp, now: now)
        return Office(dispatcher, retention, reader)
    }

    // MARK: What is over

    private func retain(_ record: Record, _ retention: inout BodyRetention, now: Double) {
        guard let key = record.keyText else { return }
        let task = TaskID(key: key)
        switch (record.topic, record.value) {
        case (context.topics.tasks, let value?) where task != nil:
            if let message = try? TaskMessage.decoded(value) { retention.take(message, now: now) }
        case (context.topics.tasks, nil): if let task { retention.gone(task: task, now: now) }
        case (context.topics.settled, let value?) where task != nil:
            if let settlement = try? Settlement.decoded(value) { retention.take(settlement, now: now) }
        case (context.topics.settled, let value?):
            if let end = try? JobEnd.decoded(value) { retention.take(end, now: now) }
        case (context.topics.settled, nil):
            if let task { retention.gone(settlementOf: task) } else { retention.gone(job: key) }
        default: break
        }
    }

    /// Deletes bodies that nobody needs any more. What cannot be deleted now goes with what comes after it.
    private func sweep(_ desk: Office, now: Double) {
        guard now >= desk.nextSweep else { return }
        desk.nextSweep = now + min(10, bodyGrace / 2)
        let bounds = desk.retention.deletable(now: now).map {
            (TopicPartition($0.key.topic, $0.key.partition), $0.value)
        }
        guard !bounds.isEmpty else { return }
        do {
            try context.broker.deleteRecords(below: Dictionary(uniqueKeysWithValues: bounds))
            deletions.increment(by: UInt64(bounds.count))
        } catch {
            context.logger.warning("bodies cannot be deleted", metadata: ["error": "\(error)"])
        }
    }

    private func inputs(_ record: Record) -> [Dispatcher.Input] {
        guard let key = record.keyText else { return [] }
        guard let value = record.value else {
            switch (record.topic, TaskID(key: key)) {
            case (context.topics.tasks, let task?): return [.withdrawn(task)]
            case (context.topics.executions, _), (context.topics.settled, nil): return [.forgotten(job: key)]
            default: return []
            }
        }
        switch record.topic {
        case context.topics.executions: return (try? Execution.decoded(value)).map { [.execution($0)] } ?? []
        case context.topics.tasks:
            return TaskID(key: key) == nil ? [] : (try? TaskMessage.decoded(value)).map { [.task($0)] } ?? []
        case context.topics.settled:
            if TaskID(key: key) == nil { return (try? JobEnd.decoded(value)).map { [.jobEnd($0)] } ?? [] }
            return (try? Settlement.decoded(value)).map { [.settlement($0)] } ?? []
        default: return []
        }
    }

    /// What a dispatcher before this one wrote for itself; of one's own, later, nothing is news.
    private func ownRecords(_ record: Record) -> [Dispatcher.Input] {
        guard record.topic == context.topics.dispatch, let value = record.value else { return [] }
        return (try? DispatchRecord.decoded(value)).map { [.record($0)] } ?? []
    }

    private func workPartitions(_ lane: LaneName) throws -> Int32 {
        if let known = partitions.withLock({ $0[lane] }) { return known }
        // A lane whose topic is not there yet, or no more, is asked for again the next time.
        guard let topic = try context.broker.topics(.named(context.topics.work(lane))).first else { return 0 }
        partitions.withLock { $0[lane] = topic.partitions }
        return topic.partitions
    }

    private func perform(_ action: Dispatcher.Action, _ transaction: any Transaction) throws {
        let topics = context.topics
        switch action {
        case .send(let lane, let partition, let work):
            // A node says which partition it reads, and strangers say anything.
            guard try (0..<workPartitions(lane)).contains(partition) else { return }
            orders.increment()
            try transaction.produce(
                OutgoingRecord(topic: topics.work(lane), partition: partition, key: work.node, message: work))
        case .settle(let settlement):
            settlements.increment()
            try transaction.produce(
                OutgoingRecord(
                    topic: topics.settled, partition: JobPartition.of(settlement.task.job),
                    key: settlement.task.description,
                    message: settlement))
        case .save(let record):
            try transaction.produce(
                OutgoingRecord(topic: topics.dispatch, partition: 0, key: record.key, message: record))
        case .forget(let task):
            try transaction.produce(.tombstone(topic: topics.dispatch, partition: 0, key: task.description))
        case .event(let event):
            if event.what == .replayed { replays.increment() }
            try transaction.produce(
                OutgoingRecord(
                    topic: topics.events, partition: JobPartition.of(event.job), key: event.job, message: event))
        }
    }
}
