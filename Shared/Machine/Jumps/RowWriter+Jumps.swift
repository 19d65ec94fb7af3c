import Tables

extension RowWriter {
    @inline(__always) mutating func branchEqual(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        beginWithNext(clock, i, next: r.word)
        source1(r, i, clock)
        source2(r, i, clock)
        bits(i.word >> 12, 1)
        bits(Hints.prefixOrs(r.value1 ^ r.value2), 31)
        finish()
    }

    @inline(__always) mutating func branchLess(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        beginWithNext(clock, i, next: r.word)
        source1(r, i, clock)
        source2(r, i, clock)
        bits(i.word >> 12, 1)
        bits(i.word >> 13, 1)
        let flip = (~i.word >> 13) << 31
        word(Hints.borrows(r.value1 ^ flip, r.value2 ^ flip))
        finish()
    }

    @inline(__always) mutating func constant(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        beginWithNext(clock, i, next: r.word)
        bits(r.result >> 2, 30)
        bits(UInt32(i.rd), 6)
        word(r.rdOld)
        token(r.tokens, slot: 2, clock)
        finish()
    }

    @inline(__always) mutating func jalr(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        begin(clock, i)
        source1(r, i, clock)
        immediateI(i)
        bits((r.value1 &+ r.value2) >> 1, 31)
        destination(r, i, clock)
    }

    @inline(__always) mutating func fence(_ i: Instruction, _ clock: Clock) {
        begin(clock, i)
        bits(i.word >> 7, 5)
        bits(i.word >> 15, 17)
        finish()
    }
}
