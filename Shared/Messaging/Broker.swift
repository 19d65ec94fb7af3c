/// A queue, a log and a store of state in one: topics of partitions that are written, read and remembered.
///
/// Two implementations: `KafkaBroker` over a Kafka cluster, `EmbeddedBroker` in this process. What holds for both is
/// written on these protocols and tested once for both; docs/messaging.md lists where their limits differ.
///
///     let producer = try broker.makeProducer()
///     try producer.produceAndWait(OutgoingRecord(topic: "jobs", key: "j1", text: "{…}"))
///
/// Calls block. A consumer or reader belongs on a thread of its own; producers are shared.
public protocol Broker: Sendable {
    func makeProducer(_ configuration: ProducerConfiguration) throws(BrokerError) -> any Producer

    /// A producer of transactions that carry `consumer`'s offsets. It ends all earlier producers of its id, and rolls
    /// back what they left open.
    /// - Throws: `.invalidArgument` when `consumer` is of another broker.
    func makeTransactionalProducer(
        _ configuration: TransactionalConfiguration, for consumer: any GroupConsumer
    ) throws(BrokerError) -> any TransactionalProducer

    func makeGroupConsumer(_ configuration: GroupConfiguration) throws(BrokerError) -> any GroupConsumer

    func makeReader(_ configuration: ReaderConfiguration) throws(BrokerError) -> any Reader

    /// Makes the topics that do not exist, and returns when they can be written. Those that exist stay as they are.
    /// - Returns: the names of those that were made.
    @discardableResult
    func createTopics(_ topics: [TopicSettings]) throws(BrokerError) -> [String]

    /// Deletes topics with all that is in them. Those that do not exist are no error.
    func deleteTopics(_ names: [String]) throws(BrokerError)

    /// The topics that exist, by rising name; the broker's own are left out.
    func topics(_ selector: TopicSelector) throws(BrokerError) -> [TopicDescription]

    /// - Throws: `.unknownTopicOrPartition`.
    func watermarks(_ partition: TopicPartition) throws(BrokerError) -> Watermarks

    /// Deletes all records below these offsets. Offsets above the end are cut to it.
    /// - Returns: the new low watermarks.
    @discardableResult
    func deleteRecords(below offsets: [TopicPartition: Int64]) throws(BrokerError) -> [TopicPartition: Int64]

    /// The committed offset of a group outside of it, for those who watch; nil when there is none.
    func committed(_ partition: TopicPartition, group: String) throws(BrokerError) -> Int64?

    /// Closes what belongs to the broker itself. Close its producers, consumers and readers first.
    func close()
}

extension Broker {
    public func makeProducer() throws(BrokerError) -> any Producer {
        try makeProducer(ProducerConfiguration())
    }

    public func makeReader() throws(BrokerError) -> any Reader {
        try makeReader(ReaderConfiguration())
    }

    /// Reads the whole of some partitions, such as the state that a service left in a compacted topic.
    ///
    /// - Parameters:
    ///   - partitions: read from their beginnings to the ends that they have now.
    ///   - timeout: the longest wait for the next record.
    ///   - visit: sees each record, in each partition in the order of its offsets.
    /// - Returns: the offsets at which reading goes on.
    @discardableResult
    public func readAll(
        _ partitions: [TopicPartition], timeout: Duration = .seconds(30), _ visit: (Record) throws -> Void
    ) throws -> [TopicPartition: Int64] {
        try readAll(inSteps: [partitions], timeout: timeout, visit)
    }

    /// The same step by step: see `Reader.readToEnd(inSteps:timeout:_:)`.
    @discardableResult
    public func readAll(
        inSteps steps: [[TopicPartition]], timeout: Duration = .seconds(30), _ visit: (Record) throws -> Void
    ) throws -> [TopicPartition: Int64] {
        let steps = steps.filter { !$0.isEmpty }
        guard !steps.isEmpty else { return [:] }
        var configuration = ReaderConfiguration()
        configuration.purpose = .state
        let reader = try makeReader(configuration)
        defer { reader.close() }
        return try reader.readToEnd(inSteps: steps, timeout: timeout, visit)
    }
}
