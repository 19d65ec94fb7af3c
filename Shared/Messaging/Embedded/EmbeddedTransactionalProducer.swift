import Synchronization

final class EmbeddedTransactionalProducer: TransactionalProducer {
    private let broker: EmbeddedBroker
    private let configuration: TransactionalConfiguration
    private let consumer: EmbeddedGroupConsumer
    private let epoch: Int64
    private let inTransaction = Atomic<Bool>(false)
    private let carried = Mutex(CarriedOffsets())
    private let isClosed = Atomic<Bool>(false)

    init(
        _ broker: EmbeddedBroker, _ configuration: TransactionalConfiguration, _ consumer: EmbeddedGroupConsumer
    ) throws(BrokerError) {
        self.broker = broker
        self.configuration = configuration
        self.consumer = consumer
        epoch = try broker.withState { state throws(BrokerError) in
            try state.beginEpoch(of: configuration.transactionalID)
        }
    }

    func transact<Outcome>(_ body: (any Transaction) throws -> Outcome) throws -> Outcome {
        guard !inTransaction.exchange(true, ordering: .acquiringAndReleasing) else {
            throw BrokerError(.invalidArgument, "a transaction of this producer is open already")
        }
        defer { inTransaction.store(false, ordering: .releasing) }
        if isClosed.load(ordering: .acquiring) { throw BrokerError(.closed, "the producer is closed") }
        let member = try consumer.requireMembership()
        let (id, timeout, epoch) = (configuration.transactionalID, configuration.timeout, epoch)
        let number = try broker.withState { state throws(BrokerError) in
            try state.beginTransaction(id, epoch: epoch, timeout: timeout)
        }
        do {
            let transaction = EmbeddedTransaction(broker, number, configuration.producer)
            let outcome = try body(transaction)
            let offsets = try carried.withLock { try $0.offsets(new: transaction.consumed, of: consumer) }
            try broker.withState { state throws(BrokerError) in
                try state.commit(number, offsets: offsets, member: member)
            }
            carried.withLock { $0.didCommit(offsets) }
            return outcome
        } catch {
            broker.state.withLock { $0.rollBack(number) }
            throw error
        }
    }

    func close() {
        isClosed.store(true, ordering: .releasing)
    }
}

private final class EmbeddedTransaction: Transaction {
    private let broker: EmbeddedBroker
    private let number: EmbeddedTransactionNumber
    private let configuration: ProducerConfiguration
    private let offsets = Mutex([TopicPartition: Int64]())

    init(_ broker: EmbeddedBroker, _ number: EmbeddedTransactionNumber, _ configuration: ProducerConfiguration) {
        self.broker = broker
        self.number = number
        self.configuration = configuration
    }

    var consumed: [TopicPartition: Int64] { offsets.withLock { $0 } }

    func produce(_ record: OutgoingRecord) throws(BrokerError) -> Delivery {
        let position = try broker.withState { state throws(BrokerError) in
            try state.append(record, configuration, in: number)
        }
        let delivery = Delivery()
        delivery.complete(.success(position))
        return delivery
    }

    func setConsumed(upTo position: Position) {
        offsets.withLock { $0[position.topicPartition] = max($0[position.topicPartition] ?? 0, position.offset) }
    }
}
