import Tables

/// One row for each distinct instruction that a segment executes: it takes the raw word from memory and promises it to
/// the class tables, as often as it is used.
///
/// A code row pulls the word's token at time 0, which exists once, and pushes it at time 1: two code rows for one pc are
/// impossible. It then owes a token with its count n, which `offer` rows take down to zero bit by bit, each pushing the
/// fetch 2^k times at once: a message's power is still linear in its bits (machine.md, section 4).
enum CodeTables {
    static func all(_ shape: MachineShape) -> [Table] {
        [plain(), branch(), upper("code_lui", 0x37), upper("code_auipc", 0x17), upper("code_jal", 0x6F)]
            + (0..<TableKind.countBits).map(offer)
    }

    private struct CodeRow {
        let row: TableBuilder
        /// pc / 4
        let index: Operand
        let pcPlus4: Operand
        var word: Operand
        var pc: Operand { index << 2 }

        init(_ name: String, opcode: UInt32) {
            row = TableBuilder(name)
            index = row.field("pc", width: 30)
            word = Operand(opcode)
            pcPlus4 = row.step(index, width: 30, wraps: true, as: "step") << 2
        }

        /// The instruction's bits from `low` on, in their places.
        mutating func bits(from low: Int) -> Operand {
            let bits = row.field("any", width: 32 - low) << low
            word ^= bits
            return bits
        }

        /// rd, with bit 5 set where rd is x0: the sink.
        func number(_ rd: Operand) -> Operand {
            let first = row.product(~rd, ~rd >> 1, as: "rd01")
            let second = row.product(~rd >> 2, ~rd >> 3, as: "rd23")
            let four = row.product(first, second, as: "rd0123")
            return rd ^ row.product(four, ~rd >> 4, as: "rdIsZero") << 5
        }

        func read() {
            row.pull(.memory, pc, word, 0)
            row.push(.memory, pc, word, 1)
        }

        /// Promises this content as often as the field `count` says.
        func offer(_ kind: MessageKind, _ content: [Operand], count: String) {
            let n = row.field(count, width: TableKind.countBits)
            row.push(tag: kind.token, content[0], content[1], content[2], content[3] ^ n << 1)
            row.pull(tag: kind.token, content[0], content[1], content[2], content[3])
        }
    }

    static func plain() -> Table {
        var code = CodeRow("code", opcode: 3)
        let bits = code.bits(from: 2)
        let rdIsZero = code.number(bits >> 7 & 31) >> 5
        code.read()
        code.offer(.fetch, [code.pc ^ rdIsZero, code.pcPlus4, code.word & ~3, 0], count: "count")
        return code.row.table
    }

    /// Offers both ways, each with its own count.
    static func branch() -> Table {
        var code = CodeRow("code_branch", opcode: 0x63)
        let bits = code.bits(from: 7)
        code.read()
        let offset =
            bits >> 8 & 15 ^ (bits >> 25 & 63) << 4 ^ (bits >> 7 & 1) << 10
            ^ bits.spread(31, over: ones(31) & .max << 11)
        let target = code.row.add(code.index << 1, offset, width: 31, as: "target") << 1
        func content(taken: Operand, next: Operand) -> [Operand] {
            [code.pc ^ taken, next, bits >> 15 & ones(10) ^ (bits >> 12 & 7) << 10, 0]
        }
        code.offer(.branch, content(taken: 0, next: code.pcPlus4), count: "count")
        code.offer(.branch, content(taken: 1, next: target), count: "countTaken")
        return code.row.table
    }

    /// LUI, AUIPC and JAL, whose result and next pc depend on nothing but pc and word.
    static func upper(_ name: String, _ opcode: UInt32) -> Table {
        var code = CodeRow(name, opcode: opcode)
        let bits = code.bits(from: 7)
        code.read()
        let number = code.number(bits >> 7 & 31)
        var (next, value) = (code.pcPlus4, bits & .max << 12)
        if opcode == 0x17 {
            let high = code.row.add(code.pc >> 12, bits >> 12, width: 20, as: "value") << 12
            value = high ^ code.pc & ones(12)
        }
        if opcode == 0x6F {
            let offset =
                bits >> 21 & ones(10) ^ (bits >> 20 & 1) << 10 ^ (bits >> 12 & 255) << 11
                ^ bits.spread(31, over: ones(31) & .max << 19)
            (next, value) = (
                code.row.add(code.index << 1, offset, width: 31, as: "target") << 1, code.pcPlus4
            )
        }
        let content = JumpTables.constantContent(pc: code.pc, next: next, value: value, number: number)
        code.offer(.constant, content, count: "count")
        return code.row.table
    }

    /// Takes bit k, which is a constant one, off a token's count, and pushes its fetch 2^k times.
    static func offer(_ k: Int) -> Table {
        let row = TableBuilder("offer\(k)")
        let content = (0..<3).map { row.field("m\($0)") }
        let low = row.field("odd", width: 1)
        let count = row.field("rest", width: TableKind.countBits - 1)
        let kind = row.field("kind", width: 2) << TableBuilder.tagPosition
        let rest = count & ones(k) ^ (count >> k) << (k + 1)
        func message(_ n: Operand, tag: UInt32, power: Int = 0) -> Message {
            let last = (low ^ n << 1) & ones(TableBuilder.tagPosition) ^ Operand(tag) << TableBuilder.tagPosition ^ kind
            return Message(content[0], content[1], content[2], last, power: power)
        }
        row.pull(message(rest ^ Operand(1 << UInt32(k)), tag: 8 + 4))
        row.push(message(rest, tag: 8 + 4))
        row.push(message(0, tag: 8, power: k))
        return row.table
    }
}
