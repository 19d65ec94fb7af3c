/// A GF(2)-linear map from K to E: 64 bits of a row to one element.
public struct KMap: Sendable {
    /// The images of the sums of the eight bits of each byte: 256 i + byte for byte i.
    private let tables: [E]

    /// - Parameter images: of 1, x, …, x⁶³.
    public init(_ images: [E]) {
        precondition(images.count == 64, "\(images.count) images of 64")
        tables = byteTables(images)
    }

    /// d[i] = the image of words[i]
    public func apply(_ words: KSpan, into d: ESpan) {
        precondition(words.count == d.count, "spans of different lengths")
        for i in 0..<words.count { d[i] = image(of: words[i].bits) }
    }

    /// d[i] += the image of words[i]
    public func add(_ words: KSpan, into d: ESpan) {
        precondition(words.count == d.count, "spans of different lengths")
        for i in 0..<words.count { d[i] += image(of: words[i].bits) }
    }

    private func image(of word: UInt64) -> E { imageOfWord(word, tables, 0) }
}

/// A GF(2)-linear map from E to E.
public struct EMap: Sendable {
    private let tables: [E]

    /// - Parameter images: of xⁱ·Yʲ at 64 j + i.
    public init(_ images: [E]) {
        precondition(images.count == 192, "\(images.count) images of 192")
        tables = byteTables(images)
    }

    /// d[i] = the image of a[i]; `d` may be `a`.
    public func apply(_ a: ESpan, into d: ESpan) {
        precondition(a.count == d.count, "spans of different lengths")
        for i in 0..<a.count {
            let element = a[i]
            d[i] =
                imageOfWord(element.c0, tables, 0) + imageOfWord(element.c1, tables, 8)
                + imageOfWord(element.c2, tables, 16)
        }
    }
}

private func byteTables(_ images: [E]) -> [E] {
    stride(from: 0, to: images.count, by: 8).flatMap { first in
        (0..<8).reduce(into: [E.zero]) { sums, bit in sums += sums.map { $0 + images[first + bit] } }
    }
}

private func imageOfWord(_ word: UInt64, _ tables: [E], _ firstByte: Int) -> E {
    (0..<8).reduce(E.zero) { $0 + tables[256 * (firstByte + $1) + Int(word >> UInt64(8 * $1) & 255)] }
}
