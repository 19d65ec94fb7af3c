import Machine

/// A claim on one segment, with its proof.
public struct SegmentReceipt: Hashable, Sendable {
    public static let version: UInt32 = 1
    static let magic: [UInt8] = Array("SHSR".utf8)

    /// Version of the parameter record under which the proof was made.
    public let recordVersion: Int
    /// Its size class: log₂ of the stack.
    public let stackLog: Int
    public let claim: SegmentClaim
    /// The rows of each table, in the order of `TableKind`.
    public let heights: [Int]
    /// As the proof system reads it (docs/protocol.md).
    public let proof: [UInt8]

    public init(recordVersion: Int, stackLog: Int, claim: SegmentClaim, heights: [Int], proof: [UInt8]) {
        self.recordVersion = recordVersion
        self.stackLog = stackLog
        self.claim = claim
        self.heights = heights
        self.proof = proof
    }
}

// The one encoding, all numbers little-endian:
//
//      offset  bytes
//           0      4  "SHSR"
//           4      4  version
//           8      4  version of the parameter record
//          12      4  its class, log2 of the stack
//          16    156  claim (SegmentClaim)
//         172      4  number of tables t
//         176     4t  heights
//                  4  length of the proof p
//                  p  proof
extension SegmentReceipt {
    public var encodedCount: Int { 180 + 4 * heights.count + proof.count }

    public func encoded() -> [UInt8] {
        var bytes = Self.magic
        bytes.reserveCapacity(encodedCount)
        bytes.put(Self.version)
        bytes.put(UInt32(recordVersion))
        bytes.put(UInt32(stackLog))
        bytes += claim.encoded()
        bytes.put(UInt32(heights.count))
        for height in heights { bytes.put(UInt32(height)) }
        bytes.put(UInt32(proof.count))
        bytes += proof
        return bytes
    }

    /// Reads what `encoded()` writes and nothing else; whether it is valid is for `SegmentVerifier`.
    public init(decoding bytes: ArraySlice<UInt8>) throws(ReceiptError) {
        var reader = ByteReader(bytes)
        guard bytes.starts(with: Self.magic) else { throw .notAReceipt }
        _ = try reader.take(Self.magic.count, "magic")
        let version = try reader.word("version")
        guard version == Self.version else { throw .version(expected: Self.version, got: version) }
        recordVersion = Int(try reader.word("record version"))
        stackLog = Int(try reader.word("record class"))
        guard let claim = SegmentClaim(decoding: try reader.take(SegmentClaim.encodedCount, "claim")) else {
            throw .field("claim")
        }
        self.claim = claim
        guard try reader.word("number of tables") == UInt32(TableKind.allCases.count) else {
            throw .field("number of tables")
        }
        heights = try reader.words(TableKind.allCases.count, "heights").map(Int.init)
        proof = Array(try reader.take(Int(try reader.word("length of the proof")), "proof"))
        try reader.finish()
    }
}
