import Tables

/// Operands in the words of a table's fields: `epoch<<11 ^ position<<2 ^ 1`.
struct OperandText {
    private let owners: [Int: (field: Int, bit: Int)]
    private let fields: [Field]
    /// Longer operands are cut: those of the multipliers have a hundred terms.
    private let limit = 9

    init(_ table: Table) {
        fields = table.fields
        var owners: [Int: (field: Int, bit: Int)] = [:]
        for (number, field) in table.fields.enumerated() {
            for piece in field.pieces {
                for i in 0..<piece.count { owners[32 * piece.word + piece.offset + i] = (number, piece.low + i) }
            }
        }
        self.owners = owners
    }

    /// A part of a field that stands at some positions: bits that rise with the position, or one bit on all of them.
    private struct Part {
        let field: Int
        let bit: Int
        let isSpread: Bool
        let position: Int
        var count: Int

        func continues(as next: Part) -> Bool {
            field == next.field && isSpread == next.isSpread && next.position == position + count
                && next.bit == (isSpread ? bit : bit + count)
        }
    }

    /// The operand at `positions`, counted from the lowest of them.
    func text(_ operand: Operand, at positions: Range<Int> = 0..<32) -> String {
        let moved = operand >> positions.lowerBound & ones(positions.count)
        var parts: [Part] = []
        for term in moved.terms {
            let isSpread = if case .spread = term.kind { true } else { false }
            for position in 0..<positions.count {
                guard let bit = term.source(at: position), let owner = owners[32 * term.word + bit] else { continue }
                let part = Part(
                    field: owner.field, bit: owner.bit, isSpread: isSpread, position: position, count: 1)
                if let i = parts.lastIndex(where: { $0.continues(as: part) }) {
                    parts[i].count += 1
                } else {
                    parts.append(part)
                }
            }
        }
        var texts = parts.sorted { ($0.field, $0.position) < ($1.field, $1.position) }.map(text)
        if texts.count > limit { texts = texts.prefix(limit - 1) + ["… \(texts.count - limit + 1) more"] }
        if moved.constant != 0 || texts.isEmpty {
            texts.append(moved.constant == ones(positions.count) && positions.count > 1 ? "ones" : hex(moved.constant))
        }
        return texts.joined(separator: " ^ ")
    }

    private func text(_ part: Part) -> String {
        let field = fields[part.field]
        let last = part.bit + part.count - 1
        if part.isSpread {
            let bit = field.width == 1 ? field.name : "\(field.name)[\(part.bit)]"
            let last = part.position + part.count - 1
            return part.count == 1 ? "\(bit)@\(last)" : "\(bit)@\(part.position)…\(last)"
        }
        let isWhole = part.bit == 0 && part.count == field.width
        let bits = part.count == 1 ? "\(part.bit)" : "\(part.bit)…\(last)"
        let name = isWhole ? field.name : "\(field.name)[\(bits)]"
        return part.position == 0 ? name : "\(name)<<\(part.position)"
    }

    private func hex(_ value: UInt32) -> String { value < 10 ? "\(value)" : "0x\(String(value, radix: 16))" }
}
