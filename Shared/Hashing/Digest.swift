/// A BLAKE3 digest or chaining value: eight 32-bit words, 32 bytes when they are written little-endian.
public struct Digest: Hashable, Sendable {
    public static let byteCount = 32

    /// Word i is bytes 4i to 4i + 3. A vector, so that an array of digests is what the kernels read and write.
    public var words: SIMD8<UInt32>

    public init(words: SIMD8<UInt32>) {
        self.words = words
    }

    /// All zero: no digest of anything known.
    public static let zero = Digest(words: .zero)

    /// The digest of exactly 32 bytes; nil for any other number.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Digest.byteCount else { return nil }
        var words = SIMD8<UInt32>.zero
        for (i, byte) in bytes.enumerated() {
            words[i / 4] |= UInt32(byte) << UInt32(8 * (i % 4))
        }
        self.words = words
    }

    /// The digest of exactly 64 hexadecimal digits of either case; nil for anything else.
    public init?(hex: String) {
        let digits = hex.utf8.map { Digest.value(ofHexDigit: $0) }
        guard digits.count == 2 * Digest.byteCount else { return nil }
        var bytes: [UInt8] = []
        for i in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[i], let low = digits[i + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        self.init(bytes: bytes)
    }

    /// Its 32 bytes.
    public var bytes: [UInt8] {
        (0..<Digest.byteCount).map { UInt8(truncatingIfNeeded: words[$0 / 4] >> UInt32(8 * ($0 % 4))) }
    }

    /// Its 64 hexadecimal digits, lower case.
    public var hex: String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    private static func value(ofHexDigit digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension Digest: CustomStringConvertible {
    public var description: String { hex }
}
