import Oracles
import Tables
import Testing

/// A gadget on a row with fields x, y and z: what it costs, what its hints are, what it must say.
struct Gadget: Sendable, CustomTestStringConvertible {
    var name: String
    /// Bits and ANDs of the gadget itself.
    var bits: Int
    var ands: Int
    /// Results by the row's x, y, z.
    var build: @Sendable (TableBuilder, Operand, Operand, Operand) -> [Operand]
    var hints: @Sendable (UInt32, UInt32, UInt32) -> [String: UInt32]
    /// The results from integer arithmetic; nil where the gadget must refuse the operands.
    var expected: @Sendable (UInt32, UInt32, UInt32) -> [UInt32]?

    var testDescription: String { name }
}

@Suite struct GadgetTests {
    static let corners: [UInt32] = [
        0, 1, 2, 31, 32, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001,
        0xFFFF_FFFE, 0xFFFF_FFFF, 0x1234_5678, 0xDEAD_BEEF, 0x5555_5555,
    ]

    @Test(arguments: gadgets) func meansWhatIntegersSay(_ gadget: Gadget) {
        let (table, results) = describe(gadget)
        for (x, y, z) in operands(seed: 1) {
            let row = fill(table, gadget, x, y, z)
            let broken = table.constraints.contains { $0.broken(on: row.span) != 0 }
            guard let expected = gadget.expected(x, y, z) else {
                #expect(broken, "\(gadget.name) accepts \(x) \(y) \(z)")
                continue
            }
            #expect(!broken, "\(gadget.name) refuses \(x) \(y) \(z)")
            #expect(results.map { $0.value(on: row) } == expected, "\(gadget.name) of \(x) \(y) \(z)")
        }
    }

    @Test(arguments: gadgets) func costsWhatItSays(_ gadget: Gadget) {
        let (table, _) = describe(gadget)
        let bits = table.fields.filter { $0.origin == .hint }.map(\.width).reduce(0, +)
        let ands = table.constraints.flatMap(\.labels).map(\.positions.count).reduce(0, +)
        #expect(bits == gadget.bits)
        #expect(ands == gadget.ands)
        #expect(table.width == 3 + (bits + 31) / 32)
    }

    @Test(arguments: gadgets) func everyHintBitIsForced(_ gadget: Gadget) {
        let (table, _) = describe(gadget)
        let order = HintOrder(of: table)
        #expect(order.unforced.isEmpty)
        for (x, y, z) in operands(seed: 2).prefix(40) where gadget.expected(x, y, z) != nil {
            var row = fill(table, gadget, x, y, z)
            var solved = Array(row.prefix(3)) + Array(repeating: 0, count: table.width - 3)
            order.solve(&solved)
            #expect(solved == row)
            for field in table.fields where field.origin == .hint {
                for piece in field.pieces {
                    for bit in piece.offset..<piece.offset + piece.count {
                        row[piece.word] ^= 1 << UInt32(bit)
                        #expect(
                            table.constraints.contains { $0.broken(on: row.span) != 0 },
                            "\(gadget.name): \(field.name) bit \(bit) is free at \(x) \(y) \(z)")
                        row[piece.word] ^= 1 << UInt32(bit)
                    }
                }
            }
        }
    }

    /// A bit of the operands flipped, and nothing else: either the row is broken, or it says the truth of the new operands.
    @Test(arguments: gadgets) func flippedOperandsAreNotMistaken(_ gadget: Gadget) {
        let (table, results) = describe(gadget)
        for (x, y, z) in operands(seed: 3).prefix(40) where gadget.expected(x, y, z) != nil {
            var row = fill(table, gadget, x, y, z)
            for place in 0..<96 {
                row[place / 32] ^= 1 << UInt32(place % 32)
                if table.constraints.allSatisfy({ $0.broken(on: row.span) == 0 }) {
                    #expect(
                        results.map { $0.value(on: row) } == gadget.expected(row[0], row[1], row[2]),
                        "\(gadget.name): bit \(place) of \(x) \(y) \(z)")
                }
                row[place / 32] ^= 1 << UInt32(place % 32)
            }
        }
    }

    /// The plain constraint of an addition lets a carry into bit 0: 5 + 9 = 15 satisfies it. Ours has no such bit.
    @Test func plainAdditionWouldTakeACarryIn() {
        let (x, y, s): (UInt32, UInt32, UInt32) = (5, 9, 15)
        let c = x ^ y ^ s
        #expect((x ^ c) & (y ^ c) == c >> 1 ^ c)
        let (table, _) = describe(gadgets[0])
        #expect(table.fields.last?.width == 31)
    }

    private func describe(_ gadget: Gadget) -> (Table, [Operand]) {
        let row = TableBuilder(gadget.name)
        let (x, y, z) = (row.field("x"), row.field("y"), row.field("z"))
        let results = gadget.build(row, x, y, z)
        return (row.table, results)
    }

    private func fill(_ table: Table, _ gadget: Gadget, _ x: UInt32, _ y: UInt32, _ z: UInt32) -> [UInt32] {
        var row = [x, y, z] + Array(repeating: 0, count: table.width - 3)
        let hints = gadget.hints(x, y, z)
        for field in table.fields where field.origin == .hint {
            field.write(hints[field.name] ?? 0, to: &row)
        }
        return row
    }

    private func operands(seed: UInt64) -> [(UInt32, UInt32, UInt32)] {
        var generator = SeededGenerator(seed: seed)
        var found: [(UInt32, UInt32, UInt32)] = []
        for x in GadgetTests.corners {
            for y in GadgetTests.corners { found.append((x, y, UInt32(truncatingIfNeeded: generator.next()))) }
        }
        found.append(
            contentsOf: (0..<400).map { _ in
                (
                    UInt32(truncatingIfNeeded: generator.next()), UInt32(truncatingIfNeeded: generator.next()),
                    UInt32(truncatingIfNeeded: generator.next())
                )
            })
        found.shuffle(using: &generator)
        return found
    }
}
