import Tables

extension RowWriter {
    @inline(__always) mutating func addi(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        begin(clock, i)
        source1(r, i, clock)
        immediateI(i)
        bits(r.result >> 1, 31)
        destination(r, i, clock)
    }

    @inline(__always) mutating func addSub(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        begin(clock, i)
        source1(r, i, clock)
        source2(r, i, clock)
        bits(i.word >> 30, 1)
        bits(r.result >> 1, 31)
        destination(r, i, clock)
    }

    @inline(__always) mutating func exclusiveOr(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        begin(clock, i)
        source1(r, i, clock)
        second(r, i, clock)
        destination(r, i, clock)
    }

    @inline(__always) mutating func andOr(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        begin(clock, i)
        bits(i.word >> 12, 1)
        source1(r, i, clock)
        second(r, i, clock)
        word(r.result)
        destination(r, i, clock)
    }

    @inline(__always) mutating func setLess(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        begin(clock, i)
        bits(i.word >> 12, 1)
        source1(r, i, clock)
        second(r, i, clock)
        let flip = (~i.word >> 12) << 31
        word(Hints.borrows(r.value1 ^ flip, r.value2 ^ flip))
        destination(r, i, clock)
    }

    @inline(__always) mutating func shift(_ r: CycleRecord, _ i: Instruction, _ clock: Clock, left: Bool) {
        begin(clock, i)
        source1(r, i, clock)
        if i.usesSecondRegister { source2(r, i, clock) } else { bits(i.word >> 20, 5) }
        let isArithmetic = left ? 0 : i.word >> 30 & 1
        let fill = isArithmetic & r.value1 >> 31
        if !left {
            bits(isArithmetic, 1)
            bits(fill, 1)
        }
        Hints.shifts(r.value1, by: r.value2 & 31, left: left, fill: fill) { word($1) }
        destination(r, i, clock)
    }

    @inline(__always) private mutating func second(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        if i.usesSecondRegister { source2(r, i, clock) } else { immediateI(i) }
    }
}
