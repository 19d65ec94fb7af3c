import CKernels

/// The hash of guest memory: pages and register block are keyed chunks whose counter is their kind, inner nodes are keyed
/// parents. Design: machine.md, section 5. The proof system's BLAKE3 table computes the same compressions.
public enum MemoryHashing {
    /// BLAKE3 of "sheaf memory v1": key of every compression here.
    public static let key = Blake3.hash(Array("sheaf memory v1".utf8))

    /// What a chunk holds; it stands in the counter of each of its compressions.
    public enum Kind: UInt8, Sendable, CaseIterable {
        case data = 0
        case code = 1
        case registers = 2
    }

    /// The digest of a chunk of whole blocks: `words.count` is a positive multiple of 16 (256 for a page of 1 KiB, 32 for
    /// the registers).
    public static func chunkDigest(_ words: [UInt32], kind: Kind) -> Digest {
        precondition(!words.isEmpty && words.count.isMultiple(of: 16), "a chunk has whole blocks of 16 words")
        var chainingValue = key.words
        sheaf_blake3_chain(
            &chainingValue, words, words.count / 16, UInt64(kind.rawValue), Blake3.Flags.keyedHash.rawValue,
            Blake3.Flags.chunkStart.rawValue, Blake3.Flags.chunkEnd.rawValue)
        return Digest(words: chainingValue)
    }

    /// The digest of the node above two.
    public static func nodeDigest(_ left: Digest, _ right: Digest) -> Digest {
        Digest(
            words: Blake3.compress(
                chainingValue: key.words, block: SIMD16(lowHalf: left.words, highHalf: right.words), counter: 0,
                length: 64, flags: [.keyedHash, .parent]
            ).lowHalf)
    }

    /// Bytes of a page.
    public static let pageByteCount = 1024

    /// Digests of many pages: `words` holds the 256 words of each in turn, `kinds` the kind of each.
    public static func pageDigests(_ words: [UInt32], kinds: [Kind]) -> [Digest] {
        precondition(words.count == kinds.count * pageByteCount / 4, "256 words for each page")
        let flags = sheaf_blake3_flags(
            every: Blake3.Flags.keyedHash.rawValue, first: Blake3.Flags.chunkStart.rawValue,
            last: Blake3.Flags.chunkEnd.rawValue)
        return words.withUnsafeBytes { pages in
            Blake3.manyDigests(kinds.count, grain: 128) { range, digests in
                // The pages of `range` lie within `words`, and there is a counter for each.
                sheaf_blake3_many(
                    [key], flags, pages.baseAddress.map { $0 + range.lowerBound * pageByteCount }, nil, pageByteCount,
                    range.count, pageByteCount, pageByteCount, kinds[range].map { UInt64($0.rawValue) }, digests)
            }
        }
    }

    /// The nodes above neighbours: node i is above nodes 2i and 2i + 1 of `children`, whose number is even.
    public static func nodeDigests(children: [Digest]) -> [Digest] {
        let flags: Blake3.Flags = [.keyedHash, .parent]
        return Blake3.pairDigests(
            children, key: key, flags: sheaf_blake3_flags(every: flags.rawValue, first: 0, last: 0))
    }
}
