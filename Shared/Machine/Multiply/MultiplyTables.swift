import Tables

/// Products and quotients.
enum MultiplyTables {
    static func all(_ shape: MachineShape) -> [Table] { [multiplyLow(shape), multiplyHigh(shape), divide(shape)] }

    static func multiplyLow(_ shape: MachineShape) -> Table {
        let row = InstructionRow("mul", shape, opcode: 0x33, funct3: 0, funct7: 1)
        let x = row.sourceRegister1()
        let y = row.sourceRegister2()
        row.destinationRegister(row.row.multiplyLow(x, y))
        row.finish(next: row.pcPlus4)
        return row.row.table
    }

    /// MULH (funct3 1), MULHSU (2) and MULHU (3). One AND keeps MUL (0) out.
    static func multiplyHigh(_ shape: MachineShape) -> Table {
        let row = InstructionRow("mulh", shape, opcode: 0x33, funct3: 0, funct7: 1)
        let b0 = row.bits("funct3Bit0", at: 12, width: 1)
        let b1 = row.bits("funct3Bit1", at: 13, width: 1)
        row.row.and(~b0, ~b1, equals: 0, width: 1, "not mul")
        let x = row.sourceRegister1()
        let y = row.sourceRegister2()
        row.destinationRegister(row.row.multiply(x, y, xSigned: b0 ^ b1, ySigned: ~b1).high)
        row.finish(next: row.pcPlus4)
        return row.row.table
    }

    /// DIV, DIVU, REM and REMU. Quotient and remainder of the absolute values are guessed; 2·(den·q + r) = 2·num is said
    /// modulo 2⁶⁵, which is exact, with 2r in the empty lowest places of the array; r < den unless den is zero. Then
    /// signs. The overflow −2³¹ / −1 needs no case, and division by zero takes den = 0: the remainder is the dividend,
    /// the quotient is set to ones.
    static func divide(_ shape: MachineShape) -> Table {
        let row = InstructionRow("divide", shape, opcode: 0x33, funct3: 4, funct7: 1)
        let builder = row.row
        let unsigned = row.bits("unsigned", at: 12, width: 1)
        let isRemainder = row.bits("isRemainder", at: 13, width: 1)
        let dividend = row.sourceRegister1()
        let divisor = row.sourceRegister2()
        let dividendNegative = builder.product(~unsigned, dividend >> 31, as: "dividendNegative")
        let divisorNegative = builder.product(~unsigned, divisor >> 31, as: "divisorNegative")
        let num = builder.negate(dividend, where: dividendNegative, as: "num")
        let den = builder.negate(divisor, where: divisorNegative, as: "den")
        let quotient = builder.hint("quotient")
        let remainder = builder.hint("remainder")
        exactDivision(builder, num: num, den: den, quotient: quotient, remainder: remainder)
        let byZero = remainderBelow(builder, den: den, remainder: remainder)
        let chosen = builder.choose(isRemainder, remainder, else: quotient, as: "chosen")
        let sign = dividendNegative ^ builder.product(~isRemainder, divisorNegative, as: "sign")
        let result = builder.negate(chosen, where: sign, as: "result")
        let ones = builder.product(byZero, ~isRemainder, as: "ones")
        builder.and(ones.spread(), ~result, equals: 0, "ones result")
        row.destinationRegister(result)
        row.finish(next: row.pcPlus4)
        return builder.table
    }

    /// den·quotient + remainder = num, over the integers.
    private static func exactDivision(
        _ row: TableBuilder, num: Operand, den: Operand, quotient: Operand, remainder: Operand
    ) {
        let below = [0] + (0..<30).map { remainder >> $0 & 1 }
        var state = row.carrySave(den, quotient, below: below, lowOnly: false)
        var third = den << 1 ^ remainder >> 30 & 1
        var low = Operand()
        // Weights 2¹ … 2³¹ are the dividend's bits 0 to 30.
        for (i, bit) in (state.lows[1...] + [state.sum ^ state.carry ^ third]).enumerated() {
            low ^= bit.spread(0, over: 1 << UInt32(i))
        }
        row.zero(low ^ num, width: 31, "dividend")
        let k32 = row.majority(state, third, as: "k32")
        state.sum = (state.sum ^ state.carry ^ third) >> 1 ^ den & 1 << 31
        state.carry = k32
        third = quotient
        let k33 = row.majority(state, third, as: "k33")
        let s = state.sum ^ state.carry ^ third
        let c = k33 << 1 ^ state.out ^ 1
        let carry = s ^ c ^ num >> 31  // the sum at weights 2³².. is twice the dividend: one bit
        row.zero(carry ^ remainder >> 31, width: 1, "carry in")
        row.and(s ^ carry, c ^ carry, equals: carry ^ carry >> 1 ^ ((k33 >> 31 ^ 1) & 1) << 31, "sum")
    }

    /// remainder < den, or den = 0: then the bit returned is one.
    private static func remainderBelow(_ row: TableBuilder, den: Operand, remainder: Operand) -> Operand {
        let borrows = row.hint("less", width: 31)
        let byZero = row.hint("byZero", width: 1)
        let chain = borrows << 1
        row.and(~remainder ^ chain, den ^ chain, equals: chain ^ borrows ^ (1 ^ byZero) << 31, "less")
        row.and(byZero.spread(), den, equals: 0, "by zero")
        return byZero
    }
}
