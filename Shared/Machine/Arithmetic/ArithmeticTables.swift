import Tables

/// Instructions that work out a register from registers and immediates: one table for each class and kind of second
/// operand, so that an immediate has no access to rs2 and no class needs a choice between results.
enum ArithmeticTables {
    static func all(_ shape: MachineShape) -> [Table] {
        SecondOperand.allCases.map { sum($0, shape) } + SecondOperand.allCases.map { exclusiveOr($0, shape) }
            + SecondOperand.allCases.map { andOr($0, shape) } + SecondOperand.allCases.map { setLess($0, shape) }
            + [
                shift("slli", .immediate, left: true, shape), shift("srli_srai", .immediate, left: false, shape),
                shift("sll", .register, left: true, shape), shift("srl_sra", .register, left: false, shape),
            ]
    }

    enum SecondOperand: CaseIterable {
        case immediate, register

        var opcode: UInt32 { self == .immediate ? 0x13 : 0x33 }

        func read(by row: InstructionRow) -> Operand {
            self == .immediate ? row.immediateI() : row.sourceRegister2()
        }
    }

    /// ADDI; ADD and SUB, which bit 30 tells apart.
    static func sum(_ second: SecondOperand, _ shape: MachineShape) -> Table {
        let row = InstructionRow(second == .immediate ? "addi" : "add_sub", shape, opcode: second.opcode)
        let x = row.sourceRegister1()
        let y = second.read(by: row)
        let subtract = second == .register ? row.bits("subtract", at: 30, width: 1).spread() : 0
        row.destinationRegister(row.row.addOrSubtract(x, y, subtract: subtract, as: "result"))
        row.finish(next: row.pcPlus4)
        return row.row.table
    }

    /// XORI; XOR: the result is linear and goes straight into rd's message.
    static func exclusiveOr(_ second: SecondOperand, _ shape: MachineShape) -> Table {
        let row = InstructionRow(second == .immediate ? "xori" : "xor", shape, opcode: second.opcode, funct3: 4)
        let x = row.sourceRegister1()
        row.destinationRegister(x ^ second.read(by: row))
        row.finish(next: row.pcPlus4)
        return row.row.table
    }

    /// ANDI and ORI; AND and OR: x | y = ~(~x & ~y), so bit 12 flips all three: (x^F) & (y^F) = result^F.
    static func andOr(_ second: SecondOperand, _ shape: MachineShape) -> Table {
        let row = InstructionRow(second == .immediate ? "and_or_i" : "and_or", shape, opcode: second.opcode, funct3: 6)
        let flip = ~row.bits("isAnd", at: 12, width: 1).spread()
        let x = row.sourceRegister1()
        let y = second.read(by: row)
        let result = row.row.hint("result")
        row.row.and(x ^ flip, y ^ flip, equals: result ^ flip, "result")
        row.destinationRegister(result)
        row.finish(next: row.pcPlus4)
        return row.row.table
    }

    /// SLTI and SLTIU; SLT and SLTU, told apart by bit 12.
    static func setLess(_ second: SecondOperand, _ shape: MachineShape) -> Table {
        let row = InstructionRow(second == .immediate ? "slti" : "slt", shape, opcode: second.opcode, funct3: 2)
        let signed = 1 ^ row.bits("unsigned", at: 12, width: 1)
        let x = row.sourceRegister1()
        let y = second.read(by: row)
        row.destinationRegister(row.row.less(x, y, signed: signed, as: "borrows"))
        row.finish(next: row.pcPlus4)
        return row.row.table
    }

    /// Shifts by an immediate or by rs2's low five bits. To the right, bit 30 says whether the sign comes in.
    static func shift(_ name: String, _ second: SecondOperand, left: Bool, _ shape: MachineShape) -> Table {
        let row = InstructionRow(name, shape, opcode: second.opcode, funct3: left ? 1 : 5)
        let x = row.sourceRegister1()
        let amount = second == .register ? row.sourceRegister2() : row.bits("amount", at: 20, width: 5)
        let fill = left ? 0 : row.row.product(row.bits("arithmetic", at: 30, width: 1), x >> 31, as: "fill")
        row.destinationRegister(row.row.shift(x, by: amount, left: left, fill: fill, as: "shifted"))
        row.finish(next: row.pcPlus4)
        return row.row.table
    }
}
