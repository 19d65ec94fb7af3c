import Foundation
import Messaging
import Pipeline
import ServiceKit

/// What every service is given: its broker, the names of topics, who it is.
public struct ServiceContext: Sendable {
    public let broker: any Broker
    public let topics: Topics
    /// This replica's name, stable over restarts: two replicas of one name end each other's transactions.
    public let instance: String
    public let logger: Logger

    public init(broker: any Broker, topics: Topics, instance: String, logger: Logger) {
        self.broker = broker
        self.topics = topics
        self.instance = instance
        self.logger = logger
    }

    /// Seconds since 1970.
    public static var now: Double { Date().timeIntervalSince1970 }

    public func group(_ role: String) -> String { topics.prefix + role }

    public func transactional(_ role: String) -> TransactionalConfiguration {
        TransactionalConfiguration(transactionalID: "\(topics.prefix)\(role).\(instance)")
    }
}

extension Service {
    /// Runs `body` until the end is asked for. It may fail at any time: what it held is forgotten, and it is run again,
    /// from what the topics say, after a pause that grows. So every recovery is a restart, and there is one of them.
    public func supervise(
        until shutdown: ShutdownSignal, logger: Logger, _ body: () throws -> Void
    ) throws {
        var pause = Duration.milliseconds(200)
        while !shutdown.isRequested {
            let started = ContinuousClock.now
            do {
                try body()
            } catch let error as BrokerError where error.remedy == .correct {
                throw error  // a person has to do something; trying again would hide it
            } catch {
                logger.warning("starting over", metadata: ["error": "\(error)", "service": "\(name)"])
                if ContinuousClock.now - started > .seconds(60) { pause = .milliseconds(200) }
                shutdown.wait(timeout: pause)
                pause = min(pause * 2, .seconds(10))
            }
        }
    }
}

extension Topics {
    /// Makes all topics that are missing, and those of these lanes.
    public func create(on broker: any Broker, lanes: [LaneName], replication: Int16? = nil) throws {
        let plans = all() + lanes.flatMap { all(of: $0) }
        try broker.createTopics(plans.map { $0.settings(replication: replication) })
    }
}

extension TopicPlan {
    public func settings(replication: Int16?) -> TopicSettings {
        var other = configuration
        let cleanup: TopicSettings.Cleanup =
            switch other.removeValue(forKey: "cleanup.policy") {
            case "compact": .compact
            case "compact,delete": .compactAndDelete
            default: .delete
            }
        func number(_ name: String) -> Int64? { other.removeValue(forKey: name).flatMap { Int64($0) } }
        let retention = number("retention.ms").map { Duration.milliseconds($0) }
        let retentionBytes = number("retention.bytes"), maximum = number("max.message.bytes")
        return TopicSettings(
            name: name, partitions: Int32(partitions), replication: replication, cleanup: cleanup, retention: retention,
            retentionBytes: retentionBytes, maximumMessageBytes: maximum.map { Int32(clamping: $0) }, other: other)
    }
}
