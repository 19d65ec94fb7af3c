import Hashing
import Machine
import Tables
import Verification

/// "So many compressions of BLAKE3 were made": the machine's BLAKE3 table, and a table each row of which hands a chain of
/// sixteen blocks to it and takes the digest.
struct CompressionStatement {
    static let chainLength = 16

    let system: TableSystem
    let statement: Statement
    let witness: Witness
    let compressions: Int

    /// - Parameters:
    ///   - compressions: a multiple of sixteen.
    ///   - grinding: other bits of grinding than the class's, with the queries that then reach the target.
    init(compressions: Int, grinding: Int? = nil) throws {
        self.compressions = compressions
        let compression = MachineTables.standard[.blake3]
        system = TableSystem([compression, Self.callers(of: compression)])
        let heights = [compressions, compressions / Self.chainLength]
        let needed = Layout(system: system, heights: heights, stackLog: 32, rowLog: 32)
        let stackLog = max(16, needed.neededStackLog)
        guard var record = ParameterRecord.builtIn(version: 1, stackLog: stackLog) else {
            throw StatementError.stackTooLarge(classLog: 28, neededLog: stackLog)
        }
        if let grinding {
            let ground = try record.with(grinding: record.folds.map { _ in grinding })
            record = try ground.with(queries: Soundness.leastQueries(for: ground, system: system))
        }
        statement = Statement(
            record: record, system: system, heights: heights, boundary: Boundary(pushed: [], pulled: []))
        witness = Witness(try Layout(statement))
        fill()
    }

    /// Words: sixteen blocks of 16, the digest's 8, the place.
    private static func callers(of compression: Table) -> Table {
        func word(_ index: Int) -> Operand { Operand(word: index) }
        let place = word(16 * chainLength + 8)
        /// The last word of a message of the BLAKE3 table, which depends on the place in the chain alone.
        func tag(_ message: Message, _ j: Int) -> Operand {
            Operand(message.words[3].value(on: row(of: compression, j: j, input: [], block: [], place: 0).words))
        }
        var (pushes, pulls): ([Message], [Message]) = ([], [])
        for j in 0..<chainLength {
            for part in 0..<8 {
                let pulled = compression.pulls[4 + part]
                pushes.append(Message(word(16 * j + 2 * part), word(16 * j + 2 * part + 1), place, tag(pulled, j)))
            }
        }
        for part in 0..<4 {
            let key = MemoryHashing.key.words
            pushes.append(
                Message(
                    Operand(key[2 * part]), Operand(key[2 * part + 1]), place, tag(compression.pulls[part], 0)))
            let digest = 16 * chainLength + 2 * part
            let last = tag(compression.pushes[part], chainLength - 1)
            pulls.append(Message(word(digest), word(digest + 1), place, last))
        }
        return Table(name: "call", width: 16 * chainLength + 9, constraints: [], pushes: pushes, pulls: pulls)
    }

    private func fill() {
        var generator = UInt32(1)
        for chain in 0..<compressions / Self.chainLength {
            var value = (0..<8).map { MemoryHashing.key.words[$0] }
            var call: [UInt32] = []
            for j in 0..<Self.chainLength {
                let block = (0..<16).map { _ in
                    generator = generator &* 1_664_525 &+ 1_013_904_223
                    return generator
                }
                call += block
                let row = Self.row(of: system.tables[0], j: j, input: value, block: block, place: UInt32(chain))
                write(row.words, to: chain * Self.chainLength + j, of: 0)
                value = row.output
            }
            write(call + value + [UInt32(chain)], to: chain, of: 1)
        }
    }

    private func write(_ words: [UInt32], to row: Int, of table: Int) {
        for (word, value) in words.enumerated() where value != 0 {
            witness[table: table, row: row, word: word] = value
        }
    }

    private static let quarters = [
        (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
        (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
    ]

    /// The words of a row of the BLAKE3 table, and the chaining value that comes out.
    private static func row(
        of table: Table, j: Int, input: [UInt32], block: [UInt32], place: UInt32
    ) -> (words: [UInt32], output: [UInt32]) {
        var words = [UInt32](repeating: 0, count: table.width)
        var field = 0
        func put(_ value: UInt32) {
            table.fields[field].write(value, to: &words)
            field += 1
        }
        let input = input.isEmpty ? [UInt32](repeating: 0, count: 8) : input
        var message = block.isEmpty ? [UInt32](repeating: 0, count: 16) : block
        let flags = (j == 0 ? Blake3Table.Flag.start : 0) | (j == chainLength - 1 ? Blake3Table.Flag.end : 0)
        for value in input + message + [place, UInt32(j), 0, 0, flags] { put(value) }
        while table.fields[field].name != "x0" { put(Hints.step(UInt32(j))) }
        var v = input + (0..<4).map { Blake3.initialWords[$0] } + [0, 0, 64, flags | 16]
        func turned(_ value: UInt32, _ by: UInt32) -> UInt32 { value >> by | value << (32 - by) }
        for _ in 0..<Blake3Table.rounds {
            for (g, (a, b, c, d)) in quarters.enumerated() {
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
        return (words, (0..<8).map { v[$0] ^ v[$0 + 8] })
    }
}
