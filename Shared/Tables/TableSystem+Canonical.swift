extension TableSystem {
    /// What of tables is hashed, in the encoding of ``CanonicalValue``: a list of tables. A table is its width, its
    /// constraints of three operands, its pushes and its pulls of four operands and a power. An operand is its constant
    /// and its terms; a term is its word and, for each of the 32 positions, the bit of the word that stands there, 255
    /// where none does. Names and labels are not part of it.
    public static func canonicalBytes(_ tables: [Table]) -> [UInt8] {
        var writer = Writer()
        writer.list(tables) { table, writer in
            writer.number(4)
            writer.number(table.width)
            writer.list(table.constraints) { constraint, writer in
                writer.list([constraint.a, constraint.b, constraint.c]) { $1.operand($0) }
            }
            for side in Side.allCases {
                writer.list(table.messages(of: side)) { message, writer in
                    writer.number(5)
                    message.words.forEach { writer.operand($0) }
                    writer.number(message.power)
                }
            }
        }
        return writer.bytes
    }

    /// The tables of the machine have 20,000 terms of 136 bytes: too many to build values of first.
    private struct Writer {
        var bytes: [UInt8] = []

        mutating func number(_ value: Int) {
            withUnsafeBytes(of: UInt32(value).littleEndian) { bytes.append(contentsOf: $0) }
        }

        mutating func list<Item>(_ items: [Item], _ write: (Item, inout Writer) -> Void) {
            number(items.count)
            for item in items {
                write(item, &self)
            }
        }

        mutating func operand(_ operand: Operand) {
            number(2)
            number(Int(operand.constant))
            list(operand.terms) { term, writer in
                writer.number(33)
                writer.number(term.word)
                for position in 0..<32 {
                    writer.number(term.source(at: position) ?? 255)
                }
            }
        }
    }
}
