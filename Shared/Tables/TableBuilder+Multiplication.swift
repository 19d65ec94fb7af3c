// Products without partial products. With digits σᵢ = 2yᵢ − 1 = ±1, row i of x·Σσᵢ2ⁱ is x or ~x: x ^ ~Yᵢ with Yᵢ the
// spread bit, linear in the words. For sign bits x₃₂, y₃₂ (zero when unsigned) and a = x + y with carry out a₃₂:
//
//   2xy = Σ_{i<32} (x ^ ~Yᵢ)·2ⁱ + ~a + 2³²·[(y ^ X₃₂) + (x ^ Y₃₂) + x₃₂ + y₃₂ + (1 − a₃₂)] + 2⁶⁴·(1 ^ x₃₂ ^ y₃₂)
//
// modulo 2⁶⁵ (machine.md, section 3). The rows are added by layers of full adders whose carries are committed.

/// A number held as the sum of two words, after 31 layers of carry-save addition.
public struct CarrySave {
    /// At weight 2³¹.
    public var sum: Operand
    public var carry: Operand
    /// One bit each: the bits at weights 2⁰ … 2³⁰, which no later layer changes.
    public var lows: [Operand]
    /// The carry that leaves x + y.
    public var out: Operand
}

extension TableBuilder {
    /// 2xy + Σ below[i]·2ⁱ (i < 31, one bit each) as sum + carry at weight 2³¹, plus 2³²·(x + y + 1 − out) + 2⁶⁴,
    /// modulo 2⁶⁵: the high terms are for the caller to add.
    ///
    /// Starts with S = ~a, C = row 0. Layer i adds T = row i << 1 by full adders, K = maj(S, C, T) committed:
    ///
    ///     (S ^ T) & (C ^ T) = K ^ T,   then S = (S ^ C ^ T)>>1 with row i's bit 31 on top, C = K
    ///
    /// Costs 32 words and 32 AND words; with `lowOnly` layer i has only the 33 − i positions that weights up to 2³²
    /// need: 32 + Σ(33 − i) bits, about 17 words.
    public func carrySave(_ x: Operand, _ y: Operand, below: [Operand], lowOnly: Bool) -> CarrySave {
        let low = (x ^ y) & 1 ^ hint("a", width: 31) << 1
        let out = hint("a_out", width: 1)
        let carry = x ^ y ^ low
        and(x ^ carry, y ^ carry, equals: carry ^ carry >> 1 ^ out << 31, "a")
        func row(_ i: Int) -> Operand { x ^ ~y.spread(i) }
        var state = CarrySave(sum: ~low, carry: row(0), lows: [], out: out)
        for i in 1...31 {
            let third = row(i) << 1 ^ below[i - 1]
            let next = majority(state, third, width: lowOnly ? 33 - i : 32, as: "carry\(i)")
            state.lows.append(state.sum ^ state.carry ^ third & 1)
            state.sum = (state.sum ^ state.carry ^ third) >> 1 ^ row(i) & 1 << 31
            state.carry = next
        }
        return state
    }

    /// One layer of full adders: maj(S, C, T), committed.
    public func majority(_ state: CarrySave, _ third: Operand, width: Int = 32, as name: String) -> Operand {
        let next = hint(name, width: width)
        and(state.sum ^ third, state.carry ^ third, equals: next ^ third, width: width, name)
        return next
    }

    /// The low 32 bits of xy, linear in the committed carries. Costs 17 words and a bit, and as many ANDs.
    public func multiplyLow(_ x: Operand, _ y: Operand) -> Operand {
        let state = carrySave(x, y, below: Array(repeating: 0, count: 31), lowOnly: true)
        let (s, c) = (state.sum, state.carry)
        var result = lowBits(state)
        let last = product(s, c, as: "last")
        result ^= ((s ^ c) >> 1 ^ last ^ x ^ y ^ 1 ^ state.out).spread(0, over: 1 << 31)
        return result
    }

    /// All 64 bits of xy. x counts as signed where the bit `xSigned` is one, y where `ySigned` is one. The low half is
    /// linear. Costs 37 words and 3 bits, and as many ANDs.
    public func multiply(
        _ x: Operand, _ y: Operand, xSigned: Operand, ySigned: Operand
    ) -> (low: Operand, high: Operand) {
        var state = carrySave(x, y, below: Array(repeating: 0, count: 31), lowOnly: false)
        var low = lowBits(state)
        let xNegative = product(xSigned, x >> 31, as: "x_negative")
        let yNegative = product(ySigned, y >> 31, as: "y_negative")
        // (y ^ X₃₂) + x₃₂ is y or −y, modulo 2³³: its bit 32 is `over`, up to the sign that counts at weight 2⁶⁴.
        let high = negate(y, where: xNegative, as: "high")
        let flipped = y ^ xNegative.spread()
        let over = product((flipped ^ high) >> 31, flipped >> 31, as: "high_over")
        var third = high << 1
        let k32 = majority(state, third, as: "k32")
        state.sum = (state.sum ^ state.carry ^ third) >> 1 ^ high & 1 << 31
        state.carry = k32
        third = x ^ yNegative.spread()
        let k33 = majority(state, third, as: "k33")
        let s = state.sum ^ state.carry ^ third
        let c = k33 << 1 ^ state.out ^ 1
        low ^= (s ^ c ^ yNegative).spread(0, over: 1 << 31)
        let result = hint("result")
        let top = k33 >> 31 ^ over ^ 1 ^ xNegative ^ yNegative  // weight 2⁶⁴, without the last carry
        let carry = yNegative ^ (s ^ c ^ result << 1) & ~1
        let leaving = ((result >> 31 ^ top) & 1) << 31
        and(s ^ carry, c ^ carry, equals: carry ^ carry >> 1 ^ leaving, "sum")
        return (low, result)
    }

    /// Bits 0 to 30 of xy: the bits of 2xy at weights 2¹ … 2³¹.
    private func lowBits(_ state: CarrySave) -> Operand {
        var result = Operand()
        for i in 1..<31 { result ^= state.lows[i].spread(0, over: 1 << UInt32(i - 1)) }
        return result ^ (state.sum ^ state.carry).spread(0, over: 1 << 30)
    }
}
