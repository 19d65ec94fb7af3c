import Tables

/// Epochs: what keeps the clock exact, and register tokens young.
enum ClockTables {
    static func all(_ shape: MachineShape) -> [Table] { [epoch(shape), refresh(shape)] }

    /// The end of an epoch: position 2^epochLog fits no instruction; this row takes such a state and goes on at position
    /// 0 of the next epoch, whose number cannot wrap.
    static func epoch(_ shape: MachineShape) -> Table {
        let row = TableBuilder("epoch")
        let epoch = row.field("epoch", width: MachineShape.epochBits)
        let pc = row.field("pc", width: 31) << 1
        let next = row.step(epoch, width: MachineShape.epochBits, as: "step")
        row.pull(.state, pc, 0, epoch << (shape.epochLog + 1) ^ Operand(UInt32(shape.epochCycles)))
        row.push(.state, pc, 0, next << (shape.epochLog + 1))
        return row.table
    }

    /// Moves a register's token from an older epoch to the start of a later one.
    static func refresh(_ shape: MachineShape) -> Table {
        let row = TableBuilder("refresh")
        let epoch = row.field("epoch", width: MachineShape.epochBits)
        let old = row.field("oldEpoch", width: MachineShape.epochBits)
        let position = row.field("oldPosition", width: shape.epochLog + 1)
        let slot = row.field("oldSlot", width: 2)
        let number = row.field("number", width: 6)
        let value = row.field("value")
        row.later(old, epoch, allowance: 0, width: MachineShape.epochBits, as: "order")
        row.pull(.register, number, value, old << (shape.epochLog + 3) ^ position << 2 ^ slot)
        row.push(.register, number, value, epoch << (shape.epochLog + 3))
        return row.table
    }
}
