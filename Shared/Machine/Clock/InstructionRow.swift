import Tables

/// What the rows of executed cycles have in common: the clock, the fetch, the accesses to registers and memory. A class
/// of instructions adds its own equation.
///
///     let row = InstructionRow("xor", shape, opcode: 0x33, funct3: 4)
///     let x = row.sourceRegister1(), y = row.sourceRegister2()
///     row.destinationRegister(x ^ y)
///     row.finish(next: row.pcPlus4)
///
/// There is no decoder: a fetch brings the raw word, its fields are masks of it, and the bits that the class demands
/// are constants of its operand.
final class InstructionRow {
    let row: TableBuilder
    let shape: MachineShape
    let epoch: Operand
    let position: Operand
    /// The position of the following cycle; one bit wider, so that the end of an epoch fits no instruction.
    let nextPosition: Operand
    /// The instruction's bits so far: constants, and the fields that `bits` has declared.
    private(set) var word: Operand = 0
    /// Of rows that fetch: pc and pc + 4, multiples of 4, and whether rd is x0.
    let pc: Operand
    let pcPlus4: Operand
    let rdIsZero: Operand

    /// A row with the clock alone: epoch (17 bits), position, and the step to the next cycle.
    init(clocked name: String, _ shape: MachineShape) {
        (row, epoch, position, nextPosition) = InstructionRow.clock(name, shape)
        self.shape = shape
        (pc, pcPlus4, rdIsZero) = (0, 0, 0)
    }

    /// A row that fetches an instruction with these bits. `isSystem` rows have the constant word 0x73, whose rd is x0.
    init(
        _ name: String, _ shape: MachineShape, opcode: UInt32, funct3: UInt32 = 0, funct7: UInt32 = 0,
        isSystem: Bool = false
    ) {
        (row, epoch, position, nextPosition) = InstructionRow.clock(name, shape)
        self.shape = shape
        pc = row.field("pc", width: 30) << 2
        pcPlus4 = row.field("pcPlus4", width: 30) << 2
        rdIsZero = isSystem ? 1 : row.field("rdIsZero", width: 1)
        word = Operand(opcode | funct3 << 12 | funct7 << 25)
    }

    private static func clock(
        _ name: String, _ shape: MachineShape
    ) -> (row: TableBuilder, epoch: Operand, position: Operand, next: Operand) {
        let row = TableBuilder(name)
        let epoch = row.field("epoch", width: MachineShape.epochBits)
        let position = row.field("position", width: shape.epochLog)
        return (row, epoch, position, row.step(position, width: shape.epochLog + 1, wraps: true, as: "step"))
    }

    /// The cycle's number from 2^epochLog on: epoch and position side by side.
    var time: Operand { epoch << shape.epochLog ^ position }

    /// The instruction's bits `low..<low + width`, free in this class.
    func bits(_ name: String, at low: Int, width: Int) -> Operand {
        let field = row.field(name, width: width)
        word ^= field << low
        return field
    }

    /// Pulls the instruction and the state, and pushes the next state.
    func finish(next: Operand, status: UInt32 = RunStatus.running, code: Operand = 0) {
        row.pull(.fetch, pc ^ rdIsZero, pcPlus4, word & ~3)
        state(from: pc, to: next, status: status, code: code)
    }

    /// Pulls the state at `pc`, and pushes the one at `next`, a cycle later.
    func state(from pc: Operand, to next: Operand, status: UInt32 = RunStatus.running, code: Operand = 0) {
        row.pull(.state, pc, 0, epoch << (shape.epochLog + 1) ^ position)
        let after = epoch << (shape.epochLog + 1) ^ nextPosition ^ Operand(status) << 26
        row.push(.state, next, code, after)
    }

    // MARK: Registers

    /// An access to a register: pulls its token and pushes the next one.
    ///
    /// A token holds the earliest (position, slot) at which it may be taken, in the epoch of the row. The slots 0 (rs1),
    /// 1 (rs2), 2 (rd) are written 00, 01, 11, so that "the token's slot is at most mine" is one linear bit, the
    /// allowance of one comparison of positions. So rs1 = rs2 = rd is ordered within a row.
    func register(_ name: String, slot: Int, number: Operand, old: Operand, new: Operand) {
        let log = shape.epochLog
        let tokenPosition = row.field("\(name)Position", width: log)
        let tokenSlot = row.field("\(name)Slot", width: 2)
        let allowance = slot == 0 ? tokenSlot & 1 ^ 1 : slot == 1 ? tokenSlot >> 1 & 1 ^ 1 : 1
        row.later(tokenPosition, position, allowance: allowance, width: log, as: "\(name)Order")
        let after = slot == 2 ? nextPosition << 2 : position << 2 ^ (slot == 0 ? 1 : 3)
        row.pull(.register, number, old, epoch << (log + 3) ^ tokenPosition << 2 ^ tokenSlot)
        row.push(.register, number, new, epoch << (log + 3) ^ after)
    }

    /// The value of register rs1, bits 15 to 19 of the instruction.
    func sourceRegister1() -> Operand {
        let value = row.field("value1")
        register("rs1", slot: 0, number: bits("rs1", at: 15, width: 5), old: value, new: value)
        return value
    }

    /// The value of register rs2, bits 20 to 24 of the instruction.
    func sourceRegister2() -> Operand {
        let value = row.field("value2")
        register("rs2", slot: 1, number: bits("rs2", at: 20, width: 5), old: value, new: value)
        return value
    }

    /// `value` goes to register rd, bits 7 to 11 of the instruction; where rd is x0, to the sink (32).
    func destinationRegister(_ value: Operand) {
        let number = bits("rd", at: 7, width: 5) ^ rdIsZero << 5
        register("rd", slot: 2, number: number, old: row.field("rdOld"), new: value)
    }

    // MARK: Immediates

    /// Bits 20 to 31, a signed number.
    func immediateI() -> Operand {
        let bits = bits("immediate", at: 20, width: 12)
        return bits ^ bits.spread(11, over: .max << 12)
    }

    /// Bits 7 to 11 and 25 to 31, a signed number.
    func immediateS() -> Operand {
        let low = bits("immediateLow", at: 7, width: 5)
        let high = bits("immediateHigh", at: 25, width: 7)
        return low ^ high << 5 ^ high.spread(6, over: .max << 12)
    }

    // MARK: Memory

    /// An access to the word at `address`: pulls its token and pushes the next one. Memory keeps the full clock.
    func memory(address: Operand, writable: Operand, old: Operand, new: Operand) {
        let before = row.field("lastTime", width: shape.timeBits)
        row.later(before, time, allowance: 0, width: shape.timeBits, as: "memoryOrder")
        row.pull(.memory, address ^ writable, old, before)
        row.push(.memory, address ^ writable, new, time)
    }
}

extension TableBuilder {
    func push(
        _ kind: MessageKind, _ m0: Operand = 0, _ m1: Operand = 0, _ m2: Operand = 0, _ m3: Operand = 0
    ) { push(tag: kind.rawValue, m0, m1, m2, m3) }

    func pull(
        _ kind: MessageKind, _ m0: Operand = 0, _ m1: Operand = 0, _ m2: Operand = 0, _ m3: Operand = 0
    ) { pull(tag: kind.rawValue, m0, m1, m2, m3) }
}
