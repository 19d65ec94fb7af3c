/// The domains under which Sheaf hashes: a digest made in one is never one of another (rule 8 of the design).
///
/// Each is BLAKE3's key derivation under the context "sheaf 1 …". Memory has a keyed hash of its own, see ``MemoryHashing``.
public enum Domain {
    /// A column of an interleaved codeword.
    public static let leaf = Blake3.Mode.deriveKey(context: "sheaf 1 leaf")
    /// Two nodes of a Merkle tree below one.
    public static let node = Blake3.Mode.deriveKey(context: "sheaf 1 node")
    /// The public part of a statement: the transcript's first state.
    public static let transcript = Blake3.Mode.deriveKey(context: "sheaf 1 transcript")
    /// The canonical bytes of all tables.
    public static let tables = Blake3.Mode.deriveKey(context: "sheaf 1 tables")

    /// The Merkle node above two nodes: their 64 bytes, hashed.
    public static func nodeDigest(_ left: Digest, _ right: Digest) -> Digest {
        let flags: Blake3.Flags = [.chunkStart, .chunkEnd, .root]
        return Digest(
            words: Blake3.compress(
                chainingValue: node.key.words, block: SIMD16(lowHalf: left.words, highHalf: right.words),
                counter: 0, length: 64, flags: node.flags.union(flags)
            ).lowHalf)
    }

    /// The nodes above neighbours: node i is above nodes 2i and 2i + 1 of `children`, whose number is even.
    public static func nodeDigests(_ children: [Digest]) -> [Digest] {
        Blake3.pairDigests(children, key: node.key, flags: node.laneFlags)
    }
}
