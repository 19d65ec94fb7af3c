import Hashing
import Tables

/// The memory tree: nodes and pages opened under the root before the segment and closed under the root after it, and
/// the registers beside it. Each place is opened by the one message that its parent pushed, so nothing is opened twice
/// (machine.md, section 5).
enum PageTables {
    static func all(_ shape: MachineShape) -> [Table] {
        [
            node("open_node", .pre), node("close_node", .post), untouched("keep"), untouched("drop"),
            page("page_clean", shape), page("page_dirty", shape), newPage(shape), zeroBlock(shape),
            block("block_clean", opens: true, closes: true, shape),
            block("block_open", opens: true, closes: false, shape),
            block("block_close", opens: false, closes: true, shape), registers(shape),
        ]
    }

    private static let cleanBit = 10

    private static func digest(_ row: TableBuilder, _ name: String) -> [Operand] {
        (0..<8).map { row.field("\(name)\($0)") }
    }

    /// An inner node. Before: pulls its own digest, pushes both children's with the same clean bit. After: the other way
    /// round; a clean node has no digest after.
    private static func node(_ name: String, _ tag: MessageKind) -> Table {
        let row = TableBuilder(name)
        let level = row.field("level", width: 5)
        let index = row.field("index", width: 23)
        let (own, left, right) = (digest(row, "d"), digest(row, "left"), digest(row, "right"))
        let opens = tag == .pre
        let clean = opens ? row.field("clean", width: 1) : 0
        let here = HashCall.place(level: level, index: index)
        let below = HashCall.place(level: row.step(level, width: 5, as: "step"), index: index << 1 & ones(24))
        let call = HashCall(row, place: here)
        call.digest(tag, pushed: !opens, own, clean << cleanBit)
        call.digest(tag, pushed: opens, left, clean << cleanBit, at: below)
        call.digest(tag, pushed: opens, right, clean << cleanBit, at: below ^ 1)
        call.chain(stage: opens ? 0 : 1, kind: 0, length: 1, digest: own)
        call.block(
            pushed: true, left + right, stage: opens ? 0 : 1, kind: 0, j: 0, flags: Operand(Blake3Table.Flag.parent))
        return row.table
    }

    /// keep: a digest that does not change passes from before to after, and goes on as clean. drop: what is clean and
    /// not looked into ends here.
    private static func untouched(_ name: String) -> Table {
        let row = TableBuilder(name)
        let call = HashCall(row, place: row.field("place", width: 29))
        let own = digest(row, "d")
        let clean = Operand(1 << UInt32(cleanBit))
        call.digest(.pre, pushed: false, own, name == "drop" ? clean : 0)
        if name == "keep" {
            call.digest(.pre, pushed: true, own, clean)
            call.digest(.post, pushed: true, own, 0)
        }
        return row.table
    }

    /// A page: its chain before, and if it is dirty its chain after, of one kind.
    private static func page(_ name: String, _ shape: MachineShape) -> Table {
        let row = TableBuilder(name)
        let index = row.field("index", width: shape.treeDepth)
        let kind = row.field("kind", width: 1)
        let before = digest(row, "d")
        let here = HashCall.place(level: Operand(UInt32(shape.pageLevel)), index: index)
        let call = HashCall(row, place: here)
        let isClean = name == "page_clean"
        call.digest(.pre, pushed: false, before, isClean ? Operand(1 << UInt32(cleanBit)) : 0)
        call.chain(stage: 0, kind: kind, length: shape.pageBlocks, digest: before)
        if !isClean {
            let after = digest(row, "after")
            call.chain(stage: 1, kind: kind, length: shape.pageBlocks, digest: after)
            call.digest(.post, pushed: true, after, 0)
        }
        return row.table
    }

