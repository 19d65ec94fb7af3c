import Messaging
import Testing

/// One promise of `Broker`, checked on any implementation.
struct ContractCase: Sendable, CustomTestStringConvertible {
    let name: String
    let check: @Sendable (BrokerFixture) throws -> Void

    init(_ name: String, _ check: @escaping @Sendable (BrokerFixture) throws -> Void) {
        self.name = name
        self.check = check
    }

    var testDescription: String { name }

    /// All promises.
    static var all: [ContractCase] {
        topicCases + producerCases + readerCases + groupCases + transactionCases + fencingCases
    }
}

/// A broker, and names in it that no other test uses.
struct BrokerFixture: Sendable {
    let broker: any Broker
    let prefix: String

    init(_ broker: any Broker) {
        self.broker = broker
        prefix = "t\(UInt64.random(in: 0 ..< 1 << 48))."
    }

    /// Makes a topic and returns its name.
    func topic(
        _ name: String, partitions: Int32 = 1, cleanup: TopicSettings.Cleanup = .delete,
        maximumMessageBytes: Int32? = nil
    ) throws -> String {
        try broker.createTopics([
            TopicSettings(
                name: prefix + name, partitions: partitions, cleanup: cleanup, maximumMessageBytes: maximumMessageBytes)
        ])
        return prefix + name
    }

    /// Writes values to partition 0, one record each.
    @discardableResult
    func write(_ topic: String, _ values: [String]) throws -> [Position] {
        let producer = try broker.makeProducer()
        defer { producer.close() }
        let deliveries = try values.map { try producer.produce(OutgoingRecord(topic: topic, partition: 0, text: $0)) }
        return try deliveries.map { try $0.wait() }
    }

    /// All that can be read of a topic's partition now.
    func texts(_ topic: String, _ partition: Int32 = 0) throws -> [String] {
        var texts: [String] = []
        try broker.readAll([TopicPartition(topic, partition)]) { texts.append($0.text) }
        return texts
    }

    func group(_ name: String, _ topics: [String]) -> GroupConfiguration {
        var configuration = GroupConfiguration(group: prefix + name, topics: topics.map(TopicSelector.named))
        configuration.sessionTimeout = .seconds(2)
        return configuration
    }

    /// Polls until `count` records came or 30 seconds have passed.
    func poll(_ consumer: any GroupConsumer, _ count: Int) throws -> [Record] {
        var records: [Record] = []
        let deadline = ContinuousClock.now + .seconds(30)
        while records.count < count, ContinuousClock.now < deadline {
            records += try consumer.poll(timeout: .milliseconds(200))
        }
        return records
    }

    /// Polls until the group has given this consumer partitions, without reading.
    func awaitAssignment(_ consumer: any GroupConsumer) throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while consumer.assignment.isEmpty, ContinuousClock.now < deadline {
            _ = try consumer.poll(timeout: .milliseconds(50), maximum: 0)
        }
        try #require(!consumer.assignment.isEmpty)
    }

    func poll(_ reader: any Reader, _ count: Int) throws -> [Record] {
        var records: [Record] = []
        let deadline = ContinuousClock.now + .seconds(30)
        while records.count < count, ContinuousClock.now < deadline {
            records += try reader.poll(timeout: .milliseconds(200))
        }
        return records
    }
}

extension Record {
    var text: String { value.map { String(decoding: $0, as: UTF8.self) } ?? "(none)" }
}

/// Expects a `BrokerError` of this code.
func expect(
    _ code: BrokerError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
    do {
        try body()
        Issue.record("expected \(code), nothing was thrown", sourceLocation: sourceLocation)
    } catch let error as BrokerError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    } catch {
        Issue.record("expected \(code), got \(error)", sourceLocation: sourceLocation)
    }
}
