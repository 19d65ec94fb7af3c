import CRdKafka

/// A Kafka cluster, over librdkafka.
///
///     let broker = try KafkaBroker(KafkaConfiguration(brokers: "localhost:9092"))
///
/// Making one contacts nobody; the first call that needs the cluster says whether it answers.
public final class KafkaBroker: Broker {
    private let configuration: KafkaConfiguration
    private let control: KafkaControl

    /// - Throws: `.invalidConfiguration`.
    public init(_ configuration: KafkaConfiguration) throws(BrokerError) {
        self.configuration = configuration
        control = try KafkaControl(configuration)
    }

    public func makeProducer(_ configuration: ProducerConfiguration) throws(BrokerError) -> any Producer {
        KafkaProducer(try KafkaProducerCore(self.configuration, configuration))
    }

    public func makeTransactionalProducer(
        _ configuration: TransactionalConfiguration, for consumer: any GroupConsumer
    ) throws(BrokerError) -> any TransactionalProducer {
        guard let consumer = consumer as? KafkaGroupConsumer else {
            throw BrokerError(.invalidArgument, "the consumer belongs to another broker")
        }
        return try KafkaTransactionalProducer(self.configuration, configuration, consumer)
    }

    public func makeGroupConsumer(_ configuration: GroupConfiguration) throws(BrokerError) -> any GroupConsumer {
        try KafkaGroupConsumer(self.configuration, configuration, control)
    }

    public func makeReader(_ configuration: ReaderConfiguration) throws(BrokerError) -> any Reader {
        try KafkaReader(self.configuration, configuration, control)
    }

    public func createTopics(_ topics: [TopicSettings]) throws(BrokerError) -> [String] {
        try KafkaAdmin(control, configuration).create(topics)
    }

    public func deleteTopics(_ names: [String]) throws(BrokerError) {
        try KafkaAdmin(control, configuration).delete(names)
    }

    public func topics(_ selector: TopicSelector) throws(BrokerError) -> [TopicDescription] {
        let name: String? = if case .named(let name) = selector { name } else { nil }
        return try control.topics(name).map(\.description)
            .filter { selector.matches($0.name) && !$0.name.hasPrefix("__") }.sorted { $0.name < $1.name }
    }

    public func watermarks(_ partition: TopicPartition) throws(BrokerError) -> Watermarks {
        try control.watermarks(partition)
    }

    public func deleteRecords(
        below offsets: [TopicPartition: Int64]
    ) throws(BrokerError) -> [TopicPartition: Int64] {
        try KafkaAdmin(control, configuration).deleteRecords(below: offsets)
    }

    public func committed(_ partition: TopicPartition, group: String) throws(BrokerError) -> Int64? {
        try KafkaAdmin(control, configuration).committed(partition, group: group)
    }

    public func close() {
        control.close()
    }
}