    /// A data page that was empty: its digest before is a constant, so it is hashed only as it leaves; its words come
    /// from rows of `block_zero`, one for each block.
    private static func newPage(_ shape: MachineShape) -> Table {
        let row = TableBuilder("page_zero")
        let index = row.field("index", width: shape.treeDepth)
        let after = digest(row, "after")
        let here = HashCall.place(level: Operand(UInt32(shape.pageLevel)), index: index)
        let call = HashCall(row, place: here)
        let zeros = MemoryHashing.chunkDigest(Array(repeating: 0, count: shape.pageWords), kind: .data)
        call.digest(.pre, pushed: false, HashCall.words(of: zeros).map { Operand($0) }, 0)
        call.chain(stage: 1, kind: 0, length: shape.pageBlocks, digest: after)
        call.digest(.post, pushed: true, after, 0)
        for j in 0..<shape.pageBlocks { row.push(.zero, index, Operand(UInt32(j)), 0) }
        return row.table
    }

    private static func zeroBlock(_ shape: MachineShape) -> Table {
        let row = TableBuilder("block_zero")
        let index = row.field("index", width: shape.treeDepth)
        let j = row.field("j", width: shape.pageBlocksLog)
        row.pull(.zero, index, j, 0)
        for i in 0..<16 { row.push(.memory, address(index, j, word: i, shape) ^ 1, 0, 0) }
        return row.table
    }

    private static func address(_ index: Operand, _ j: Operand, word: Int, _ shape: MachineShape) -> Operand {
        index << shape.pageLog ^ j << 6 ^ Operand(UInt32(4 * word))
    }

    /// A block of a page: calls the hash for it, and pushes its words' tokens at time 0, or pulls them at the end, or
    /// both with the same values. The flags of the chunk's ends follow from j.
    private static func block(_ name: String, opens: Bool, closes: Bool, _ shape: MachineShape) -> Table {
        let row = TableBuilder(name)
        let index = row.field("index", width: shape.treeDepth)
        let kind = row.field("kind", width: 1)
        let j = row.field("j", width: shape.pageBlocksLog)
        let words = (0..<16).map { row.field("m\($0)") }
        var (first, last) = (~j, j)
        for i in 1..<max(shape.pageBlocksLog, 1) {
            let isFirst = row.product(first & 1, ~j >> i & 1, as: "first\(i)")
            (first, last) = (isFirst, row.product(last & 1, j >> i & 1, as: "last\(i)"))
        }
        let here = HashCall.place(level: Operand(UInt32(shape.pageLevel)), index: index)
        HashCall(row, place: here).block(
            pushed: true, words, stage: opens ? 0 : 1, kind: kind, j: j, flags: first & 1 ^ (last & 1) << 1)
        for i in 0..<16 {
            let token = address(index, j, word: i, shape) ^ 1 ^ kind
            if opens { row.push(.memory, token, words[i], 0) }
            if closes { row.pull(.memory, token, words[i], row.field("time\(i)", width: shape.timeBits)) }
        }
        return row.table
    }

    /// The registers before and after, in one row: their chunks, their tokens out and in, the sink and the cycle base.
    /// x0 is the constant zero on both sides.
    private static func registers(_ shape: MachineShape) -> Table {
        let row = TableBuilder("registers")
        let place = HashCall.place(level: 1, index: 1)
        let banks = ["before", "after"].map { when in [0] + (1..<32).map { row.field("\(when)\($0)") } }
        let digests = [digest(row, "d"), digest(row, "p")]
        let base = row.field("base")
        let call = HashCall(row, place: place)
        for stage in 0..<2 {
            call.chain(stage: UInt32(stage), kind: 2, length: 2, digest: digests[stage])
            for j in 0..<2 {
                let flag = j == 0 ? Blake3Table.Flag.start : Blake3Table.Flag.end
                call.block(
                    pushed: true, Array(banks[stage][16 * j..<16 * j + 16]), stage: Operand(UInt32(stage)), kind: 2,
                    j: Operand(UInt32(j)), flags: Operand(flag))
            }
        }
        call.digest(.pre, pushed: false, digests[0], 0)
        call.digest(.post, pushed: true, digests[1], 0)
        row.pull(.base, base)
        for i in 0..<34 {
            let (first, last) =
                i < 32 ? (banks[0][i], banks[1][i]) : i == 32 ? (0, row.field("sink")) : (base, base)
            row.push(.register, Operand(UInt32(i)), first, 0)
            row.pull(.register, Operand(UInt32(i)), last, row.field("time\(i)", width: 28))
        }
        return row.table
    }
}
