import Hashing
import Tables

/// A chain of compressions, one after the other in the table: a page, a node, or the registers.
struct HashJob {
    /// The row of its first compression.
    let row: Int
    /// 16 words a block.
    let words: UnsafePointer<UInt32>
    let blocks: Int
    let place: UInt32
    let stage: UInt32
    /// 0 and 1 pages and nodes, 2 registers.
    let kind: UInt32
    let isNode: Bool

    func flags(_ j: Int) -> UInt32 {
        if isNode { return Blake3Table.Flag.parent }
        return (j == 0 ? Blake3Table.Flag.start : 0) | (j == blocks - 1 ? Blake3Table.Flag.end : 0)
    }
}

extension RowWriter {
    /// The row of one compression; returns the next chaining value.
    mutating func compression(
        _ input: SIMD8<UInt32>, _ block: UnsafePointer<UInt32>, job: HashJob, j: Int
    ) -> SIMD8<UInt32> {
        let flags = job.flags(j)
        for i in 0..<8 { word(input[i]) }
        for i in 0..<16 { word(block[i]) }
        bits(job.place, 29)
        bits(UInt32(j), 5)
        bits(job.stage, 1)
        bits(job.kind, 2)
        bits(flags, 3)
        bits(Hints.step(UInt32(j)), 3)
        finish()
        return rounds(input, block, counter: job.kind, flags: flags | Blake3Table.Flag.keyed)
    }

    private mutating func rounds(
        _ input: SIMD8<UInt32>, _ block: UnsafePointer<UInt32>, counter: UInt32, flags: UInt32
    ) -> SIMD8<UInt32> {
        var a = input.lowHalf
        var b = input.highHalf
        var c = SIMD4(Blake3Table.initialVector)
        var d = SIMD4(counter, 0, 64, flags)
        var m = SIMD16<UInt32>()
        for i in 0..<16 { m[i] = block[i] }
        for _ in 0..<Blake3Table.rounds {
            mix(&a, &b, &c, &d, m.lowHalf.evenHalf, m.lowHalf.oddHalf)
            (b, c, d) = (b.rotatedLanes(1), c.rotatedLanes(2), d.rotatedLanes(3))
            mix(&a, &b, &c, &d, m.highHalf.evenHalf, m.highHalf.oddHalf)
            (b, c, d) = (b.rotatedLanes(3), c.rotatedLanes(2), d.rotatedLanes(1))
            let old = m
            for i in 0..<16 { m[i] = old[Blake3Table.permutation[i]] }
        }
        return SIMD8(lowHalf: a ^ c, highHalf: b ^ d)
    }

    /// Four quarter rounds side by side. The table wants each lane's six hints together.
    @inline(__always) private mutating func mix(
        _ a: inout SIMD4<UInt32>, _ b: inout SIMD4<UInt32>, _ c: inout SIMD4<UInt32>, _ d: inout SIMD4<UInt32>,
        _ first: SIMD4<UInt32>, _ second: SIMD4<UInt32>
    ) {
        let carries1 = (a ^ first) & (b ^ first) ^ first
        a = a &+ b &+ first
        d = (d ^ a).rotatedRight(16)
        c = c &+ d
        b = (b ^ c).rotatedRight(12)
        let (d1, b1) = (d, b)
        let carries2 = (a ^ second) & (b ^ second) ^ second
        a = a &+ b &+ second
        d = (d ^ a).rotatedRight(8)
        c = c &+ d
        b = (b ^ c).rotatedRight(7)
        for lane in 0..<4 {
            word(carries1[lane])
            word(d1[lane])
            word(b1[lane])
            word(carries2[lane])
            word(d[lane])
            word(b[lane])
        }
    }
}

extension SIMD4<UInt32> {
    @inline(__always) fileprivate func rotatedRight(_ n: UInt32) -> Self { self &>> n | self &<< (32 &- n) }

    /// Lane i takes lane i + n.
    @inline(__always) fileprivate func rotatedLanes(_ n: Int) -> Self {
        Self(self[n & 3], self[(n + 1) & 3], self[(n + 2) & 3], self[(n + 3) & 3])
    }
}

/// Rows of a wide table, filled side by side in a small copy of it and moved to the stack column by column: rows written
/// one by one would touch hundreds of distant cache lines each.
///
/// Unsafe: a buffer of `pairs * capacity` entries that only one thread uses; moved are the `count` rows filled, to rows
/// of the table that the caller's range owns.
struct RowBatch {
    static let capacity = 16
    private let pairs: Int
    private let buffer: UnsafeMutablePointer<UInt32>
    private let destination: TablePlace
    private var first = 0
    private var count = 0

    init(pairs: Int, destination: TablePlace) {
        self.pairs = pairs
        self.destination = destination
        buffer = .allocate(capacity: 2 * pairs * RowBatch.capacity)
        buffer.initialize(repeating: 0, count: 2 * pairs * RowBatch.capacity)
    }

    /// A writer for this row, which follows the last one or begins a new batch.
    mutating func row(_ row: Int) -> RowWriter {
        if count == RowBatch.capacity || count > 0 && row != first + count { flush() }
        if count == 0 { first = row }
        count += 1
        return RowWriter(first: buffer + 2 * (count - 1), stride: 2 * RowBatch.capacity)
    }

    mutating func flush() {
        for pair in 0..<pairs {
            let target = destination.base + pair * destination.stride + 2 * first
            target.update(from: buffer + pair * 2 * RowBatch.capacity, count: 2 * count)
        }
        count = 0
    }

    func free() { buffer.deallocate() }
}
