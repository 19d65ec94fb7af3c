import Hashing
import Machine
import Tables

/// The rows that open pages and close them, made by a walk from the root to each page that is accessed. Plain and slow
/// beside the machine's own trace, and apart from it.
struct PageRows {
    private struct Touched {
        let page: PageStatement.Page
        var words: [UInt32]
        var times = [UInt32](repeating: 0, count: MemoryMap.pageWords)
        var isChanged: Bool { words != page.words }
    }

    private(set) var before = MemoryTree()
    private(set) var after = MemoryTree()
    private(set) var rows: [TableKind: [[UInt32]]] = [:]
    private var touched: [Touched] = []
    private let orders = Dictionary(
        uniqueKeysWithValues: PageStatement.kinds.dropFirst().map { ($0, HintOrder(of: MachineTables.standard[$0])) })

    init(pages: [PageStatement.Page], accesses: [PageStatement.Access]) {
        before.update(
            pages.map { ($0.index, MemoryHash.pages($0.words, kinds: [$0.kind])[0]) }.map { (index: $0, digest: $1) })
        for page in pages where accesses.contains(where: { $0.page == page.index }) {
            var found = Touched(page: page, words: page.words)
            for (n, access) in accesses.enumerated() where access.page == page.index {
                found.words[access.word] = access.new
                found.times[access.word] = UInt32(n + 1)
            }
            touched.append(found)
        }
        after = before
        after.update(
            touched.map { (index: $0.page.index, digest: MemoryHash.pages($0.words, kinds: [$0.page.kind])[0]) })
    }

    /// From the root down. Where nothing below changes, a node passes as it is and all below it is clean.
    mutating func walk() {
        step(level: MemoryMap.rootLevel, index: 0, Array(touched.indices), isClean: false)
    }

    /// What takes the digest of a node, which its parent left: owing one after, or as clean.
    private mutating func step(level: Int, index: UInt32, _ below: [Int], isClean: Bool) {
        var isClean = isClean
        if !isClean, !below.contains(where: { touched[$0].isChanged }) {
            append(.keep, digest("d", before, level, index) + [("place", place(level, index))])
            isClean = true
        }
        if below.isEmpty {
            append(.drop, digest("d", before, level, index) + [("place", place(level, index))])
        } else if level == MemoryMap.pageLevel {
            open(touched[below[0]], isClean: isClean)
        } else {
            node(.openNode, before, level, index, [("clean", isClean ? 1 : 0)])
            if !isClean { node(.closeNode, after, level, index) }
            let shift = UInt32(MemoryMap.pageLevel - level - 1)
            for side in [index << 1, index << 1 | 1] {
                let part = below.filter { touched[$0].page.index >> shift == side }
                step(level: level + 1, index: side, part, isClean: isClean)
            }
        }
    }

    private mutating func node(
        _ kind: TableKind, _ tree: MemoryTree, _ level: Int, _ index: UInt32, _ more: [(String, UInt32)] = []
    ) {
        let (left, right) = (
            digest("left", tree, level + 1, index << 1), digest("right", tree, level + 1, index << 1 | 1)
        )
        append(
            kind, [("level", UInt32(level)), ("index", index)] + digest("d", tree, level, index) + left + right + more)
        hash(
            (left + right).map(\.1), place: place(level, index), stage: kind == .openNode ? 0 : 1, kind: 0, isNode: true
        )
    }

    private mutating func open(_ page: Touched, isClean: Bool) {
        let (index, kind) = (page.page.index, UInt32(page.page.kind.rawValue))
        let (own, here) = ([("index", index), ("kind", kind)], place(MemoryMap.pageLevel, index))
        let old = digest("d", before, MemoryMap.pageLevel, index)
        let new = digest("after", after, MemoryMap.pageLevel, index)
        let isNew = !isClean && kind == 0 && page.page.words.allSatisfy { $0 == 0 }
        append(
            isClean ? .pageClean : isNew ? .pageZero : .pageDirty,
            (isNew ? [("index", index)] : own + old) + (isClean ? [] : new))
        if !isNew { hash(page.page.words, place: here, stage: 0, kind: kind) }
        if !isClean { hash(page.words, place: here, stage: 1, kind: kind) }
        for j in 0..<MemoryMap.pageBlocks {
            let at = own + [("j", UInt32(j))]
            func block(_ words: [UInt32], times: Bool) -> [(String, UInt32)] {
                at + (0..<16).map { ("m\($0)", words[16 * j + $0]) }
                    + (times ? (0..<16).map { ("time\($0)", page.times[16 * j + $0]) } : [])
            }
            if isClean {
                append(.blockClean, block(page.words, times: true))
                continue
            }
            if isNew {
                append(.blockZero, [("index", index), ("j", UInt32(j))])
            } else {
                append(.blockOpen, block(page.page.words, times: false))
            }
            append(.blockClose, block(page.words, times: true))
        }
    }

    /// Rows of the BLAKE3 table: a page's chain, or a node's one compression.
    private mutating func hash(_ words: [UInt32], place: UInt32, stage: UInt32, kind: UInt32, isNode: Bool = false) {
        let count = words.count / 16
        var value = (0..<8).map { MemoryHashing.key.words[$0] }
        for j in 0..<count {
            let ends = (j == 0 ? Blake3Table.Flag.start : 0) | (j == count - 1 ? Blake3Table.Flag.end : 0)
            let row = CompressionRow(
                of: MachineTables.standard[.blake3], input: value, block: Array(words[16 * j..<16 * j + 16]),
                place: place, j: j, stage: stage, kind: kind, flags: isNode ? Blake3Table.Flag.parent : ends)
            rows[.blake3, default: []].append(row.words)
            value = row.output
        }
    }

    private mutating func append(_ kind: TableKind, _ values: [(String, UInt32)]) {
        let table = MachineTables.standard[kind]
        let named = Dictionary(uniqueKeysWithValues: values)
        var row = [UInt32](repeating: 0, count: table.width)
        for field in table.fields where field.origin == .given { field.write(named[field.name] ?? 0, to: &row) }
        orders[kind]?.solve(&row)
        rows[kind, default: []].append(row)
    }

    private func place(_ level: Int, _ index: UInt32) -> UInt32 { UInt32(level) << 24 | index }

    private func digest(_ name: String, _ tree: MemoryTree, _ level: Int, _ index: UInt32) -> [(String, UInt32)] {
        let digest = tree.digest(level: level, index: index)
        return (0..<8).map { ("\(name)\($0)", digest.words[$0]) }
    }
}
