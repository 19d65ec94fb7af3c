import BinaryFields
import Oracles
import Proving
import Tables

/// An honest statement with tables of given heights, large enough that every loop over blocks has several:
///
/// - a table with two pairs of constraints that pushes its rows, and one that pulls them, in falling order;
/// - a table of another height that pushes a message twice over, by its power, and pulls it twice.
struct SampleStatement {
    let statement: Statement
    let witness: Witness

    init(rows: Int, others: Int, seed: UInt64 = 1) throws {
        func word(_ index: Int) -> Operand { Operand(word: index) }
        let result = word(3).rotatedLeft(by: 5) ^ Operand(7)
        let constraints = [
            Constraint(word(0), word(1), word(2)), Constraint(word(0).rotatedLeft(by: 9), word(2), result),
            Constraint(word(1), word(3), word(4)),
        ]
        let message = Message(word(0), word(1) ^ Operand(3), word(3), word(4))
        let (pulled, twice) = (Message(word(0), word(1), word(2), word(3)), [word(0), Operand(1), word(1), word(2)])
        let tables = [
            Table(name: "and", width: 5, constraints: constraints, pushes: [message], pulls: []),
            Table(name: "copy", width: 4, constraints: [], pushes: [], pulls: [pulled]),
            Table(
                name: "twice", width: 3, constraints: [Constraint(word(0), word(1), word(2))],
                pushes: [Message(twice[0], twice[1], twice[2], twice[3], power: 1)],
                pulls: (0..<2).map { _ in Message(twice[0], twice[1], twice[2], twice[3]) }),
        ]
        let system = TableSystem(tables)
        let heights = [rows, rows, others]
        let least = Layout(system: system, heights: heights, stackLog: 0, rowLog: 0)
        let record = try ParameterRecord(
            version: 1, stackLog: max(least.neededStackLog, 9), rowLog: max(least.neededRowLog, 3) + 1,
            folds: [3, 2, 1], rates: [1, 3, 4], queries: [3, 2, 1], grinding: [3, 3, 3], heightLimit: 24)
        statement = Statement(
            record: record, system: system, heights: heights, boundary: Boundary(pushed: [], pulled: []))
        witness = Witness(try Layout(statement))
        var random = SeededGenerator(seed: seed)
        func next() -> UInt32 { UInt32(truncatingIfNeeded: random.next()) }
        func turned(_ word: UInt32, _ by: UInt32) -> UInt32 { word << by | word >> (32 - by) }
        for row in 0..<rows {
            var words = [next(), next()]
            words.append(words[0] & words[1])
            words.append(turned(turned(words[0], 9) & words[2] ^ 7, 27))
            words.append(words[1] & words[3])
            write(words, row, 0)
            write([words[0], words[1] ^ 3, words[3], words[4]], rows - 1 - row, 1)
        }
        for row in 0..<others {
            let words = [next(), next()]
            write(words + [words[0] & words[1]], row, 2)
        }
    }

    private func write(_ words: [UInt32], _ row: Int, _ table: Int) {
        for (word, value) in words.enumerated() { witness[table: table, row: row, word: word] = value }
    }

    func prover() throws -> Prover { try Prover(statement: statement, witness: witness) }
}
