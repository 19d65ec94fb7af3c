import Foundation
import Messaging
import Pipeline
import ServiceCommon
import ServiceKit

/// Looks at what lanes hand in: passes signs of life on to the dispatcher, and verifies receipts, the lanes taking turns.
///
/// A receipt is believed only when it verifies against the claim in `tasks`: what is valid goes to `verified`, and the
/// verdict, with its place, to the dispatcher, in the transaction that commits the receipt's offset.
public final class CheckService: Service {
    /// Whether a receipt proves a claim: throws why it does not. A stand-in in tests of the pipeline alone.
    public typealias Verify = @Sendable (_ receipt: [UInt8], _ claim: [UInt8]) throws -> Void

    public let name = "verifier"
    private let context: ServiceContext
    private let verify: Verify
    private let valid = Counter(label: "sheaf_verifier_valid_total", help: "Receipts that verified")
    private let invalid = Counter(label: "sheaf_verifier_invalid_total", help: "Receipts that did not verify")
    private let ignored = Counter(
        label: "sheaf_verifier_ignored_total", help: "Receipts of tasks that are settled or unknown")
    private let verifying = ServiceKit.Timer(label: "sheaf_verifier_seconds", help: "Time of one verification")

    public init(_ context: ServiceContext, verify: @escaping Verify) {
        self.context = context
        self.verify = verify
    }

    public func run(until shutdown: ShutdownSignal) throws {
        try supervise(until: shutdown, logger: context.logger) { try serve(until: shutdown) }
    }

    private struct Submitted: Sendable {
        let record: Record
        let task: TaskID
        let node: String
    }

    private func serve(until shutdown: ShutdownSignal) throws {
        let (broker, topics) = (context.broker, context.topics)
        let offsets = OffsetsOfAssignment(topics)
        var group = GroupConfiguration(group: context.group("verifier"), topics: [.prefixed(topics.receiptsPrefix)])
        group.onRevoked = { partitions, _ in offsets.revoke(partitions) }
        group.onUnreadable = { [logger = context.logger] partition, range, error in
            logger.warning(
                "passed over", metadata: ["partition": "\(partition)", "offsets": "\(range)", "error": "\(error)"])
        }
        let consumer = try broker.makeGroupConsumer(group)
        defer { consumer.close() }
        let producer = try broker.makeTransactionalProducer(context.transactional("verifier"), for: consumer)
        defer { producer.close() }
        let signs = try broker.makeProducer()
        defer { signs.close(timeout: .seconds(5)) }
        let claims = try ExpectedClaims(broker, topics: topics)
        defer { claims.close() }
        var queue = ReceiptQueue<Submitted>()
        while !shutdown.isRequested {
            let records = try consumer.poll(
                timeout: queue.isEmpty ? .milliseconds(20) : .zero, maximum: queue.room / 2)
            try claims.follow()
            let controls = try take(records, &queue, offsets, producer)
            let judged = try judge(&queue, offsets, claims)
            if !judged.isEmpty {
                try publish(controls, judged, offsets, producer)
            } else {
                for control in controls { _ = try signs.produce(outgoing(control)) }
                if offsets.areDue(ServiceContext.now), !consumer.assignment.isEmpty {
                    try producer.transact { offsets.commit($0) }
                }
            }
            offsets.hold(consumer) { lane in queue.waiting(of: lane) * 2 > queue.room }
        }
    }

    private func outgoing(_ control: Control) throws -> OutgoingRecord {
        try OutgoingRecord(topic: context.topics.control, partition: 0, key: control.lane.text, message: control)
    }

    /// Receipts queue; signs of life are to be passed on at once.
    ///
    /// A sign of life is no event: the next one replaces it, and twice the same says no more than once. So it needs no
    /// transaction of its own, which would cost the broker more than a receipt does, and its offset goes with the next
    /// one. Only that a node leaves must not be said again when it has come back.
    private func take(
        _ records: [Record], _ queue: inout ReceiptQueue<Submitted>, _ offsets: OffsetsOfAssignment,
        _ producer: any TransactionalProducer
    ) throws -> [Control] {
        let topics = context.topics
        var controls: [Control] = [], farewells: [Control] = [], letters: [DeadLetter] = []
        for record in records {
            offsets.begin(record)
            guard let lane = topics.lane(ofReceipts: record.topic) else { continue }
            do {
                switch record.headerText(RoutingHeader.kind) {
                case "ready":
                    let ready = try Ready.decoded(record.value ?? [])
                    let control = Control(lane: lane, ready: ready)
                    if ready.leaving { farewells.append(control) } else { controls.append(control) }
                case "receipt":
                    guard let task = record.headerText(RoutingHeader.task).flatMap(TaskID.init(key:)),
                        let node = record.headerText(RoutingHeader.node), Identifier.isValid(node)
                    else { throw MessageError.malformed("a receipt without task and node") }
                    let submitted = Submitted(record: record, task: task, node: node)
                    if queue.add(submitted, of: lane, node: node, now: ServiceContext.now) { continue }
                default: throw MessageError.malformed("neither ready nor receipt")
                }
            } catch {
                letters.append(DeadLetter(record, reason: "\(error)"))
            }
            offsets.finish(record)
        }
        guard !farewells.isEmpty || !letters.isEmpty else { return controls }
        try producer.transact { transaction in
            for control in farewells { try transaction.produce(outgoing(control)) }
            for letter in letters {
                try transaction.produce(OutgoingRecord(topic: topics.deadletters, key: letter.topic, message: letter))
            }
            offsets.commit(transaction)
        }
        return controls
    }

