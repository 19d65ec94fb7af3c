import Hashing
import Machine
import Tables
import Verification

/// "So many compressions of BLAKE3 were made": the machine's BLAKE3 table, and a table each row of which hands a chain of
/// sixteen blocks to it and takes the digest.
public struct CompressionStatement {
    public static let chainLength = 16

    public let system: TableSystem
    public let statement: Statement
    public let witness: Witness
    public let compressions: Int

    /// - Parameters:
    ///   - compressions: a multiple of sixteen.
    ///   - grinding: other bits of grinding than the class's, with the queries that then reach the target.
    public init(compressions: Int, grinding: Int? = nil) throws {
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

    private static func flags(_ j: Int) -> UInt32 {
        (j == 0 ? Blake3Table.Flag.start : 0) | (j == chainLength - 1 ? Blake3Table.Flag.end : 0)
    }

    /// Words: sixteen blocks of 16, the digest's 8, the place.
    private static func callers(of compression: Table) -> Table {
        func word(_ index: Int) -> Operand { Operand(word: index) }
        let place = word(16 * chainLength + 8)
        /// The last word of a message of the BLAKE3 table, which depends on the place in the chain alone.
        func tag(_ message: Message, _ j: Int) -> Operand {
            let zeros = [UInt32](repeating: 0, count: 16)
            let row = CompressionRow(
                of: compression, input: Array(zeros.prefix(8)), block: zeros, place: 0, j: j, flags: flags(j))
            return Operand(message.words[3].value(on: row.words))
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
                let row = CompressionRow(
                    of: system.tables[0], input: value, block: block, place: UInt32(chain), j: j, flags: Self.flags(j))
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
}
