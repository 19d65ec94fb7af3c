/// One partition of a topic: a log of its own, in which every record has an offset.
public struct TopicPartition: Hashable, Sendable, Comparable, CustomStringConvertible {
    public var topic: String
    /// From 0.
    public var partition: Int32

    public init(_ topic: String, _ partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    public static func < (a: TopicPartition, b: TopicPartition) -> Bool {
        (a.topic, a.partition) < (b.topic, b.partition)
    }

    public var description: String { "\(topic)/\(partition)" }
}

/// A place in a log.
public struct Position: Hashable, Sendable, CustomStringConvertible {
    public var topicPartition: TopicPartition
    /// From 0; offsets rise, but not every offset holds a record that can be read.
    public var offset: Int64

    public init(_ topicPartition: TopicPartition, offset: Int64) {
        self.topicPartition = topicPartition
        self.offset = offset
    }

    public init(_ topic: String, _ partition: Int32, offset: Int64) {
        self.init(TopicPartition(topic, partition), offset: offset)
    }

    public var description: String { "\(topicPartition)@\(offset)" }
}

/// A name and bytes that travel beside a record's value. Names may repeat.
public struct Header: Hashable, Sendable {
    public var name: String
    public var value: [UInt8]

    public init(_ name: String, _ value: [UInt8]) {
        self.name = name
        self.value = value
    }

    public init(_ name: String, _ text: String) {
        self.init(name, Array(text.utf8))
    }
}

/// A record that was read.
public struct Record: Hashable, Sendable {
    public var position: Position
    public var key: [UInt8]?
    /// Nil: a tombstone, which takes its key out of a compacted topic.
    public var value: [UInt8]?
    public var headers: [Header]
    /// Milliseconds since 1970, by the producer's clock.
    public var timestamp: Int64

    public init(
        position: Position, key: [UInt8]?, value: [UInt8]?, headers: [Header] = [], timestamp: Int64
    ) {
        self.position = position
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
    }

    public var topic: String { position.topicPartition.topic }
    public var partition: Int32 { position.topicPartition.partition }
    public var offset: Int64 { position.offset }

    /// The value of the last header of this name.
    public func header(_ name: String) -> [UInt8]? {
        headers.last { $0.name == name }?.value
    }
}

/// A record to be written.
public struct OutgoingRecord: Hashable, Sendable {
    public var topic: String
    /// Nil: chosen by the key (see `Partitioner`), or any if there is none.
    public var partition: Int32?
    public var key: [UInt8]?
    /// Nil: a tombstone.
    public var value: [UInt8]?
    public var headers: [Header]

    public init(
        topic: String, partition: Int32? = nil, key: [UInt8]? = nil, value: [UInt8]?, headers: [Header] = []
    ) {
        self.topic = topic
        self.partition = partition
        self.key = key
        self.value = value
        self.headers = headers
    }

    /// A record of text.
    public init(topic: String, partition: Int32? = nil, key: String? = nil, text: String, headers: [Header] = []) {
        self.init(
            topic: topic, partition: partition, key: key.map { Array($0.utf8) }, value: Array(text.utf8),
            headers: headers)
    }

    /// Bytes of key, value and headers.
    var size: Int {
        (key?.count ?? 0) + (value?.count ?? 0) + headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.count }
    }
}
