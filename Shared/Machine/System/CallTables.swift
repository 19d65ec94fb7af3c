import Tables

/// Environment calls: the instruction is the constant 0x73, and a7 (x17) is read as the constant number of the call.
enum CallTables {
    static func all(_ shape: MachineShape) -> [Table] {
        [halt(shape), readInput(shape), cycleCount(shape), unknown(shape)]
    }

    private static let a0 = Operand(10)
    private static let a7 = Operand(17)

    private static func begin(_ name: String, _ shape: MachineShape, number: UInt32) -> InstructionRow {
        let row = InstructionRow(name, shape, opcode: 0x73, isSystem: true)
        row.register("a7", slot: 0, number: a7, old: Operand(number), new: Operand(number))
        return row
    }

    /// Call 0: the run ends with the code in a0, and pc stays.
    static func halt(_ shape: MachineShape) -> Table {
        let row = begin("halt", shape, number: 0)
        let code = row.row.field("a0")
        row.register("a0", slot: 1, number: a0, old: code, new: code)
        row.finish(next: row.pc, status: RunStatus.halted, code: code)
        return row.row.table
    }

    /// Call 1: a0 gets any word. Private input is bound to nothing.
    static func readInput(_ shape: MachineShape) -> Table {
        let row = begin("read_input", shape, number: 1)
        row.register("rd", slot: 2, number: a0, old: row.row.field("rdOld"), new: row.row.hint("input"))
        row.finish(next: row.pcPlus4)
        return row.row.table
    }

    /// Call 2: a0 gets the low word of the run's cycle count: register 33 (the count at the segment's start, less one
    /// epoch) plus the clock.
    static func cycleCount(_ shape: MachineShape) -> Table {
        let row = begin("cycle_count", shape, number: 2)
        let base = row.row.field("base")
        row.register("base", slot: 1, number: 33, old: base, new: base)
        let old = row.row.field("rdOld")
        row.register("rd", slot: 2, number: a0, old: old, new: row.row.add(base, row.time, as: "count"))
        row.finish(next: row.pcPlus4)
        return row.row.table
    }

    /// Fault 11: a7 is above 2.
    static func unknown(_ shape: MachineShape) -> Table {
        let row = InstructionRow("fault_call", shape, opcode: 0x73, isSystem: true)
        let number = row.row.field("a7")
        row.register("a7", slot: 0, number: a7, old: number, new: number)
        row.row.later(2, number, allowance: 0, width: 32, as: "unknown")
        row.finish(next: row.pc, status: RunStatus.faulted, code: 11)
        return row.row.table
    }
}
