import Synchronization

/// Writes at once: every produce is a commit of the store, so deliveries are confirmed when `produce` returns.
final class EmbeddedProducer: Producer {
    private let broker: EmbeddedBroker
    private let configuration: ProducerConfiguration
    private let isClosed = Atomic<Bool>(false)

    init(_ broker: EmbeddedBroker, _ configuration: ProducerConfiguration) {
        self.broker = broker
        self.configuration = configuration
    }

    func produce(_ record: OutgoingRecord) throws(BrokerError) -> Delivery {
        if isClosed.load(ordering: .acquiring) { throw BrokerError(.closed, "the producer is closed") }
        let position = try broker.withState { state throws(BrokerError) in try state.append(record, configuration) }
        let delivery = Delivery()
        delivery.complete(.success(position))
        return delivery
    }

    func flush(timeout: Duration) throws(BrokerError) {}

    func close(timeout: Duration) {
        isClosed.store(true, ordering: .releasing)
    }
}
