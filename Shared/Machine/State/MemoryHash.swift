import Hashing

/// Digests of many pages and nodes of guest memory at once. The hash itself is `MemoryHashing`.
public enum MemoryHash {
    /// Digest of a data page of zeros.
    public static let zeroPage = MemoryHashing.chunkDigest(
        [UInt32](repeating: 0, count: MemoryMap.pageWords), kind: .data)

    /// Digest of 32 registers of zero: what every run starts with.
    public static let zeroRegisters = registers([UInt32](repeating: 0, count: 32))

    /// Digests of pages, `words` holding 256 words of each in turn.
    public static func pages(_ words: [UInt32], kinds: [PageKind]) -> [Digest] {
        precondition(words.count == kinds.count * MemoryMap.pageWords, "256 words a page")
        return MemoryHashing.pageDigests(words, kinds: kinds.map(\.hashingKind))
    }

    /// The nodes above `children`: left and right of each in turn, so half as many.
    public static func nodes(_ children: [Digest]) -> [Digest] {
        precondition(children.count.isMultiple(of: 2), "two children a node")
        return MemoryHashing.nodeDigests(children: children)
    }

    /// The node above two.
    public static func node(_ left: Digest, _ right: Digest) -> Digest { MemoryHashing.nodeDigest(left, right) }

    /// Digest of 32 registers.
    public static func registers(_ registers: [UInt32]) -> Digest {
        MemoryHashing.chunkDigest(registers, kind: .registers)
    }
}

extension PageKind {
    var hashingKind: MemoryHashing.Kind {
        switch self {
        case .data: .data
        case .code: .code
        }
    }
}
