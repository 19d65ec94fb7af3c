import Machine
import Tables
import Testing

/// Tries to have a row push another post-state for what it pulls: each bit of next pc, result and memory word is flipped
/// by flipping a hint that it depends on, and all other hints are then made to fit as far as constraints define them.
struct PostStateForger {
    private let table: Table
    /// Hints that are no function of what is pulled: given values when others are solved for.
    private static let guesses: Set<String> = ["quotient", "remainder", "input"]
    /// Orders by the hint that is fixed.
    private var orders: [String: HintOrder] = [:]
    /// How many other post-states were tried.
    private(set) var tried = 0

    init(_ table: Table) { self.table = table }

    /// Requires that each flip is refused, or pulls something else.
    mutating func refusesEveryOther(than row: [UInt32]) {
        let pulls = contents(table.pulls, row), pushes = contents(table.pushes, row)
        #expect(solved(row, fixing: nil) == row, "\(table.name): hints as the trace fills them")
        for (number, message) in table.pushes.enumerated() where 1...3 ~= pushes[number][3] >> 26 {
            for (place, operand) in message.words.enumerated() {
                for bit in 0..<32 {
                    for source in operand.sources(at: bit) {
                        guard let field = hint(source.word, source.bit), field.name != "input" else { continue }
                        tried += 1
                        var changed = row
                        changed[source.word] ^= 1 << UInt32(source.bit)
                        let forged = solved(changed, fixing: field)
                        let isRefused =
                            table.constraints.contains { $0.broken(on: forged.span) != 0 }
                            || contents(table.pulls, forged) != pulls
                        let isSame = contents(table.pushes, forged) == pushes
                        #expect(
                            isRefused || isSame && field.name == "quotient",
                            "\(table.name): push \(number), word \(place), bit \(bit) by \(field.name)")
                    }
                }
            }
        }
    }

    private func contents(_ messages: [Message], _ row: [UInt32]) -> [SIMD4<UInt32>] {
        messages.map { DebugChecker.content(of: $0, on: row) }
    }

    /// The hint that owns a bit; nil if it is given.
    private func hint(_ word: Int, _ bit: Int) -> Field? {
        table.fields.first { field in
            field.origin == .hint
                && field.pieces.contains { $0.word == word && ($0.offset..<$0.offset + $0.count).contains(bit) }
        }
    }

    /// The row with every hint but guesses and the fixed one computed anew.
    private mutating func solved(_ row: [UInt32], fixing field: Field?) -> [UInt32] {
        let name = field?.name ?? ""
        let known = Self.guesses.union([name])
        let order = orders[name] ?? HintOrder(of: table, known: known)
        orders[name] = order
        var words = [UInt32](repeating: 0, count: table.width)
        for field in table.fields where field.origin == .given || known.contains(field.name) {
            field.write(field.value(on: row), to: &words)
        }
        order.solve(&words)
        return words
    }
}
