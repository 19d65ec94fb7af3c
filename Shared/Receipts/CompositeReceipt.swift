/// The receipt of a whole run: its journal, and the receipts of all its segments in their order.
public struct CompositeReceipt: Hashable, Sendable {
    public static let version: UInt32 = 1
    static let magic: [UInt8] = Array("SHCR".utf8)

    public let journal: JournalOpening
    public let segments: [SegmentReceipt]

    public init(journal: JournalOpening, segments: [SegmentReceipt]) {
        self.journal = journal
        self.segments = segments
    }
}

// The one encoding, all numbers little-endian. It is written and read from front to back, so that whoever chains or checks
// a long run holds one segment at a time.
//
//      offset  bytes
//           0      4  "SHCR"
//           4      4  version
//           8      4  number of segments s
//          12         journal (JournalOpening)
//                     s times: length l (4 bytes), segment receipt (l bytes)
extension CompositeReceipt {
    /// What stands before the segments.
    public static func header(journal: JournalOpening, segments: Int) -> [UInt8] {
        var bytes = magic
        bytes.put(version)
        bytes.put(UInt32(segments))
        return bytes + journal.encoded()
    }

    /// What stands before each segment receipt: its length.
    public static func prefix(segmentBytes count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.put(UInt32(count))
        return bytes
    }

    public func encoded() -> [UInt8] {
        segments.reduce(into: Self.header(journal: journal, segments: segments.count)) { bytes, segment in
            bytes += Self.prefix(segmentBytes: segment.encodedCount)
            bytes += segment.encoded()
        }
    }

    /// Reads what `encoded()` writes and nothing else; whether it is valid is for `verify(_:)`.
    public init(decoding bytes: ArraySlice<UInt8>) throws(ReceiptError) {
        var segments: [SegmentReceipt] = []
        journal = try Self.read(bytes) { (segment: SegmentReceipt, _: Int) throws(ReceiptError) in
            segments.append(segment)
        }
        self.segments = segments
    }

    /// Reads a receipt segment by segment, without holding more than one.
    ///
    /// - Returns: the journal, after the last segment.
    static func read(
        _ bytes: ArraySlice<UInt8>, each: (SegmentReceipt, Int) throws(ReceiptError) -> Void
    ) throws(ReceiptError) -> JournalOpening {
        var reader = ByteReader(bytes)
        guard bytes.starts(with: magic) else { throw .notAReceipt }
        _ = try reader.take(magic.count, "magic")
        let version = try reader.word("version")
        guard version == Self.version else { throw .version(expected: Self.version, got: version) }
        let count = Int(try reader.word("number of segments"))
        let journal = try JournalOpening(&reader)
        for index in 0..<count {
            let length = Int(try reader.word("length of segment \(index)"))
            try each(try SegmentReceipt(decoding: try reader.take(length, "segment \(index)")), index)
        }
        try reader.finish()
        return journal
    }
}
