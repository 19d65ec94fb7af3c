/// What a topic is made with.
public struct TopicSettings: Hashable, Sendable {
    public enum Cleanup: String, Sendable {
        /// Records go when they are older than `retention`, or when the partition exceeds `retentionBytes`.
        case delete
        /// Of each key the last record stays; a tombstone goes in the end.
        case compact
        /// Both.
        case compactAndDelete
    }

    public var name: String
    /// 1 or more.
    public var partitions: Int32
    /// Copies of each partition; nil: the broker's default. The embedded broker keeps one.
    public var replication: Int16?
    public var cleanup: Cleanup
    /// Nil: for ever.
    public var retention: Duration?
    /// Bytes a partition; nil: no limit.
    public var retentionBytes: Int64?
    /// Largest record in bytes, headers and overhead included; nil: the broker's default, by Kafka 1,048,588.
    public var maximumMessageBytes: Int32?
    /// How long records stay untouched before compaction may take superseded ones; nil: the broker's default.
    public var compactionLag: Duration?
    /// Further settings by Kafka's names; the embedded broker ignores them.
    public var other: [String: String]

    public init(
        name: String, partitions: Int32 = 1, replication: Int16? = nil, cleanup: Cleanup = .delete,
        retention: Duration? = nil, retentionBytes: Int64? = nil, maximumMessageBytes: Int32? = nil,
        compactionLag: Duration? = nil, other: [String: String] = [:]
    ) {
        self.name = name
        self.partitions = partitions
        self.replication = replication
        self.cleanup = cleanup
        self.retention = retention
        self.retentionBytes = retentionBytes
        self.maximumMessageBytes = maximumMessageBytes
        self.compactionLag = compactionLag
        self.other = other
    }

    /// Kafka's rule: 1 to 249 of `a…z A…Z 0…9 . _ -`, neither `.` nor `..`.
    static func isName(_ name: String) -> Bool {
        let allowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return allowed && (1...249).contains(name.utf8.count) && name != "." && name != ".."
    }
}

/// Topics to read or list: one, or all that begin alike, also those made later.
public enum TopicSelector: Hashable, Sendable {
    case named(String)
    case prefixed(String)

    public func matches(_ topic: String) -> Bool {
        switch self {
        case .named(let name): topic == name
        case .prefixed(let prefix): topic.hasPrefix(prefix)
        }
    }
}

/// A topic that exists.
public struct TopicDescription: Hashable, Sendable {
    public var name: String
    public var partitions: Int32

    public init(name: String, partitions: Int32) {
        self.name = name
        self.partitions = partitions
    }

    public var topicPartitions: [TopicPartition] {
        (0..<partitions).map { TopicPartition(name, $0) }
    }
}

/// The ends of a partition.
public struct Watermarks: Hashable, Sendable {
    /// The first offset that is kept.
    public var low: Int64
    /// The offset after the last record written, whether its transaction is decided or not.
    public var high: Int64

    public init(low: Int64, high: Int64) {
        self.low = low
        self.high = high
    }
}
