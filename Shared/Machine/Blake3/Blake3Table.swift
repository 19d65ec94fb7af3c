import Tables

/// One row a compression of keyed BLAKE3 over a block of 64 bytes: pulls the chaining value at j and the block j, pushes
/// the chaining value at j + 1. It serves tree nodes, pages and registers alike.
///
/// Each quarter round has twice
///
///     a ← a + b + m,  d ← (d ^ a) >>> p,  c ← c + d,  b ← (b ^ c) >>> q
///
/// A sum of three words commits its carries K = maj(a, b, m), then one carry chain adds a ^ b ^ m and K<<1. Committed
/// are the rotated words d and b, never a and c (a = d′<<<p ^ d), so that no operand grows beyond a few terms.
public enum Blake3Table {
    public static let rounds = 7

    /// The message words' order of the next round.
    public static let permutation = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]

    /// The state's words that each quarter round mixes: columns, then diagonals.
    static let quarters = [
        (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
        (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
    ]

    static let initialVector: [UInt32] = [0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A]

    /// The bits of BLAKE3's flags that a row may carry: chunk start, chunk end, parent.
    public enum Flag {
        public static let start: UInt32 = 1
        public static let end: UInt32 = 2
        public static let parent: UInt32 = 4
        static let keyed: UInt32 = 16
    }

    static func table() -> Table {
        let row = TableBuilder("blake3")
        let input = (0..<8).map { row.field("cv\($0)") }
        let block = (0..<16).map { row.field("m\($0)") }
        let place = row.field("place", width: 29)
        let j = row.field("j", width: 5)
        let stage = row.field("stage", width: 1)
        let kind = row.field("kind", width: 2)
        let flags = row.field("flags", width: 3)
        let nextJ = row.step(j, width: 5, as: "next")
        let constants = initialVector.map { Operand($0) }
        let state = compression(
            row, state: input + constants + [kind, 0, 64, flags ^ Operand(Flag.keyed)], block: block)
        let low = stage << 8 ^ kind << 9
        let chain = HashCall(row, place: place)
        chain.digest(.chain, pushed: false, input, low ^ j << 3)
        chain.block(pushed: false, block, stage: stage, kind: kind, j: j, flags: flags)
        chain.digest(.chain, pushed: true, (0..<8).map { state[$0] ^ state[$0 + 8] }, low ^ nextJ << 3)
        return row.table
    }

    /// The state after seven rounds. Hints: for each half of a quarter round its carries, d and b.
    private static func compression(_ row: TableBuilder, state: [Operand], block: [Operand]) -> [Operand] {
        var (v, m, count) = (state, block, 0)
        for _ in 0..<rounds {
            for (g, (a, b, c, d)) in quarters.enumerated() {
                for (half, (p, q)) in [(16, 12), (8, 7)].enumerated() {
                    let word = m[2 * g + half]
                    let carries = row.hint("x\(count)")
                    let newD = row.hint("x\(count + 1)")
                    let newB = row.hint("x\(count + 2)")
                    count += 3
                    row.and(v[a] ^ word, v[b] ^ word, equals: carries ^ word, "carry")
                    let sumA = newD.rotatedLeft(by: p) ^ v[d]
                    sum(row, v[a] ^ v[b] ^ word, carries << 1, equals: sumA, "sum3")
                    (v[a], v[d]) = (sumA, newD)
                    let sumC = newB.rotatedLeft(by: q) ^ v[b]
                    sum(row, v[c], newD, equals: sumC, "sum2")
                    (v[c], v[b]) = (sumC, newB)
                }
            }
            m = permutation.map { m[$0] }
        }
        return v
    }

    /// Says x + y = total modulo 2^32. Position 31, where the carry leaves, says instead that none enters bit 0.
    private static func sum(
        _ row: TableBuilder, _ x: Operand, _ y: Operand, equals total: Operand, _ label: String
    ) {
        let carry = x ^ y ^ total
        row.and(
            (x ^ carry) & ones(31) ^ (carry & 1) << 31, (y ^ carry) & ones(31) ^ Operand(1 << 31),
            equals: (carry ^ carry >> 1) & ones(31), label)
    }
}
