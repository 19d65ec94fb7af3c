/// The topics of one Sheaf, under one prefix.
///
/// ```
///  users ─▶ jobs ─▶ INGEST ─▶ executions ─▶ EXECUTOR ─▶ segments (bodies), tasks (claims)
///             uploads ┘                         ▲ settled          │
///                                               │                  ▼
///  users ◀─ results ◀─ AGGREGATOR ◀─ settled ◀─ VERIFIER: dispatch ─▶ work.<lane> ─▶ PROVER × n of a lane
///             outputs ┘    └─▶ tasks (joins)       ▲ control                            │ reads segments
///                                               VERIFIER: check × n ◀─ receipts.<lane> ◀┘
/// ```
///
/// Topics that are joined by key (`executions`, `tasks`, `settled`, `results`, `events`) have the same number of
/// partitions and are keyed by job, so that whoever owns a partition of one owns a job's records in all.
public struct Topics: Sendable, Hashable {
    /// What every name begins with, for example `sheaf.`.
    public let prefix: String

    public init(prefix: String = "sheaf.") {
        self.prefix = prefix
    }

    public var jobs: String { prefix + "jobs" }
    public var uploads: String { prefix + "uploads" }
    public var executions: String { prefix + "executions" }
    public var segments: String { prefix + "segments" }
    public var tasks: String { prefix + "tasks" }
    public var control: String { prefix + "control" }
    public var verified: String { prefix + "verified" }
    public var settled: String { prefix + "settled" }
    public var dispatch: String { prefix + "dispatch" }
    public var outputs: String { prefix + "outputs" }
    public var results: String { prefix + "results" }
    public var events: String { prefix + "events" }
    public var deadletters: String { prefix + "deadletters" }

    public func work(_ lane: LaneName) -> String { prefix + "work." + lane.text }
    public func receipts(_ lane: LaneName) -> String { prefix + "receipts." + lane.text }

    /// What the names of all lanes' receipts begin with; a verifier subscribes to it as a pattern.
    public var receiptsPrefix: String { prefix + "receipts." }

    /// The lane whose receipts this topic carries: the topic proves the lane, so receipts need no signature.
    public func lane(ofReceipts topic: String) -> LaneName? {
        topic.hasPrefix(receiptsPrefix) ? LaneName(String(topic.dropFirst(receiptsPrefix.count))) : nil
    }
}

/// One owner of provers: one operator, one principal, one pair of topics.
public struct LaneName: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public let text: String

    /// Nil unless it is 1 to 64 of `a-z A-Z 0-9 . _ -`, as Kafka allows in topics.
    public init?(_ text: String) {
        guard Identifier.isValid(text) else { return nil }
        self.text = text
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let lane = LaneName(text) else { throw MessageError.invalid(field: "lane", value: text) }
        self = lane
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
    public var description: String { text }
}

/// Names that travel in topics, keys and file names.
public enum Identifier {
    public static let maximumLength = 64

    public static func isValid(_ text: String) -> Bool { isName(text, maximumLength: maximumLength) }

    /// Whether Kafka could have a topic of this name.
    public static func isTopic(_ text: String) -> Bool { isName(text, maximumLength: 249) }

    private static func isName(_ text: String, maximumLength: Int) -> Bool {
        (1...maximumLength).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
            && text != "." && text != ".."
    }
}

/// How a topic is made: partitions, what is kept and for how long.
public struct TopicPlan: Sendable, Hashable {
    public let name: String
    public let partitions: Int
    /// Kafka's names of topic settings, for example `cleanup.policy`.
    public let configuration: [String: String]
}

extension Topics {
    /// Partitions of the topics that are keyed by job.
    public static let jobPartitions = 16
    public static let workPartitions = 16
    /// What a receipt message may weigh: bytes. A segment receipt has some 250 kB.
    public static let maximumReceiptBytes = 512 * 1024
    /// What one message of a body may weigh, headers included: Kafka's own default, so that any broker will do.
    public static let maximumMessageBytes = 1 << 20

    /// Every topic but those of lanes.
    public func all() -> [TopicPlan] {
        let day = 86_400_000
        return [
            deleted(jobs, partitions: 1, milliseconds: 7 * day),
            deleted(uploads, partitions: 4, milliseconds: day),
            compacted(executions, partitions: Self.jobPartitions),
            deleted(segments, partitions: 32, milliseconds: 7 * day),
            compacted(tasks, partitions: Self.jobPartitions),
            deleted(control, partitions: 1, milliseconds: day),
            deleted(verified, partitions: 16, milliseconds: 7 * day),
            compacted(settled, partitions: Self.jobPartitions),
            compacted(dispatch, partitions: 1),
            deleted(outputs, partitions: 4, milliseconds: 7 * day),
            compacted(results, partitions: Self.jobPartitions, alsoDeletedAfter: 7 * day),
            deleted(events, partitions: Self.jobPartitions, milliseconds: 7 * day),
            deleted(deadletters, partitions: 1, milliseconds: 7 * day),
        ]
    }

    /// The two topics of a lane.
    public func all(of lane: LaneName) -> [TopicPlan] {
        let hour = 3_600_000
        var receiptSettings = deleted(receipts(lane), partitions: 4, milliseconds: hour).configuration
        receiptSettings["retention.bytes"] = String(1 << 30)
        receiptSettings["max.message.bytes"] = String(Self.maximumReceiptBytes + 4096)
        // The broker must not inflate what a stranger compressed: one small message can become gigabytes there.
        receiptSettings["compression.type"] = "producer"
        return [
            deleted(work(lane), partitions: Self.workPartitions, milliseconds: hour),
            TopicPlan(name: receipts(lane), partitions: 4, configuration: receiptSettings),
        ]
    }

    private func deleted(_ name: String, partitions: Int, milliseconds: Int) -> TopicPlan {
        TopicPlan(
            name: name, partitions: partitions,
            configuration: ["cleanup.policy": "delete", "retention.ms": String(milliseconds), "segment.ms": "600000"])
    }

    private func compacted(_ name: String, partitions: Int, alsoDeletedAfter milliseconds: Int? = nil) -> TopicPlan {
        var configuration = [
            "cleanup.policy": "compact", "segment.ms": "600000", "min.cleanable.dirty.ratio": "0.1",
        ]
        if let milliseconds {
            configuration["cleanup.policy"] = "compact,delete"
            configuration["retention.ms"] = String(milliseconds)
        }
        return TopicPlan(name: name, partitions: partitions, configuration: configuration)
    }
}
