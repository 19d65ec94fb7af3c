import Tables

extension RowWriter {
    mutating func multiplyLow(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        begin(clock, i)
        source1(r, i, clock)
        source2(r, i, clock)
        sum(r.value1, r.value2)
        let (s, c) = Hints.carrySave(r.value1, r.value2) { layer, carry in
            if layer == 1 { word(carry) } else { bits(carry, 33 - layer) }
        }
        bits(s & c, 1)
        destination(r, i, clock)
    }

    mutating func multiplyHigh(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        begin(clock, i)
        bits(i.word >> 12, 1)
        bits(i.word >> 13, 1)
        source1(r, i, clock)
        source2(r, i, clock)
        sum(r.value1, r.value2)
        var (s, c) = Hints.carrySave(r.value1, r.value2) { word($1) }
        let (x, y) = (r.value1, r.value2)
        let xNegative = i.operation == .mulhu ? 0 : x >> 31
        let yNegative = i.operation == .mulh ? y >> 31 : 0
        let high = xNegative == 1 ? 0 &- y : y
        let flipped = y ^ (0 &- xNegative)
        let k32 = Hints.majority(s, c, high << 1)
        s = (s ^ c ^ high << 1) >> 1 | high & 1 << 31
        c = k32
        bits(xNegative, 1)
        bits(yNegative, 1)
        bits(high >> 1, 31)
        bits((flipped ^ high) >> 31 & flipped >> 31, 1)
        word(k32)
        word(Hints.majority(s, c, x ^ (0 &- yNegative)))
        word(r.result)
        destination(r, i, clock)
    }

    mutating func divide(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        begin(clock, i)
        let (isUnsigned, isRemainder) = (i.word >> 12 & 1, i.word >> 13 & 1)
        bits(isUnsigned, 1)
        bits(isRemainder, 1)
        source1(r, i, clock)
        source2(r, i, clock)
        let dividendNegative = ~isUnsigned & r.value1 >> 31
        let divisorNegative = ~isUnsigned & r.value2 >> 31
        let num = dividendNegative == 1 ? 0 &- r.value1 : r.value1
        let den = divisorNegative == 1 ? 0 &- r.value2 : r.value2
        // By zero, den·quotient is 0 whatever the quotient: the one that becomes ones with the dividend's sign.
        let quotient = den == 0 ? (dividendNegative == 1 ? 1 : .max) : num / den
        let remainder = den == 0 ? num : num % den
        bits(dividendNegative, 1)
        bits(divisorNegative, 1)
        bits(num >> 1, 31)
        bits(den >> 1, 31)
        word(quotient)
        word(remainder)
        array(den, quotient, remainder)
        bits(Hints.borrows(remainder, den), 31)
        bits(den == 0 ? 1 : 0, 1)
        word(isRemainder == 1 ? remainder : quotient)
        bits(~isRemainder & divisorNegative, 1)
        bits(r.result >> 1, 31)
        bits(den == 0 ? ~isRemainder : 0, 1)
        destination(r, i, clock)
    }

    /// den·quotient + remainder: layers, and the two for the high terms.
    private mutating func array(_ den: UInt32, _ quotient: UInt32, _ remainder: UInt32) {
        sum(den, quotient)
        var (s, c) = Hints.carrySave(den, quotient, below: remainder << 1 & ones(31)) { word($1) }
        let third = den << 1 | remainder >> 30 & 1
        let k32 = Hints.majority(s, c, third)
        s = (s ^ c ^ third) >> 1 | den & 1 << 31
        c = k32
        word(k32)
        word(Hints.majority(s, c, quotient))
    }

    private mutating func sum(_ x: UInt32, _ y: UInt32) {
        let (low, overflow) = x.addingReportingOverflow(y)
        bits(low >> 1, 31)
        bits(overflow ? 1 : 0, 1)
    }
}
