import Hashing
import Tables

/// How rows call the BLAKE3 table: they start a chain from the key, push its blocks, and take the chaining value after
/// the last as the digest. All messages of a call carry the place in the tree, the stage (0 before the segment, 1
/// after it) and the kind of chunk, so that no two calls can be confused.
struct HashCall {
    let row: TableBuilder
    let place: Operand

    init(_ row: TableBuilder, place: Operand) {
        self.row = row
        self.place = place
    }

    /// Level and index side by side: 5 and 24 bits.
    static func place(level: Operand, index: Operand) -> Operand { level << 24 ^ index }

    static let key = words(of: MemoryHashing.key).map { Operand($0) }

    static func words(of digest: Digest) -> [UInt32] { (0..<8).map { digest.words[$0] } }

    /// Eight words in four messages: `low` is the last word but for its lowest three bits, the part.
    func digest(_ kind: MessageKind, pushed: Bool, _ digest: [Operand], _ low: Operand, at place: Operand? = nil) {
        for part in 0..<4 {
            let (m0, m1, m3) = (digest[2 * part], digest[2 * part + 1], low ^ Operand(UInt32(part)))
            pushed ? row.push(kind, m0, m1, place ?? self.place, m3) : row.pull(kind, m0, m1, place ?? self.place, m3)
        }
    }

    /// Sixteen words in eight messages.
    func block(pushed: Bool, _ block: [Operand], stage: Operand, kind: Operand, j: Operand, flags: Operand) {
        for part in 0..<8 {
            let (m0, m1) = (block[2 * part], block[2 * part + 1])
            let m3 = Operand(UInt32(part)) ^ j << 3 ^ stage << 8 ^ kind << 9 ^ flags << 11
            pushed ? row.push(.block, m0, m1, place, m3) : row.pull(.block, m0, m1, place, m3)
        }
    }

    /// Starts a chain from the key and takes its digest after `length` blocks.
    func chain(stage: UInt32, kind: Operand, length: Int, digest: [Operand]) {
        func low(_ j: Int) -> Operand { Operand(UInt32(j) << 3) ^ Operand(stage) << 8 ^ kind << 9 }
        self.digest(.chain, pushed: true, HashCall.key, low(0))
        self.digest(.chain, pushed: false, digest, low(length))
    }
}
