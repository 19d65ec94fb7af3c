import Oracles
import Tables
import Testing

@Suite struct OperandTests {
    /// Random expressions, built beside their meaning on integers.
    @Test(arguments: 1...20) func meanWhatIntegersMean(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func word() -> UInt32 { UInt32(truncatingIfNeeded: generator.next()) }
        let row = (0..<4).map { _ in word() }
        for _ in 0..<50 {
            var operand = Operand(word: Int(generator.next() % 4))
            var value = operand.value(on: row)
            for _ in 0..<12 {
                let n = Int(generator.next() % 32)
                switch generator.next() % 8 {
                case 0:
                    let other = Int(generator.next() % 4)
                    (operand, value) = (operand ^ Operand(word: other), value ^ row[other])
                case 1:
                    let mask = word() | word()
                    (operand, value) = (operand & mask, value & mask)
                case 2: (operand, value) = (operand << n, value << UInt32(n))
                case 3: (operand, value) = (operand >> n, value >> UInt32(n))
                case 4:
                    let turned = n == 0 ? value : value << UInt32(n) | value >> UInt32(32 - n)
                    (operand, value) = (operand.rotatedLeft(by: n), turned)
                case 5:
                    let constant = word()
                    (operand, value) = (operand ^ Operand(constant), value ^ constant)
                case 6: (operand, value) = (~operand, ~value)
                default:
                    let mask = word()
                    let bit = value >> UInt32(n) & 1
                    (operand, value) = (operand ^ operand.spread(n, over: mask), value ^ (bit == 1 ? mask : 0))
                }
                #expect(operand.value(on: row) == value, "seed \(seed)")
            }
            for position in 0..<32 {
                let bits = operand.sources(at: position).map { row[$0.word] >> UInt32($0.bit) & 1 }
                let bit = bits.reduce(operand.constant >> UInt32(position) & 1, ^)
                #expect(bit == value >> UInt32(position) & 1)
            }
        }
    }

    /// Equal terms cancel and merge, so that one description has one encoding.
    @Test func termsMerge() {
        let (x, y) = (Operand(word: 0), Operand(word: 1))
        #expect((x ^ y ^ x).terms == y.terms)
        #expect((x ^ x).terms.isEmpty)
        #expect((x & 0xFF ^ x & 0xFF00).terms == [Term(word: 0, kind: .rotation(0), mask: 0xFFFF)])
        #expect((x << 31).terms == [Term(word: 0, kind: .rotation(31), mask: 1 << 31)])
        #expect((x & 0).terms.isEmpty && (x << 32).terms.isEmpty)
    }
}

@Suite struct TableBuilderTests {
    /// Narrow fields share words and cross their ends; whole words stand alone.
    @Test func packsBits() {
        let row = TableBuilder("packing")
        for (name, width) in [("a", 20), ("b", 32), ("c", 20), ("d", 24)] { _ = row.field(name, width: width) }
        let pieces = row.table.fields.map(\.pieces)
        #expect(row.table.width == 3)
        #expect(pieces[0] == [Field.Piece(low: 0, word: 0, offset: 0, count: 20)])
        #expect(pieces[1] == [Field.Piece(low: 0, word: 1, offset: 0, count: 32)])
        #expect(
            pieces[2] == [
                Field.Piece(low: 0, word: 0, offset: 20, count: 12), Field.Piece(low: 12, word: 2, offset: 0, count: 8),
            ])
        #expect(pieces[3] == [Field.Piece(low: 0, word: 2, offset: 8, count: 24)])
    }

    /// What is said at few positions shares constraints, with a label for each part.
    @Test func packsConstraints() {
        let row = TableBuilder("packing")
        let (x, y) = (row.field("x"), row.field("y"))
        row.and(x, y, equals: 0, width: 20, "first")
        row.and(x, y, equals: 0, "whole")
        row.and(x >> 1, y, equals: 0, width: 20, "second")
        let constraints = row.table.constraints
        #expect(constraints.count == 3)
        #expect(constraints[0].label(at: 19) == "first" && constraints[0].label(at: 20) == "second")
        #expect(constraints[1].label(at: 31) == "whole")
        #expect(constraints[2].label(at: 7) == "second" && constraints[2].label(at: 8) == nil)
        // Bit 12 of x & bit 11 of y: the second statement's position 11, the first constraint's position 31.
        #expect(constraints[0].broken(on: [1 << 12, 1 << 11].span) == 1 << 31)
    }

    /// A hint that nothing defines is named, with its number of free bits.
    @Test func freeHintsAreNamed() {
        let row = TableBuilder("free")
        let (x, y) = (row.field("x"), row.field("y"))
        // The plain addition, of which bit 0 of the sum is free: 5 + 9 = 15 satisfies it.
        let sum = row.hint("sum")
        let carry = x ^ y ^ sum
        row.and((x ^ carry) & ones(31), (y ^ carry) & ones(31), equals: (carry >> 1 ^ carry) & ones(31), "sum")
        let order = HintOrder(of: row.table)
        #expect(order.unforced["sum"] == 32, "the chain has no beginning")
        #expect(row.table.constraints.allSatisfy { $0.broken(on: [5, 9, 15].span) == 0 })
        #expect(HintOrder(of: row.table, known: ["sum"]).unforced.isEmpty)
    }
}

@Suite struct DebugCheckerTests {
    private static func tables() -> [Table] {
        let sender = TableBuilder("sender")
        let (x, y) = (sender.field("x"), sender.field("y"))
        sender.and(x, y, equals: 0, width: 8, "disjoint")
        sender.push(tag: 5, x, y)
        let receiver = TableBuilder("receiver")
        receiver.pull(tag: 5, receiver.field("x"), receiver.field("y"))
        return [sender.table, receiver.table]
    }

    private func complaints(_ rows: [[[UInt32]]]) -> [String] {
        DebugChecker(tables: DebugCheckerTests.tables()) { "kind-\($0)" }
            .complaints(heights: rows.map(\.count), boundary: ([], [])) { rows[$0][$1] }.map(\.description)
    }

    @Test func nothingIsWrongWithHonestRows() { #expect(complaints([[[1, 2], [4, 8]], [[4, 8], [1, 2]]]) == []) }

    @Test func brokenConstraintsAreNamed() {
        #expect(
            complaints([[[1, 2], [4, 12]], [[4, 12], [1, 2]]])
                == ["sender row 1: constraint 0 (disjoint): 4 c"])
    }

    @Test func unbalancedMessagesAreNamedWithTheirSenders() {
        #expect(
            complaints([[[1, 2], [1, 2]], [[1, 2], [3, 4]]]) == [
                "kind-5 1 2 0 14000000: 1 more pushed than pulled; pushed by sender row 0, pushed by sender row 1, "
                    + "pulled by receiver row 0",
                "kind-5 3 4 0 14000000: -1 more pushed than pulled; pulled by receiver row 1",
            ])
    }
}
