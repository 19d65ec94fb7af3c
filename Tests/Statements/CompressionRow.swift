import Hashing
import Machine
import Tables

/// A row of the machine's BLAKE3 table, word by word from the compression's definition (BLAKE3 specification, section
/// 2.2): for statements that are no run of the machine.
public struct CompressionRow {
    public let words: [UInt32]
    /// The chaining value that comes out.
    public let output: [UInt32]

    /// - Parameters:
    ///   - table: the machine's BLAKE3 table.
    ///   - input: the chaining value that goes in, 8 words.
    ///   - block: 16 words.
    ///   - place: whose compression it is; 29 bits.
    ///   - j: its place in the chain, below 31.
    ///   - stage: 0 before, 1 after.
    ///   - kind: the counter: of a chunk's kind.
    ///   - flags: of ``Blake3Table.Flag``.
    public init(
        of table: Table, input: [UInt32], block: [UInt32], place: UInt32, j: Int, stage: UInt32 = 0, kind: UInt32 = 0,
        flags: UInt32
    ) {
        var words = [UInt32](repeating: 0, count: table.width)
        var field = 0
        func put(_ value: UInt32) {
            table.fields[field].write(value, to: &words)
            field += 1
        }
        for value in input + block + [place, UInt32(j), stage, kind, flags] { put(value) }
        while table.fields[field].name != "x0" { put(Hints.step(UInt32(j))) }
        var message = block
        var v = input + (0..<4).map { Blake3.initialWords[$0] } + [kind, 0, 64, flags | 16]
        func turned(_ value: UInt32, _ by: UInt32) -> UInt32 { value >> by | value << (32 - by) }
        for _ in 0..<Blake3Table.rounds {
            for (g, (a, b, c, d)) in Self.quarters.enumerated() {
                for (half, (p, q)) in [(UInt32(16), UInt32(12)), (8, 7)].enumerated() {
                    let word = message[2 * g + half]
                    put((v[a] ^ word) & (v[b] ^ word) ^ word)
                    v[a] = v[a] &+ v[b] &+ word
                    v[d] = turned(v[d] ^ v[a], p)
                    v[c] = v[c] &+ v[d]
                    v[b] = turned(v[b] ^ v[c], q)
                    put(v[d])
                    put(v[b])
                }
            }
            message = Blake3Table.permutation.map { message[$0] }
        }
        self.words = words
        output = (0..<8).map { v[$0] ^ v[$0 + 8] }
    }

    private static let quarters = [
        (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
        (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
    ]
}
