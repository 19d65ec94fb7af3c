import ClusterKit
import Foundation
import Messaging
import Testing

@Suite(
    "Contract, Kafka", .enabled(if: KafkaServer.isAvailable, "no SHEAF_TEST_BROKERS and no ../shared/kafka with Java"),
    WithKafka(), .timeLimit(.minutes(5)))
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
}
