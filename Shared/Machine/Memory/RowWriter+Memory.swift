import Tables

extension RowWriter {
    @inline(__always) mutating func loadWord(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        begin(clock, i)
        loaded(r, i, clock)
        destination(r, i, clock)
    }

    @inline(__always) mutating func loadPart(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        begin(clock, i)
        let (isHalf, isUnsigned) = (i.word >> 12 & 1, i.word >> 14 & 1)
        bits(isHalf, 1)
        bits(isUnsigned, 1)
        loaded(r, i, clock)
        let address = r.value1 &+ i.immediate
        let half = r.word >> (address << 3 & 16) & 0xFFFF
        let byte = half >> (address << 3 & 8) & 0xFF
        let sign = ~isUnsigned & byte >> 7
        let second = isHalf == 1 ? half >> 8 : (0 &- sign) & 0xFF
        bits(half, 16)
        bits(byte, 8)
        bits(sign, 1)
        bits(second, 8)
        bits(~isUnsigned & second >> 7, 1)
        destination(r, i, clock)
    }

    @inline(__always) private mutating func loaded(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        source1(r, i, clock)
        immediateI(i)
        bits((r.value1 &+ i.immediate) >> 1, 31)
        word(r.word)
        bits(r.tokens >> 31, 1)
        memory(r.lastTime, clock)
    }

    @inline(__always) mutating func store(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        begin(clock, i)
        source1(r, i, clock)
        immediateS(i)
        let address = r.value1 &+ i.immediate
        bits(address >> 1, 31)
        source2(r, i, clock)
        word(r.word)
        if i.operation == .storeByte { bits(address & address >> 1, 1) }
        if i.operation != .storeWord { word(r.result) }
        memory(r.lastTime, clock)
        finish()
    }
}
