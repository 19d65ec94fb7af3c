/// How to reach a Kafka cluster.
public struct KafkaConfiguration: Sendable {
    /// `host:port`, separated by commas.
    public var brokers: String
    /// Any option of librdkafka, by its name; these win over what Sheaf sets.
    public var options: [String: String]
    /// The longest wait for an answer of the cluster.
    public var timeout: Duration = .seconds(30)
    /// How often the topics of a pattern are looked for.
    public var topicRefreshInterval: Duration = .seconds(5)
    /// What librdkafka logs: syslog's level (0 to 7, lower is worse) and text. From any thread.
    public var log: @Sendable (_ level: Int, _ message: String) -> Void = { _, _ in }

    public init(brokers: String, options: [String: String] = [:]) {
        self.brokers = brokers
        self.options = options
    }
}
