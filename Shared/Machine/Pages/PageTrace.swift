import BinaryFields
import Hashing
import Tables

/// What a replayed segment owes the memory tree: which pages changed, the nodes to open and close, the chains to hash.
struct PageTrace {
    enum Change { case clean, dirty, new }

    struct Node {
        let level: Int
        let index: UInt32
        let isClean: Bool
        let own: Digest
        let left: Digest
        let right: Digest
        var place: UInt32 { PageTrace.place(level, index) }
    }

    struct Leaf {
        let place: UInt32
        let digest: Digest
    }

    let changes: [Change]
    let before: PartialMemoryTree
    let after: PartialMemoryTree
    /// The memory root after the segment.
    let root: Digest
    private(set) var opened: [Node] = []
    private(set) var closed: [Node] = []
    private(set) var kept: [Leaf] = []
    private(set) var dropped: [Leaf] = []
    /// Opened and closed nodes as they are hashed: whether it is the one after, and its number in its list.
    private(set) var hashOrder: [(isAfter: Bool, number: Int)] = []

    static func place(_ level: Int, _ index: UInt32) -> UInt32 { UInt32(level) << 24 | index }

    init(_ segment: Segment, _ memory: ReplayMemory, before: PartialMemoryTree) {
        let words = MemoryMap.pageWords
        let changes: [Change] = segment.pages.indices.map { slot in
            let old = segment.content(of: slot)
            let isSame = zip(old, 0..<words).allSatisfy { $0 == memory.words[slot * words + $1] }
            if isSame { return .clean }
            return segment.pages[slot].kind == .data && old.allSatisfy { $0 == 0 } ? .new : .dirty
        }
        let changed = changes.indices.filter { changes[$0] != .clean }
        let contents = changed.flatMap { slot in (0..<words).map { memory.words[slot * words + $0] } }
        let digests = MemoryHash.pages(contents, kinds: changed.map { segment.pages[$0].kind })
        let indices = changed.map { segment.pages[$0].index }
        self.changes = changes
        var updated = before
        updated.update(Array(zip(indices, digests)).map { (index: $0, digest: $1) })
        self.before = before
        after = updated
        root = after.root ?? segment.before.memoryRoot
        walk(changed: indices, oldRoot: segment.before.memoryRoot)
    }

    /// The nodes from the root down. Under an unchanged node everything is clean: it is kept where its parent changes,
    /// and dropped where nothing below it was touched.
    private mutating func walk(changed pages: [UInt32], oldRoot: Digest) {
        func contains(_ sorted: [UInt32], _ index: UInt32) -> Bool {
            var (low, high) = (0, sorted.count)
            while low < high {
                let middle = (low + high) / 2
                if sorted[middle] < index { low = middle + 1 } else { high = middle }
            }
            return low < sorted.count && sorted[low] == index
        }
        func above(_ level: Int) -> [UInt32] {
            var found: [UInt32] = []
            for page in pages where found.last != page >> UInt32(MemoryMap.pageLevel - level) {
                found.append(page >> UInt32(MemoryMap.pageLevel - level))
            }
            return found
        }
        if pages.isEmpty {
            kept.append(Leaf(place: PageTrace.place(1, 0), digest: oldRoot))
            if before.root == nil { dropped.append(kept[0]) }
        }
        var changed = above(MemoryMap.rootLevel)
        for level in MemoryMap.rootLevel..<MemoryMap.pageLevel {
            let (changedBelow, touchedBelow) = (above(level + 1), before.ancestors(level: level + 1))
            for index in before.ancestors(level: level) {
                let isClean = !contains(changed, index)
                hashOrder.append((false, opened.count))
                opened.append(node(before, level, index, isClean: isClean))
                if !isClean {
                    hashOrder.append((true, closed.count))
                    closed.append(node(after, level, index, isClean: false))
                }
                for side in [index << 1, index << 1 | 1] where !contains(changedBelow, side) {
                    guard let digest = before.digest(level: level + 1, index: side) else { continue }
                    let leaf = Leaf(place: PageTrace.place(level + 1, side), digest: digest)
                    if !isClean { kept.append(leaf) }
                    if !contains(touchedBelow, side) { dropped.append(leaf) }
                }
            }
            changed = changedBelow
        }
    }

    private func node(_ tree: PartialMemoryTree, _ level: Int, _ index: UInt32, isClean: Bool) -> Node {
        // A tree built from pages and opening holds both children of each ancestor.
        func digest(_ level: Int, _ index: UInt32) -> Digest {
            guard let digest = tree.digest(level: level, index: index) else {
                preconditionFailure("node \(level), \(index) is missing")
            }
            return digest
        }
        return Node(
            level: level, index: index, isClean: isClean, own: digest(level, index),
            left: digest(level + 1, index << 1), right: digest(level + 1, index << 1 | 1))
    }

    /// Rows by table.
    func addHeights(to heights: inout [Int]) {
        let blocks = MemoryMap.pageBlocks
        let count = { (wanted: Change) in changes.filter { $0 == wanted }.count }
        let (clean, dirty, new) = (count(.clean), count(.dirty), count(.new))
        heights[TableKind.openNode.rawValue] = opened.count
        heights[TableKind.closeNode.rawValue] = closed.count
        heights[TableKind.keep.rawValue] = kept.count
        heights[TableKind.drop.rawValue] = dropped.count
        heights[TableKind.pageClean.rawValue] = clean
        heights[TableKind.pageDirty.rawValue] = dirty
        heights[TableKind.pageZero.rawValue] = new
        heights[TableKind.blockZero.rawValue] = new * blocks
        heights[TableKind.blockClean.rawValue] = clean * blocks
        heights[TableKind.blockOpen.rawValue] = dirty * blocks
        heights[TableKind.blockClose.rawValue] = (dirty + new) * blocks
        heights[TableKind.registers.rawValue] = 1
        heights[TableKind.blake3.rawValue] =
            (clean + 2 * dirty + new) * blocks + opened.count + closed.count + 4
    }
}
