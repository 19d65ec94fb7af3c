import BinaryFields
import Foundation
import Messaging
import Pipeline
import ServiceKit

/// How a Kafka cluster is reached: shared by services and by the commands of the tool that speak with them.
public struct BrokerOptions: ParsableArguments {
    @Option(help: "Bootstrap brokers of the Kafka cluster: host:port, separated by commas.")
    public var brokers = "localhost:9092"

    @Option(help: "What the names of all topics begin with.")
    public var topicPrefix = "sheaf."

    @Option(help: "Any librdkafka option, as name=value; may be given several times.")
    public var kafka: [String] = []

    public init() {}

    public var topics: Topics { Topics(prefix: topicPrefix) }

    public func validate() throws {
        for option in kafka where !option.contains("=") {
            throw ValidationError("--kafka \(option): expected name=value")
        }
        guard topicPrefix.utf8.count <= 64, topicPrefix.isEmpty || Identifier.isValid(topicPrefix) else {
            throw ValidationError("--topic-prefix \(topicPrefix): expected up to 64 of a-z A-Z 0-9 . _ -")
        }
    }

    public func connect() throws -> any Broker {
        var options: [String: String] = [:]
        for option in kafka {
            let pair = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            options[String(pair[0])] = pair.count > 1 ? String(pair[1]) : ""
        }
        return try KafkaBroker(KafkaConfiguration(brokers: brokers, options: options))
    }
}

/// What every service's main takes.
public struct ServiceOptions: ParsableArguments {
    @OptionGroup public var broker: BrokerOptions

    @Option(help: "Where /metrics, /livez and /readyz are served: host:port; without it, nowhere.")
    public var http: String?

    @Option(
        help:
            "This replica's name, stable over restarts; two of one name on one cluster stop each other. The host's by default."
    )
    public var instance: String?

    @Option(help: "Least level of log lines: trace, debug, info, notice, warning, error, critical.")
    public var logLevel = Logger.Level.info

    @Option(help: "Form of log lines: text or json.")
    public var logFormat = LogFormat.text

    public init() {}

    /// Starts a process's services and returns when they have ended: on SIGTERM or SIGINT, with nothing lost.
    public func run(_ label: String, services: (ServiceContext) throws -> [any Service]) throws {
        LoggingSystem.bootstrap(level: logLevel, format: logFormat)
        let logger = Logger(label: label)
        let broker = try self.broker.connect()
        defer { broker.close() }
        let context = ServiceContext(
            broker: broker, topics: self.broker.topics, instance: instance ?? ProcessInfo.processInfo.hostName,
            logger: logger)
        let group = ServiceGroup(services: try services(context), logger: logger)
        let health = Health()
        health.addReadinessCheck("broker") { [broker, topics = self.broker.topics] in
            // Any answer will do: a topic that is not there yet is made by whoever sets the cluster up.
            (try? broker.topics(.named(topics.jobs))) == nil ? "no broker answers" : nil
        }
        health.addLivenessCheck("services") { [shutdown = group.shutdown] in
            shutdown.isRequested ? "ending: \(shutdown.reason ?? "")" : nil
        }
        let server = try http.map { try ObservabilityServer(address: $0, health: health) }
        defer { server?.stop() }
        logger.notice("started", metadata: ["version": "\(SheafVersion.current)", "isa": "\(InstructionSet.current)"])
        try group.run()
    }
}
