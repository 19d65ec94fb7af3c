import Hashing

/// The Merkle tree over all 2^22 pages of the machine, kept up to date as pages change.
///
/// Nodes at level L (1 the root, 23 the pages) have indices below 2^(L-1). Levels 1 to 16 are one array in heap order;
/// below each node of level 16 hangs a subtree of 128 pages, which exists only where a page ever differed from an empty
/// one. So a tree costs 2 MiB and 8 KiB for every 128 KiB of memory in use.
public struct MemoryTree: Sendable {
    /// Digests of empty memory by level; entry 0 is unused.
    public static let empty: [Digest] = {
        var digests = [Digest](repeating: MemoryHash.zeroPage, count: MemoryMap.pageLevel + 1)
        for level in stride(from: MemoryMap.pageLevel - 1, through: 0, by: -1) {
            digests[level] = MemoryHash.node(digests[level + 1], digests[level + 1])
        }
        return digests
    }()

    static let splitLevel = 16
    static let subtreeShift = UInt32(MemoryMap.pageLevel - splitLevel)

    /// Node (level, index) at 2^(level-1) + index.
    var upper: [Digest]
    /// Below node `s` of level 16: the node of level 16 + d with index i within the subtree at 2^d + i; entries 0 and 1
    /// are unused. Empty where no page was ever set.
    var subtrees: [[Digest]]

    /// The tree of empty memory: every page data, every word zero.
    public init() {
        upper = [Digest](repeating: Self.empty[1], count: 1 << Self.splitLevel)
        for level in 2...Self.splitLevel {
            for index in 1 << (level - 1)..<1 << level { upper[index] = Self.empty[level] }
        }
        subtrees = [[Digest]](repeating: [], count: 1 << (Self.splitLevel - 1))
    }

    /// Root of the memory.
    public var root: Digest { upper[1] }

    /// Digest of a node. Levels 1 to 23, index below 2^(level-1).
    public func digest(level: Int, index: UInt32) -> Digest {
        if level <= Self.splitLevel { return upper[1 << (level - 1) + Int(index)] }
        let depth = UInt32(level - Self.splitLevel)
        let subtree = subtrees[Int(index >> depth)]
        if subtree.isEmpty { return Self.empty[level] }
        return subtree[1 << Int(depth) + Int(index & (1 << depth - 1))]
    }

    /// Replaces the digests of pages, given by rising index, and everything above them. Nodes of one level are hashed
    /// together in parallel lanes.
    ///
    /// - Complexity: one node hash for each distinct ancestor.
    public mutating func update(_ pages: [(index: UInt32, digest: Digest)]) {
        var changed = pages.map(\.index)
        for page in pages { set(level: MemoryMap.pageLevel, index: page.index, to: page.digest) }
        for level in stride(from: MemoryMap.pageLevel - 1, through: MemoryMap.rootLevel, by: -1) {
            var parents: [UInt32] = []
            parents.reserveCapacity(changed.count)
            for index in changed where parents.last != index >> 1 { parents.append(index >> 1) }
            var children: [Digest] = []
            children.reserveCapacity(2 * parents.count)
            for index in parents {
                children.append(digest(level: level + 1, index: 2 * index))
                children.append(digest(level: level + 1, index: 2 * index + 1))
            }
            for (index, digest) in zip(parents, MemoryHash.nodes(children)) {
                set(level: level, index: index, to: digest)
            }
            changed = parents
        }
    }

    private mutating func set(level: Int, index: UInt32, to digest: Digest) {
        if level <= Self.splitLevel {
            upper[1 << (level - 1) + Int(index)] = digest
            return
        }
        let depth = UInt32(level - Self.splitLevel), subtree = Int(index >> depth)
        if subtrees[subtree].isEmpty { subtrees[subtree] = Self.emptySubtree }
        subtrees[subtree][1 << Int(depth) + Int(index & (1 << depth - 1))] = digest
    }

    private static let emptySubtree: [Digest] = {
        var nodes = [Digest](repeating: empty[splitLevel], count: 2 << Int(subtreeShift))
        for depth in 1...Int(subtreeShift) {
            for index in 1 << depth..<2 << depth { nodes[index] = empty[splitLevel + depth] }
        }
        return nodes
    }()

    /// The digests that open these pages, given by rising index: level by level from the pages up, by rising index,
    /// each sibling that cannot be computed from the pages.
    public func opening(of pages: [UInt32]) -> [Digest] {
        var digests: [Digest] = []
        OpeningWalk.siblings(of: pages) { level, index in digests.append(digest(level: level, index: index)) }
        return digests
    }
}

/// The one order in which the digests of an opening stand.
enum OpeningWalk {
    /// Calls `visit` for each node, levels 23 down to 2, that is the sibling of an ancestor of a page but no ancestor
    /// itself. `pages` are indices by rising value; of none, the walk visits nothing.
    static func siblings(of pages: [UInt32], visit: (_ level: Int, _ index: UInt32) -> Void) {
        var known = pages
        for level in stride(from: MemoryMap.pageLevel, to: MemoryMap.rootLevel, by: -1) {
            var parents: [UInt32] = []
            parents.reserveCapacity(known.count)
            var position = 0
            while position < known.count {
                let index = known[position]
                if position + 1 < known.count && known[position + 1] == index ^ 1 {
                    position += 1
                } else {
                    visit(level, index ^ 1)
                }
                parents.append(index >> 1)
                position += 1
            }
            known = parents
        }
    }

    /// How many digests open these pages.
    static func count(_ pages: [UInt32]) -> Int {
        var count = 0
        siblings(of: pages) { _, _ in count += 1 }
        return count
    }
}