    /// How many receipts share a transaction at most, and how long it waits for one more to be verified: seconds. What a
    /// transaction costs, tens of milliseconds, is many times what a verification does.
    private static let batch = (count: 16, seconds: 0.1)

    private func judge(
        _ queue: inout ReceiptQueue<Submitted>, _ offsets: OffsetsOfAssignment, _ claims: ExpectedClaims
    ) throws -> [Judged] {
        var judged: [Judged] = []
        let start = ServiceContext.now
        while judged.count < Self.batch.count, ServiceContext.now - start < Self.batch.seconds,
            let (lane, submitted) = queue.next()
        {
            guard let verdict = try judge(submitted, of: lane, claims) else {
                offsets.finish(submitted.record)
                continue
            }
            judged.append(verdict)
            let passedOver = queue.judged(
                lane, node: submitted.node, valid: verdict.failure == nil, now: ServiceContext.now)
            for submitted in passedOver { offsets.finish(submitted.record) }
        }
        for verdict in judged { offsets.finish(verdict.submitted.record) }
        return judged
    }

    private struct Judged {
        let submitted: Submitted
        let lane: LaneName
        /// Why it does not prove the claim of its task; nil if it does.
        let failure: String?
    }

    /// Nil when there was nothing to judge: the task is settled, or not known.
    private func judge(_ submitted: Submitted, of lane: LaneName, _ claims: ExpectedClaims) throws -> Judged? {
        let task = submitted.task
        if claims[task] == nil { try claims.follow(timeout: .milliseconds(50)) }
        guard let expected = claims[task] else {
            ignored.increment()
            // The dispatcher tells the node to drop it, when it next says what it holds.
            return nil
        }
        do {
            try verifying.measure { try verify(submitted.record.value ?? [], expected.claim) }
            valid.increment()
            return Judged(submitted: submitted, lane: lane, failure: nil)
        } catch {
            invalid.increment()
            let failure = String("\(error)".prefix(500))
            context.logger.warning(
                "invalid receipt",
                metadata: [
                    "task": "\(task)", "lane": "\(lane)", "node": "\(submitted.node)", "reason": "\(failure)",
                ])
            return Judged(submitted: submitted, lane: lane, failure: failure)
        }
    }

    /// What is valid, and what the dispatcher is told of each, with the offsets of all; first the signs of life that came
    /// with them, so that the dispatcher settles and gives out in one transaction.
    private func publish(
        _ controls: [Control], _ judged: [Judged], _ offsets: OffsetsOfAssignment,
        _ producer: any TransactionalProducer
    ) throws {
        try producer.transact { transaction in
            for control in controls { try transaction.produce(outgoing(control)) }
            // All are on their way before the first is waited for.
            let bodies = try judged.map { verdict -> BodyWriter? in
                guard verdict.failure == nil else { return nil }
                let task = verdict.submitted.task.description
                var writer = BodyWriter(
                    topic: context.topics.verified, partition: Int32(JobPartition.of(task)),
                    headers: [Header(RoutingHeader.task, task)]
                ) { try transaction.produce($0) }
                try writer.append(verdict.submitted.record.value ?? [])
                try writer.end()
                return writer
            }
            for (verdict, writer) in zip(judged, bodies) {
                let message = Control.Verdict(
                    task: verdict.submitted.task, receipt: try writer?.reference(), reason: verdict.failure)
                try transaction.produce(
                    outgoing(Control(lane: verdict.lane, node: verdict.submitted.node, verdict: message)))
            }
            offsets.commit(transaction)
        }
    }
}

/// The offsets that are done of the partitions that this member has: callbacks and loop share it, on one thread.
///
/// `@unchecked Sendable`: a consumer's callbacks run inside its `poll`, on the thread that polls, which is the only one
/// that uses this.
final class OffsetsOfAssignment: @unchecked Sendable {
    private let topics: Topics
    private var tracker = OffsetTracker()
    private var held: Set<LaneName> = []
    /// Since when something is done and not committed: seconds.
    private var pendingSince: Double?
    /// How long it may be so at most: seconds. What is read again after a restart are signs of life.
    private static let patience = 5.0

    init(_ topics: Topics) { self.topics = topics }

    /// Leaves what a lane sends with the broker while enough of it waits here, so that nothing honest is dropped.
    func hold(_ consumer: any GroupConsumer, _ isFull: (LaneName) -> Bool) {
        func partitions(_ lane: LaneName) -> Set<TopicPartition> {
            Set(consumer.assignment.filter { $0.topic == topics.receipts(lane) })
        }
        for lane in held where !isFull(lane) {
            held.remove(lane)
            consumer.resume(partitions(lane))
        }
        for lane in Set(consumer.assignment.compactMap { topics.lane(ofReceipts: $0.topic) })
        where isFull(lane) && !held.contains(lane) {
            held.insert(lane)
            consumer.pause(partitions(lane))
        }
    }

    func begin(_ record: Record) { tracker.begin(record) }
    func finish(_ record: Record) {
        tracker.finish(record.position)
        if pendingSince == nil { pendingSince = ServiceContext.now }
    }
    func revoke(_ partitions: [TopicPartition]) {
        tracker.forget(partitions)
        held = []
        pendingSince = nil
    }

    /// Whether what is done has waited long enough for a transaction that takes it along.
    func areDue(_ now: Double) -> Bool { pendingSince.map { now - $0 >= Self.patience } ?? false }

    func commit(_ transaction: any Transaction) {
        pendingSince = nil
        for position in tracker.done { transaction.setConsumed(upTo: position) }
    }
}
