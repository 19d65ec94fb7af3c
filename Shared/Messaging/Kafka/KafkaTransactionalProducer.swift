import CRdKafka
import Synchronization

final class KafkaTransactionalProducer: TransactionalProducer {
    private let core: KafkaProducerCore
    private let consumer: KafkaGroupConsumer
    private let timeout: Duration
    private let inTransaction = Atomic<Bool>(false)
    private let carried = Mutex(CarriedOffsets())
    private let isClosed = Atomic<Bool>(false)
    private let fatal = Mutex<BrokerError?>(nil)

    init(
        _ kafka: KafkaConfiguration, _ configuration: TransactionalConfiguration, _ consumer: KafkaGroupConsumer
    ) throws(BrokerError) {
        self.consumer = consumer
        timeout = kafka.timeout
        var producer = configuration.producer
        producer.deliveryTimeout = min(producer.deliveryTimeout, configuration.timeout)
        core = try KafkaProducerCore(
            kafka, producer,
            options: [
                "transactional.id": configuration.transactionalID,
                "transaction.timeout.ms": "\(configuration.timeout.milliseconds)",
            ])
        do throws(BrokerError) {
            let pointer = core.handle.pointer
            try insist("initialising transactions") { rd_kafka_init_transactions(pointer, $0) }
        } catch {
            core.close(timeout: .zero)
            throw error
        }
    }

    deinit {
        close()
    }

    func transact<Outcome>(_ body: (any Transaction) throws -> Outcome) throws -> Outcome {
        guard !inTransaction.exchange(true, ordering: .acquiringAndReleasing) else {
            throw BrokerError(.invalidArgument, "a transaction of this producer is open already")
        }
        defer { inTransaction.store(false, ordering: .releasing) }
        if isClosed.load(ordering: .acquiring) { throw BrokerError(.closed, "the producer is closed") }
        if let error = fatal.withLock({ $0 }) { throw error }
        let membership = try consumer.requireMembership()
        let pointer = core.handle.pointer
        try insist("beginning a transaction") { _ in rd_kafka_begin_transaction(pointer) }
        do {
            let transaction = KafkaTransaction(core)
            let outcome = try body(transaction)
            try transaction.requireDelivered()
            let offsets = try carried.withLock { try $0.offsets(new: transaction.consumed, of: consumer) }
            try membership.withPointer { group throws(BrokerError) in
                try insist("committing offsets with a transaction") { milliseconds in
                    KafkaPartitionList(offsets).withPointer { list in
                        rd_kafka_send_offsets_to_transaction(pointer, list, group, milliseconds)
                    }
                }
            }
            try insist("committing a transaction") { rd_kafka_commit_transaction(pointer, $0) }
            carried.withLock { $0.didCommit(offsets) }
            return outcome
        } catch {
            try? insist("rolling back a transaction") { rd_kafka_abort_transaction(pointer, $0) }
            // A fatal error of the producer, such as fencing, explains what failed before it.
            throw fatal.withLock { $0 } ?? error
        }
    }

    /// Calls until it succeeds, fails for good, or the time is over. Calls of librdkafka that ran out of time go on where
    /// they were when they are repeated.
    private func insist(_ attempt: String, _ call: (Int32) -> OpaquePointer?) throws(BrokerError) {
        let deadline = ContinuousClock.now + timeout
        while true {
            guard let pointer = call(max(1, (deadline - .now).milliseconds)) else { return }
            let error = BrokerError(consuming: pointer, attempt)
            if error.isFatal {
                fatal.withLock { if $0 == nil { $0 = error } }
                throw error
            }
            guard error.isRetriable, ContinuousClock.now < deadline else { throw error }
            WakeUp().wait(until: .now + .milliseconds(50))
        }
    }

    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        core.close(timeout: .seconds(1))
    }
}

private final class KafkaTransaction: Transaction {
    private struct State {
        var consumed: [TopicPartition: Int64] = [:]
        var deliveries: [Delivery] = []
        var refusal: BrokerError?
    }

    private let core: KafkaProducerCore
    private let state = Mutex(State())

    init(_ core: KafkaProducerCore) {
        self.core = core
    }

    var consumed: [TopicPartition: Int64] { state.withLock { $0.consumed } }

    func produce(_ record: OutgoingRecord) throws(BrokerError) -> Delivery {
        do throws(BrokerError) {
            let delivery = try core.produce(record)
            state.withLock { $0.deliveries.append(delivery) }
            return delivery
        } catch {
            state.withLock { if $0.refusal == nil { $0.refusal = error } }
            throw error
        }
    }

    func setConsumed(upTo position: Position) {
        state.withLock { state in
            state.consumed[position.topicPartition] = max(
                state.consumed[position.topicPartition] ?? 0, position.offset)
        }
    }

    /// Waits for all confirmations, so that what failed says itself why.
    func requireDelivered() throws(BrokerError) {
        let (deliveries, refusal) = state.withLock { ($0.deliveries, $0.refusal) }
        if let refusal { throw refusal }
        for delivery in deliveries { try delivery.wait(timeout: .seconds(60)) }
    }
}
