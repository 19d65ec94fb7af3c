import Hashing

/// Reads little-endian fields from untrusted bytes: each length is checked against what is left before it is used.
struct ByteReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var left: Int { bytes.endIndex - position }

    mutating func take(_ count: Int, _ field: String) throws(ReceiptError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= left else { throw .truncated(field: field, needed: count, left: left) }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func word(_ field: String) throws(ReceiptError) -> UInt32 {
        try take(4, field).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// - Precondition: a number of our own, not one that was read: its bytes are a number too.
    mutating func words(_ count: Int, _ field: String) throws(ReceiptError) -> [UInt32] {
        let slice = try take(4 * count, field)
        return (0..<count).map { index in
            let start = slice.startIndex + 4 * index
            return slice[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
    }

    mutating func digest(_ field: String) throws(ReceiptError) -> Digest {
        guard let digest = Digest(bytes: try take(Digest.byteCount, field)) else { throw .field(field) }
        return digest
    }

    func finish() throws(ReceiptError) {
        if left > 0 { throw .trailingBytes(left) }
    }
}

extension [UInt8] {
    mutating func put(_ value: UInt32) {
        Swift.withUnsafeBytes(of: value.littleEndian) { self += $0 }
    }
}
