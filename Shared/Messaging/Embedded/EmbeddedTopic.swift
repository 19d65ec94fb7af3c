/// A topic of the embedded broker in memory.
struct EmbeddedTopic {
    var settings: TopicSettings
    var partitions: [EmbeddedPartition]
}

/// The ends of a partition, and what transactions hold back.
struct EmbeddedPartition {
    /// The high bits of its records' row numbers.
    let id: Int64
    var low: Int64
    /// The next offset to give; those that open transactions reserved are below it.
    var next: Int64
    /// The first offset that each open transaction has reserved here.
    var open: [EmbeddedTransactionNumber: Int64] = [:]

    init(id: Int64, low: Int64, next: Int64) {
        self.id = id
        self.low = low
        self.next = next
    }

    /// The end for readers: below it, every transaction is decided.
    var lastStableOffset: Int64 {
        open.values.min() ?? next
    }
}

/// Numbers open transactions within a process.
typealias EmbeddedTransactionNumber = UInt64
