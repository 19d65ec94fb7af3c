import Hashing
import Messaging
import Pipeline

/// Why a body cannot be had.
public enum BodyError: Error, Equatable, CustomStringConvertible {
    /// It is not (or no longer) where it was said to be.
    case missing(String)
    case wrongLength(expected: Int, got: Int)
    case wrongDigest(expected: String, got: String)
    case tooLong(length: Int, limit: Int)
    case notBase64

    public var description: String {
        switch self {
        case .missing(let what): "it is not there (any more): \(what)"
        case .wrongLength(let expected, let got): "it has \(got) bytes, not \(expected)"
        case .wrongDigest(let expected, let got): "its digest is \(got), not \(expected)"
        case .tooLong(let length, let limit): "it has \(length) bytes; at most \(limit) are taken"
        case .notBase64: "it is not base64"
        }
    }
}

/// Writes a body part by part as it is made, holding one part at a time.
///
///     var writer = BodyWriter(topic: topics.outputs, partition: 2) { try producer.produce($0) }
///     try writer.append(bytes)
///     let reference = try writer.finish()
public struct BodyWriter {
    private let topic: String
    private let partition: Int32
    private let headers: [Header]
    private let produce: (OutgoingRecord) throws -> Delivery
    private var hasher = Blake3.Hasher()
    private var pending: [UInt8] = []
    private var deliveries: [Delivery] = []
    private var length = 0

    public init(
        topic: String, partition: Int32, headers: [Header] = [], produce: @escaping (OutgoingRecord) throws -> Delivery
    ) {
        self.topic = topic
        self.partition = partition
        self.headers = headers
        self.produce = produce
    }

    public mutating func append(_ bytes: some Collection<UInt8>) throws {
        pending += bytes
        var start = 0
        while pending.count - start > BodyReference.partBytes {
            try write(Array(pending[start..<start + BodyReference.partBytes]))
            start += BodyReference.partBytes
        }
        pending.removeFirst(start)
    }

    /// Writes what is left and waits until all parts are there.
    public mutating func finish() throws -> BodyReference {
        try end()
        return try reference()
    }

    /// Writes what is left.
    public mutating func end() throws {
        try write(pending)
        pending = []
    }

    /// Where the body lies, once all parts are there, which this waits for; after `end()`.
    public func reference() throws -> BodyReference {
        BodyReference(
            topic: topic, partition: partition, offsets: try deliveries.map { try $0.wait().offset }, length: length,
            digest: hasher.finalize().hex)
    }

    private mutating func write(_ part: [UInt8]) throws {
        hasher.update(part)
        length += part.count
        let number = Header(RoutingHeader.part, String(deliveries.count))
        deliveries.append(
            try produce(
                OutgoingRecord(topic: topic, partition: partition, value: part, headers: headers + [number])))
    }
}

/// Reads bodies by position, and believes only what has the digest that was named.
public final class BodyReader: Sendable {
    private let broker: any Broker
    private let reader: any Reader

    public init(_ broker: any Broker) throws {
        self.broker = broker
        var configuration = ReaderConfiguration()
        configuration.purpose = .bodies
        reader = try broker.makeReader(configuration)
    }

    public func close() { reader.close() }

    public func read(_ body: BodyReference, limit: Int = BodyReference.maximumLength) throws -> [UInt8] {
        guard body.length <= limit else { throw BodyError.tooLong(length: body.length, limit: limit) }
        let positions = body.offsets.map { Position(body.topic, body.partition, offset: $0) }
        var bytes: [UInt8] = []
        for record in try records(at: positions) {
            bytes += record.value ?? []
            guard bytes.count <= body.length else { break }
        }
        guard bytes.count == body.length else { throw BodyError.wrongLength(expected: body.length, got: bytes.count) }
        let digest = Blake3.hash(bytes).hex
        guard digest == body.digest else { throw BodyError.wrongDigest(expected: body.digest, got: digest) }
        return bytes
    }

    private func records(at positions: [Position]) throws -> [Record] {
        do {
            return try reader.read(positions, timeout: .seconds(20))
        } catch {
            throw Self.isAbsence(error) ? BodyError.missing(error.message) : error
        }
    }

    /// Whether a position will never be read; what else a broker says may be otherwise the next time.
    private static func isAbsence(_ error: BrokerError) -> Bool {
        switch error.code {
        case .unknownTopicOrPartition, .notAuthorized, .invalidArgument: true
        default: error.remedy == .skip
        }
    }

    /// What a user names. It is looked for first, so that nobody waits for what nobody wrote.
    ///
    /// Throws `BodyError` when it cannot be had; `BrokerError` when that is not known.
    public func read(_ source: Source, limit: Int = BodyReference.maximumLength) throws -> [UInt8] {
        switch source {
        case .body(let body):
            guard body.length <= limit else { throw BodyError.tooLong(length: body.length, limit: limit) }
            try requireWritten(body)
            return try read(body, limit: limit)
        case .inline:
            guard let bytes = source.inlineBytes else { throw BodyError.notBase64 }
            return bytes
        }
    }

    private func requireWritten(_ body: BodyReference) throws {
        let written: Watermarks
        do {
            written = try broker.watermarks(TopicPartition(body.topic, body.partition))
        } catch {
            throw Self.isAbsence(error) ? BodyError.missing(error.message) : error
        }
        guard let first = body.offsets.first, let last = body.offsets.last, first >= written.low, last < written.high
        else {
            throw BodyError.missing(
                "\(body.topic)/\(body.partition) holds the offsets from \(written.low) to below \(written.high)")
        }
    }
}
