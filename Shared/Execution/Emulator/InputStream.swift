/// The private words that a program reads one by one, each once; after the last come zeros.
public struct InputStream: Sendable, Hashable {
    public let words: [UInt32]

    /// The words themselves.
    public init(words: [UInt32]) { self.words = words }

    /// The stream that `--input FILE` makes: the number of bytes, then the bytes as little-endian words, the last one
    /// filled with zeros.
    public init(bytes: [UInt8]) {
        var words: [UInt32] = []
        words.reserveCapacity(1 + (bytes.count + 3) / 4)
        words.append(UInt32(truncatingIfNeeded: bytes.count))
        for start in stride(from: 0, to: bytes.count, by: 4) {
            var word: UInt32 = 0
            for offset in 0..<min(4, bytes.count - start) {
                word |= UInt32(bytes[start + offset]) << UInt32(8 * offset)
            }
            words.append(word)
        }
        self.words = words
    }

    public static let empty = InputStream(words: [])

    func word(_ position: Int) -> UInt32 { position < words.count ? words[position] : 0 }
}
