import ClusterKit
import Foundation
import Messaging
import Testing

@Suite(
    "Contract, Kafka", .enabled(if: KafkaServer.isAvailable, "no SHEAF_TEST_BROKERS and no ../shared/kafka with Java"),
    WithKafka(), .timeLimit(.minutes(10)))
struct KafkaContractTests {
    static func broker(_ server: KafkaServer) throws -> KafkaBroker {
        var configuration = KafkaConfiguration(brokers: server.brokers)
        configuration.timeout = .seconds(20)
        configuration.topicRefreshInterval = .seconds(1)
        if ProcessInfo.processInfo.environment["SHEAF_TEST_LOG"] != nil {
            configuration.log = { level, text in print("librdkafka \(level) \(text)") }
        }
        return try KafkaBroker(configuration)
    }

    @Test(arguments: ContractCase.all)
    func holds(_ promise: ContractCase) throws {
        let broker = try Self.broker(try #require(WithKafka.server))
        defer { broker.close() }
        try promise.check(BrokerFixture(broker))
    }

    /// A broker that was closed answers with an error, whatever it is asked.
    @Test func aClosedBrokerRefuses() throws {
        let broker = try Self.broker(try #require(WithKafka.server))
        broker.close()
        broker.close()
        for question: () throws -> Void in [
            { _ = try broker.topics(.prefixed("")) }, { _ = try broker.watermarks(TopicPartition("t", 0)) },
            { try broker.deleteTopics(["t"]) }, { _ = try broker.createTopics([TopicSettings(name: "t")]) },
        ] {
            #expect { try question() } throws: { ($0 as? BrokerError)?.code == .closed }
        }
    }
}
