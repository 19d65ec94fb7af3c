import Tables

/// Loads and stores. Memory is one token a word; parts of words are chosen from it and merged into it.
enum MemoryTables {
    static func all(_ shape: MachineShape) -> [Table] {
        [loadWord(shape), loadPart(shape), storeByte(shape), storeHalf(shape), storeWord(shape)]
    }

    /// rs1 plus an immediate.
    static func address(_ row: InstructionRow, _ immediate: (InstructionRow) -> Operand) -> Operand {
        let x = row.sourceRegister1()
        return row.row.add(x, immediate(row), as: "address")
    }

    static func loadWord(_ shape: MachineShape) -> Table {
        let row = InstructionRow("lw", shape, opcode: 3, funct3: 2)
        let address = address(row) { $0.immediateI() }
        row.row.zero(address, width: 2, "aligned")
        let value = row.row.field("word")
        row.memory(address: address & ~3, writable: row.row.field("writable", width: 1), old: value, new: value)
        row.destinationRegister(value)
        row.finish(next: row.pcPlus4)
        return row.row.table
    }

    /// LB, LH, LBU and LHU: the half that address bit 1 chooses, its byte that bit 0 chooses, then the sign.
    static func loadPart(_ shape: MachineShape) -> Table {
        let row = InstructionRow("load_part", shape, opcode: 3)
        let isHalf = row.bits("isHalf", at: 12, width: 1)
        let unsigned = row.bits("unsigned", at: 14, width: 1)
        let address = address(row) { $0.immediateI() }
        row.row.and(isHalf, address, equals: 0, width: 1, "aligned")
        let value = row.row.field("word")
        row.memory(address: address & ~3, writable: row.row.field("writable", width: 1), old: value, new: value)
        let half = row.row.choose(address >> 1, value >> 16, else: value, width: 16, as: "half")
        let byte = row.row.choose(address, half >> 8, else: half, width: 8, as: "byte")
        let sign = row.row.product(~unsigned, byte >> 7, as: "sign")
        let second = row.row.choose(isHalf, half >> 8, else: sign.spread(), width: 8, as: "second")
        let fill = row.row.product(~unsigned, second >> 7, as: "fill")
        row.destinationRegister(byte ^ second << 8 ^ fill.spread(0, over: .max << 16))
        row.finish(next: row.pcPlus4)
        return row.row.table
    }

    static func storeByte(_ shape: MachineShape) -> Table {
        let row = InstructionRow("sb", shape, opcode: 0x23, funct3: 0)
        let address = address(row) { $0.immediateS() }
        let value = row.sourceRegister2()
        let old = row.row.field("word")
        let both = row.row.product(address, address >> 1, as: "both")
        let enabled = [1 ^ address ^ address >> 1 ^ both, address ^ both, address >> 1 ^ both, both]
        var chosen = Operand()
        for i in 0..<4 { chosen ^= enabled[i].spread(0, over: 0xFF << UInt32(8 * i)) }
        let byte = value & 0xFF
        let halves = byte ^ byte << 8
        return finish(row, address, old: old, chosen: chosen, copies: halves ^ halves << 16)
    }

    static func storeHalf(_ shape: MachineShape) -> Table {
        let row = InstructionRow("sh", shape, opcode: 0x23, funct3: 1)
        let address = address(row) { $0.immediateS() }
        let value = row.sourceRegister2()
        let old = row.row.field("word")
        let chosen = address.spread(1) ^ 0xFFFF
        let half = value & 0xFFFF
        return finish(row, address, old: old, chosen: chosen, copies: half ^ half << 16, alignedBits: 1)
    }

    /// Says chosen & (old ^ copies) = new ^ old: the chosen bytes come from the register, the others stay.
    private static func finish(
        _ row: InstructionRow, _ address: Operand, old: Operand, chosen: Operand, copies: Operand, alignedBits: Int = 0
    ) -> Table {
        let new = row.row.hint("new")
        row.row.and(chosen, old ^ copies, equals: new ^ old, "new")
        if alignedBits > 0 { row.row.zero(address, width: alignedBits, "aligned") }
        row.memory(address: address & ~3, writable: 1, old: old, new: new)
        row.finish(next: row.pcPlus4)
        return row.row.table
    }

    static func storeWord(_ shape: MachineShape) -> Table {
        let row = InstructionRow("sw", shape, opcode: 0x23, funct3: 2)
        let address = address(row) { $0.immediateS() }
        let value = row.sourceRegister2()
        let old = row.row.field("word")
        row.row.zero(address, width: 2, "aligned")
        row.memory(address: address & ~3, writable: 1, old: old, new: value)
        row.finish(next: row.pcPlus4)
        return row.row.table
    }
}
