import Hashing

/// The part of a memory tree that a segment opens: all ancestors of its touched pages, with their siblings.
///
/// Trace filling reads the nodes before the segment from one copy and those after it from another that was updated.
public struct PartialMemoryTree: Sendable {
    /// By level (entry 0 unused): indices in rising order and the digest of each.
    private var indices: [[UInt32]]
    private var digests: [[Digest]]
    /// By level: the ancestors of pages, in rising order.
    private var ancestors: [[UInt32]]

    /// Builds the tree from page digests (rising indices below 2^22) and the digests that open them, in the canonical
    /// order of `MemoryTree.opening(of:)`. Its root is what these pages and digests hash to: compare it.
    ///
    /// Throws `SegmentError.openingLength` when there are more or fewer digests than these pages need.
    public init(pages: [UInt32], digests pageDigests: [Digest], opening: [Digest]) throws(SegmentError) {
        precondition(pages.count == pageDigests.count, "a digest for each page")
        let expected = OpeningWalk.count(pages)
        guard opening.count == expected else {
            throw .openingLength(expected: expected, got: opening.count)
        }
        indices = [[UInt32]](repeating: [], count: MemoryMap.pageLevel + 1)
        digests = [[Digest]](repeating: [], count: MemoryMap.pageLevel + 1)
        ancestors = indices
        var siblings = [[UInt32]](repeating: [], count: MemoryMap.pageLevel + 1)
        OpeningWalk.siblings(of: pages) { level, index in siblings[level].append(index) }
        var next = 0
        var level = MemoryMap.pageLevel
        var known = pages, values = pageDigests
        while true {
            ancestors[level] = known
            let given = siblings[level]
            var position = 0
            // Merge what is computed and what is given, both by rising index.
            for (index, digest) in zip(known, values) {
                while position < given.count && given[position] < index {
                    append(level, given[position], opening[next + position])
                    position += 1
                }
                append(level, index, digest)
            }
            while position < given.count {
                append(level, given[position], opening[next + position])
                position += 1
            }
            next += given.count
            if level == MemoryMap.rootLevel { break }
            // From the pages to the root both children of every ancestor are there, left beside right.
            values = MemoryHash.nodes(digests[level])
            known = stride(from: 0, to: indices[level].count, by: 2).map { indices[level][$0] >> 1 }
            level -= 1
        }
    }

    private mutating func append(_ level: Int, _ index: UInt32, _ digest: Digest) {
        indices[level].append(index)
        digests[level].append(digest)
    }

    /// Root of the memory. A tree without pages has none.
    public var root: Digest? { digests[MemoryMap.rootLevel].first }

    /// Indices of the ancestors of pages (at level 23 the pages themselves), in rising order.
    public func ancestors(level: Int) -> [UInt32] { ancestors[level] }

    /// Digest of an ancestor or an ancestor's sibling, nil of any other node.
    public func digest(level: Int, index: UInt32) -> Digest? {
        guard let position = position(level: level, index: index) else { return nil }
        return digests[level][position]
    }

    private func position(level: Int, index: UInt32) -> Int? {
        let candidates = indices[level]
        var low = 0, high = candidates.count
        while low < high {
            let middle = (low + high) / 2
            if candidates[middle] < index { low = middle + 1 } else { high = middle }
        }
        return low < candidates.count && candidates[low] == index ? low : nil
    }

    /// Replaces the digests of pages, by rising index, and of everything above them.
    ///
    /// - Precondition: each page is one of the tree's.
    public mutating func update(_ pages: [(index: UInt32, digest: Digest)]) {
        var changed = pages
        for level in stride(from: MemoryMap.pageLevel, through: MemoryMap.rootLevel, by: -1) {
            var children: [Digest] = []
            var parents: [UInt32] = []
            for (index, digest) in changed {
                guard let place = position(level: level, index: index) else {
                    preconditionFailure("page \(index) is not in this tree")
                }
                digests[level][place] = digest
            }
            if level == MemoryMap.rootLevel { break }
            for (index, _) in changed where parents.last != index >> 1 {
                guard let left = position(level: level, index: index & ~1) else {
                    preconditionFailure("an ancestor stands beside its sibling")
                }
                parents.append(index >> 1)
                children += [digests[level][left], digests[level][left + 1]]
            }
            changed = Array(zip(parents, MemoryHash.nodes(children)))
        }
    }
}
