import Tables

// The parts that rows of executed cycles share, in the order in which `InstructionRow` declares them.

/// The clock of a cycle.
struct Clock {
    let epoch: UInt32
    let position: UInt32

    /// - Parameter cycle: of the segment, from 0; epochs count from 1.
    @inline(__always) init(cycle: Int) {
        epoch = 1 &+ UInt32(truncatingIfNeeded: cycle &>> 8)
        position = UInt32(truncatingIfNeeded: cycle & 255)
    }

    var time: UInt32 { epoch << 8 | position }
}

extension RowWriter {
    @inline(__always) mutating func clock(_ clock: Clock) {
        bits(clock.epoch, 17)
        bits(clock.position, 8)
        bits(Hints.step(clock.position), 7)
    }

    /// Clock, pc, pc + 4, and whether rd is x0.
    @inline(__always) mutating func begin(_ clock: Clock, _ i: Instruction) {
        beginSystem(clock, i)
        bits(i.rd == UInt8(Hart.sink) ? 1 : 0, 1)
    }

    @inline(__always) mutating func beginSystem(_ clock: Clock, _ i: Instruction) {
        self.clock(clock)
        bits(i.address >> 2, 30)
        bits((i.address &+ 4) >> 2, 30)
    }

    /// Clock, pc and the next pc of a row whose fetch brings it.
    @inline(__always) mutating func beginWithNext(_ clock: Clock, _ i: Instruction, next: UInt32) {
        self.clock(clock)
        bits(i.address >> 2, 30)
        bits(next >> 1, 31)
    }

    /// A register's token (position and slot), and the borrows that order it before this cycle's access in `slot`.
    @inline(__always) mutating func token(_ token: UInt32, slot: UInt32, _ clock: Clock) {
        let (position, tokenSlot) = (token >> 2 & 255, token & 3)
        bits(position, 8)
        bits(tokenSlot, 2)
        let allowance = slot == 2 ? 1 : ~tokenSlot >> slot & 1
        bits(Hints.borrows(position, clock.position, borrow: allowance), 7)
    }

    @inline(__always) mutating func source1(_ record: CycleRecord, _ i: Instruction, _ clock: Clock) {
        word(record.value1)
        bits(i.word >> 15, 5)
        token(record.tokens, slot: 0, clock)
    }

    @inline(__always) mutating func source2(_ record: CycleRecord, _ i: Instruction, _ clock: Clock) {
        word(record.value2)
        bits(i.word >> 20, 5)
        token(record.tokens >> 10, slot: 1, clock)
    }

    @inline(__always) mutating func destination(_ record: CycleRecord, _ i: Instruction, _ clock: Clock) {
        bits(i.word >> 7, 5)
        word(record.rdOld)
        token(record.tokens >> 20, slot: 2, clock)
        finish()
    }

    @inline(__always) mutating func immediateI(_ i: Instruction) { bits(i.word >> 20, 12) }

    @inline(__always) mutating func immediateS(_ i: Instruction) {
        bits(i.word >> 7, 5)
        bits(i.word >> 25, 7)
    }

    /// The time of a word's last access, and the borrows that order it before this one.
    @inline(__always) mutating func memory(_ lastTime: UInt32, _ clock: Clock) {
        bits(lastTime, 25)
        bits(Hints.borrows(lastTime, clock.time), 24)
    }
}
