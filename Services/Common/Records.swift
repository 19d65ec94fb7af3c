import Foundation
import Messaging
import Pipeline

extension OutgoingRecord {
    /// A control message under a key.
    public init(
        topic: String, partition: Int32? = nil, key: String, message: some ControlMessage, headers: [Header] = []
    ) throws {
        self.init(
            topic: topic, partition: partition, key: Array(key.utf8),
            value: try message.encoded(), headers: headers)
    }

    /// Takes a key out of a compacted topic.
    public static func tombstone(topic: String, partition: Int32? = nil, key: String) -> OutgoingRecord {
        OutgoingRecord(topic: topic, partition: partition, key: Array(key.utf8), value: nil)
    }
}

/// The partition of a job in the topics that are joined by it: one function for all writers, in whatever language a
/// client partitions.
public enum JobPartition {
    public static func of(_ job: String) -> Int32 { Int32(fnv1a(job) % UInt32(Topics.jobPartitions)) }

    /// FNV-1a (Fowler, Noll, Vo), 32 bits.
    static func fnv1a(_ text: String) -> UInt32 {
        text.utf8.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }
}

/// The partition of `work.<lane>` that a node reads.
public enum NodePartition {
    public static func of(_ node: String, partitions: Int32) -> Int32 {
        Int32(JobPartition.fnv1a(node) % UInt32(max(1, partitions)))
    }
}

extension DeadLetter {
    public init(_ record: Record, reason: String) {
        self.init(
            topic: record.topic, partition: record.partition, offset: record.offset, reason: String(reason.prefix(500)),
            head: Data((record.value ?? []).prefix(1024)).base64EncodedString(), time: ServiceContext.now)
    }
}

extension Record {
    public var keyText: String? { key.flatMap { String(validating: $0, as: UTF8.self) } }

    public func headerText(_ name: String) -> String? {
        header(name).flatMap { $0.count <= 256 ? String(validating: $0, as: UTF8.self) : nil }
    }
}

/// Which offsets of each partition are done when records are finished in another order than they came in.
public struct OffsetTracker: Sendable {
    private var open: [TopicPartition: [Int64]] = [:]
    private var next: [TopicPartition: Int64] = [:]

    public init() {}

    public mutating func begin(_ record: Record) {
        let partition = record.position.topicPartition
        open[partition, default: []].append(record.offset)
        next[partition] = record.offset + 1
    }

    public mutating func finish(_ position: Position) {
        open[position.topicPartition]?.removeAll { $0 == position.offset }
    }

    /// Everything below these is done.
    public var done: [Position] {
        next.map { partition, next in Position(partition, offset: open[partition]?.first ?? next) }
    }
}

extension OffsetTracker {
    /// Partitions that others have now.
    public mutating func forget(_ partitions: [TopicPartition]) {
        for partition in partitions {
            open[partition] = nil
            next[partition] = nil
        }
    }
}

/// The bytes of lower-case hexadecimal digits; nil for anything else.
public func bytes(ofHex text: String) -> [UInt8]? {
    func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }
    let characters = Array(text.utf8)
    guard characters.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(characters.count / 2)
    for index in stride(from: 0, to: characters.count, by: 2) {
        guard let high = digit(characters[index]), let low = digit(characters[index + 1]) else { return nil }
        bytes.append(high << 4 | low)
    }
    return bytes
}

/// Lower-case hexadecimal digits.
public func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
