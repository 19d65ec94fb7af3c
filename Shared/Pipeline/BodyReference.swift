/// Where something large lies: in one partition of one topic, in one or several records of at most 1 MiB.
///
/// The body is written first, then the message that names it; whoever reads it checks length and digest.
public struct BodyReference: Codable, Hashable, Sendable {
    public let topic: String
    public let partition: Int32
    /// The offset of each part, rising.
    public let offsets: [Int64]
    /// Of all parts together: bytes.
    public let length: Int
    /// BLAKE3 of all parts together: 64 lower-case hexadecimal digits.
    public let digest: String

    public init(topic: String, partition: Int32, offsets: [Int64], length: Int, digest: String) {
        self.topic = topic
        self.partition = partition
        self.offsets = offsets
        self.length = length
        self.digest = digest
    }

    /// What one part carries at most: bytes. Key and headers share the record's 1 MiB with it.
    public static let partBytes = Topics.maximumMessageBytes - 8192
    /// What one body may weigh: bytes.
    public static let maximumLength = 1 << 30

    /// - Throws: `MessageError.invalid` when no honest writer could have made this reference.
    public func validate(field: String) throws {
        try require(Identifier.isTopic(topic), field + ".topic", topic)
        try require(partition >= 0, field + ".partition", partition)
        try require((0...Self.maximumLength).contains(length), field + ".length", length)
        let parts = max(1, (length + Self.partBytes - 1) / Self.partBytes)
        try require(offsets.count == parts, field + ".offsets", offsets.count)
        try require(offsets.allSatisfy { $0 >= 0 }, field + ".offsets", "negative")
        try require(zip(offsets, offsets.dropFirst()).allSatisfy(<), field + ".offsets", "not rising")
        try require(digest.utf8.count == 64 && digest.isLowerHex, field + ".digest", digest)
    }
}
