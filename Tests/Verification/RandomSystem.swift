import BinaryFields
import Oracles
import Tables

/// A small system of tables with an honest witness, made from a seed: rows of free words and of words that one
/// constraint each defines; what a table pushes is pulled by itself with another power, by a table that copies it, or by
/// the boundary.
struct RandomSystem {
    /// From 0 and 1 upward, powers of two and their neighbours.
    static let heights = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65]

    let seed: UInt64
    private(set) var tables: [Table] = []
    /// For each table its rows.
    private(set) var rows: [[[UInt32]]] = []
    private(set) var boundary = Boundary(pushed: [], pulled: [])
    private var random: SeededGenerator

    init(seed: UInt64) {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        var pulled: [MessageWords] = []
        for _ in 0..<number(1...3) {
            pulled += addTable()
        }
        let extra = MessageWords(word(), word(), word(), word())
        boundary = Boundary(pushed: [extra], pulled: pulled + [extra])
    }

    /// The statement in the least class that holds it, or in one with `spare` more variables everywhere. Classes have at
    /// least three row variables, those of the fixed τ; smaller ones are among the vectors.
    func statement(spare: Int = 0, boundary: Boundary? = nil) throws -> Statement {
        let system = TableSystem(tables)
        let heights = rows.map(\.count)
        let least = Layout(system: system, heights: heights, stackLog: 0, rowLog: 0)
        let record = try ParameterRecord(
            version: 1, stackLog: max(least.neededStackLog, 7) + spare, rowLog: max(least.neededRowLog, 3) + spare,
            folds: [3, 2, 1], rates: [1, 3, 4], queries: [2, 1, 1], grinding: [3, 3, 3], heightLimit: 24)
        return Statement(
            record: record, system: system, heights: heights, boundary: boundary ?? self.boundary,
            claim: [.number(UInt32(truncatingIfNeeded: seed))])
    }

    func witness(_ statement: Statement) throws -> Witness {
        let witness = Witness(try Layout(statement))
        for (t, table) in rows.enumerated() {
            for (r, row) in table.enumerated() {
                for (j, word) in row.enumerated() {
                    witness[table: t, row: r, word: j] = word
                }
            }
        }
        return witness
    }

    /// The plain meaning of the statement: every constraint on every row, and the balance of all messages.
    var holds: Bool {
        var balance: [MessageWords: Int] = [:]
        for message in boundary.pushed { balance[message, default: 0] += 1 }
        for message in boundary.pulled { balance[message, default: 0] -= 1 }
        for (table, rows) in zip(tables, rows) {
            for row in rows {
                for constraint in table.constraints {
                    let c = constraint.c.value(on: row)
                    if constraint.a.value(on: row) & constraint.b.value(on: row) != c { return false }
                }
                for (messages, sign) in [(table.pushes, 1), (table.pulls, -1)] {
                    for message in messages {
                        balance[sent(message, row), default: 0] += sign << message.power
                    }
                }
            }
        }
        return balance.values.allSatisfy { $0 == 0 }
    }

    /// Flips a bit of a random row; false where there is no row.
    mutating func flipBit() -> Bool {
        let present = rows.indices.filter { !rows[$0].isEmpty }
        guard let table = present.randomElement(using: &random) else { return false }
        let row = number(0...rows[table].count - 1)
        rows[table][row][number(0...tables[table].width - 1)] ^= 1 << UInt32(number(0...31))
        return true
    }

    /// Adds a table, and tables that pull some of what it pushes; returns what the boundary has to pull.
    private mutating func addTable() -> [MessageWords] {
        let (free, defined) = (number(1...3), number(0...3))
        let height = RandomSystem.heights[number(0...RandomSystem.heights.count - 1)]
        var own = (0..<height).map { _ in (0..<free).map { _ in word() } }
        var constraints: [Constraint] = []
        for j in free..<free + defined {
            let (a, b, rest, turn) = (operand(j), operand(j), operand(j), number(0...31))
            constraints.append(Constraint(a, b, rest ^ Operand(word: j).rotatedLeft(by: turn)))
            for r in own.indices {
                let value = a.value(on: own[r]) & b.value(on: own[r]) ^ rest.value(on: own[r])
                own[r].append(rotated(value, by: -turn))
            }
        }
        let width = free + defined
        if number(0...1) == 1 {
            constraints.insert(Constraint(Operand(), operand(width), Operand()), at: 0)
        }
        let pushes = (0..<number(0...3)).map { _ in
            Message(operand(width), operand(width), operand(width), operand(width), power: number(0...2))
        }
        var (pulls, owed) = ([Message](), pushes[...])
        if let first = pushes.first, number(0...1) == 1 {  // pulled by the row that pushed it, half of it twice
            func again(_ power: Int) -> Message {
                Message(first.words[0], first.words[1], first.words[2], first.words[3], power: power)
            }
            pulls = first.power == 0 ? [again(0)] : [again(first.power - 1), again(first.power - 1)]
            owed = owed.dropFirst()
        }
        tables.append(Table(name: "table", width: width, constraints: constraints, pushes: pushes, pulls: pulls))
        rows.append(own)
        var pulled: [MessageWords] = []
        for message in owed {
            let messages = own.flatMap { [MessageWords](repeating: sent(message, $0), count: 1 << message.power) }
            if number(0...1) == 1 {
                pulled += messages
            } else {
                addCopy(of: messages)
            }
        }
        return pulled
    }

    /// A table whose rows pull these messages, each word seen through a rotation and a constant.
    private mutating func addCopy(of messages: [MessageWords]) {
        let (turns, masks) = ((0..<4).map { _ in number(0...31) }, (0..<4).map { _ in word() })
        let words = (0..<4).map { Operand(word: $0).rotatedLeft(by: turns[$0]) ^ Operand(masks[$0]) }
        let pull = Message(words[0], words[1], words[2], words[3])
        tables.append(Table(name: "copy", width: 4, constraints: [], pushes: [], pulls: [pull]))
        rows.append(
            messages.shuffled(using: &random).map { message in
                (0..<4).map { rotated(message[$0] ^ masks[$0], by: -turns[$0]) }
            })
    }

    private func sent(_ message: Message, _ row: [UInt32]) -> MessageWords {
        MessageWords(message.words.map { $0.value(on: row) })
    }

    /// XOR of up to three terms of the first `words` words, and perhaps a constant.
    private mutating func operand(_ words: Int) -> Operand {
        var result = Operand([0, .max, word()][number(0...2)])
        for _ in 0..<number(0...3) {
            let mask: UInt32 = [.max, .max << UInt32(number(0...31)), word()][number(0...2)]
            let kind: Term.Kind = number(0...1) == 0 ? .rotation(number(0...31)) : .spread(number(0...31))
            result ^= Operand(terms: [Term(word: number(0...words - 1), kind: kind, mask: mask)])
        }
        return result
    }

    private mutating func word() -> UInt32 { UInt32(truncatingIfNeeded: random.next()) }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private func rotated(_ word: UInt32, by distance: Int) -> UInt32 {
        let turn = UInt32(truncatingIfNeeded: distance) & 31
        return word &<< turn | word &>> (32 &- turn) & (turn == 0 ? 0 : .max)
    }
}
