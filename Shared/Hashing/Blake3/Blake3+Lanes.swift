import BinaryFields
import CKernels

// Messages of one length are hashed side by side, one in each lane of a vector, and in threads. The digests are the same
// at any number of lanes and threads.

extension Blake3 {
    /// Digests of `count` messages of one length that lie one after the other: message i is the i-th of `count` equal
    /// parts of `bytes`.
    public static func hash(_ bytes: ArraySlice<UInt8>, count: Int, mode: Mode = .hash) -> [Digest] {
        guard count > 0 else { return [] }
        precondition(bytes.count.isMultiple(of: count), "messages of one length")
        let length = bytes.count / count
        guard length <= chunkByteCount else {
            return (0..<count).map { i in
                hash(bytes.span.bytes.extracting(i * length..<(i + 1) * length), mode: mode)
            }
        }
        return bytes.withUnsafeBytes { messages in
            manyDigests(count) { range, digests in
                // The messages of `range` lie within `messages`, and so do the digests in what `manyDigests` allots.
                sheaf_blake3_many(
                    [mode.key], mode.laneFlags, messages.baseAddress.map { $0 + range.lowerBound * length }, nil,
                    length,
                    range.count, length, length, nil, digests)
            }
        }
    }

    /// Digests of neighbours: digest i is that of digests 2i and 2i + 1, their 64 bytes being one block.
    static func pairDigests(_ nodes: [Digest], key: Digest, flags: sheaf_blake3_flags) -> [Digest] {
        precondition(nodes.count.isMultiple(of: 2), "nodes in pairs")
        return nodes.withUnsafeBytes { pairs in
            manyDigests(nodes.count / 2) { range, digests in
                // 64 bytes a pair, all within `nodes`.
                sheaf_blake3_many(
                    [key], flags, pairs.baseAddress.map { $0 + range.lowerBound * blockByteCount }, nil, blockByteCount,
                    range.count, blockByteCount, blockByteCount, nil, digests)
            }
        }
    }

    /// An array of `count` digests that `fill` writes, range by range, in threads: it is given a range of indices and the
    /// place of the first of them, and must write them all and nothing else.
    static func manyDigests(
        _ count: Int, grain: Int = 512, _ fill: (Range<Int>, UnsafeMutablePointer<Digest>) -> Void
    ) -> [Digest] {
        [Digest](unsafeUninitializedCapacity: count) { buffer, initialized in
            guard let start = buffer.baseAddress else { return }
            withoutActuallyEscaping(fill) { fill in
                // Shared by the threads of one `parallel`, which ends before this call does; each writes its own range.
                nonisolated(unsafe) let (fill, start) = (fill, start)
                parallel(count, grain: grain) { range in fill(range, start + range.lowerBound) }
            }
            initialized = count
        }
    }
}

extension Blake3.Mode {
    /// The flags of a message of at most one chunk that is hashed as a whole.
    var laneFlags: sheaf_blake3_flags {
        let last: Blake3.Flags = [.chunkEnd, .root]
        return sheaf_blake3_flags(every: flagBits, first: Blake3.Flags.chunkStart.rawValue, last: last.rawValue)
    }
}
