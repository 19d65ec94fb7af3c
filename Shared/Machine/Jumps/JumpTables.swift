import Tables

/// Branches, jumps, and instructions whose result the code row has already worked out.
enum JumpTables {
    static func all(_ shape: MachineShape) -> [Table] {
        [branchEqual(shape), branchLess(shape), constant(shape), jalr(shape), fence(shape)]
    }

    /// BEQ and BNE. What is pulled says whether the branch is taken and where it leads: the code row offers both.
    static func branchEqual(_ shape: MachineShape) -> Table {
        let branch = Branch("beq_bne", shape)
        let invert = branch.row.bits("invert", at: 12, width: 1)
        let differ = branch.row.row.any(branch.x ^ branch.y, as: "ors")
        return branch.finish(taken: differ ^ 1 ^ invert, funct3: invert)
    }

    /// BLT, BGE, BLTU and BGEU.
    static func branchLess(_ shape: MachineShape) -> Table {
        let branch = Branch("blt_bge", shape)
        let invert = branch.row.bits("invert", at: 12, width: 1)
        let unsigned = branch.row.bits("unsigned", at: 13, width: 1)
        let less = branch.row.row.less(branch.x, branch.y, signed: 1 ^ unsigned, as: "borrows")
        return branch.finish(taken: less ^ invert, funct3: 4 ^ unsigned << 1 ^ invert)
    }

    private struct Branch {
        let row: InstructionRow
        let pc: Operand
        let next: Operand
        let x: Operand
        let y: Operand

        init(_ name: String, _ shape: MachineShape) {
            row = InstructionRow(clocked: name, shape)
            pc = row.row.field("pc", width: 30) << 2
            next = row.row.field("next", width: 31) << 1
            x = row.sourceRegister1()
            y = row.sourceRegister2()
        }

        func finish(taken: Operand, funct3: Operand) -> Table {
            row.row.pull(.branch, pc ^ taken, next, row.word >> 15 & ones(10) ^ funct3 << 10)
            row.state(from: pc, to: next)
            return row.row.table
        }
    }

    /// LUI, AUIPC and JAL: value and next pc come with the fetch.
    static func constant(_ shape: MachineShape) -> Table {
        let row = InstructionRow(clocked: "constant", shape)
        let pc = row.row.field("pc", width: 30) << 2
        let next = row.row.field("next", width: 31) << 1
        let value = row.row.field("value", width: 30) << 2
        let number = row.row.field("rd", width: 6)
        row.register("rd", slot: 2, number: number, old: row.row.field("rdOld"), new: value)
        let content = constantContent(pc: pc, next: next, value: value, number: number)
        row.row.pull(.constant, content[0], content[1], content[2], content[3])
        row.state(from: pc, to: next)
        return row.row.table
    }

    /// The six bits of rd fill the holes that alignment leaves.
    static func constantContent(pc: Operand, next: Operand, value: Operand, number: Operand) -> [Operand] {
        [pc ^ number & 3, next ^ number >> 2 & 1, value ^ number >> 3 & 3, number >> 5]
    }

    /// JALR: the sum without its lowest bit.
    static func jalr(_ shape: MachineShape) -> Table {
        let row = InstructionRow("jalr", shape, opcode: 0x67)
        let x = row.sourceRegister1()
        let next = row.row.add(x, row.immediateI(), as: "next")
        row.destinationRegister(row.pcPlus4)
        row.finish(next: next & ~1)
        return row.row.table
    }

    /// FENCE, whatever its fields: there is one hart and nothing to order.
    static func fence(_ shape: MachineShape) -> Table {
        let row = InstructionRow("fence", shape, opcode: 0x0F)
        _ = row.bits("rd", at: 7, width: 5)
        _ = row.bits("any", at: 15, width: 17)
        row.finish(next: row.pcPlus4)
        return row.row.table
    }
}
