// Sums and comparisons. c, the carries into each position, is linear: c = x ^ y ^ s. A carry c out of a full adder is
// the majority of its three inputs, and maj(x, y, c) ^ c = (x ^ c) & (y ^ c): one AND a position.

extension TableBuilder {
    /// x + y modulo 2^width. s₀ = x₀ ^ y₀ is linear, so that no carry can enter bit 0.
    ///
    ///     (x ^ c) & (y ^ c) = c ^ c>>1        at positions 0 ..< width − 1
    ///
    /// Costs width − 1 bits and width − 1 ANDs.
    public func add(_ x: Operand, _ y: Operand, width: Int = 32, as name: String) -> Operand {
        addOrSubtract(x, y, subtract: 0, width: width, as: name)
    }

    /// x − y modulo 2^width: x − y = ~(~x + y), with the same carries. Costs as much as a sum.
    public func subtract(_ x: Operand, _ y: Operand, width: Int = 32, as name: String) -> Operand {
        addOrSubtract(x, y, subtract: Operand(.max), width: width, as: name)
    }

    /// x − y where `subtract` is ones, x + y where it is zeros. `subtract` is one bit, spread.
    public func addOrSubtract(
        _ x: Operand, _ y: Operand, subtract: Operand, width: Int = 32, as name: String
    ) -> Operand {
        let total = (x ^ y) & 1 ^ hint(name, width: width - 1) << 1
        let carry = x ^ y ^ total
        and(x ^ subtract ^ carry, y ^ carry, equals: carry >> 1 ^ carry, width: width - 1, name)
        return total
    }

    /// x + y + carryIn and the carry that leaves bit 31; `carryIn` is one bit.
    ///
    ///     (x ^ c) & (y ^ c) = c ^ (c>>1 | carryOut<<31)
    ///
    /// Costs 32 bits and 32 ANDs.
    public func add(
        _ x: Operand, _ y: Operand, carryIn: Operand, as name: String
    ) -> (sum: Operand, carryOut: Operand) {
        let total = (x ^ y ^ carryIn) & 1 ^ hint(name, width: 31) << 1
        let out = hint("\(name)_out", width: 1)
        let carry = x ^ y ^ total
        and(x ^ carry, y ^ carry, equals: carry ^ carry >> 1 ^ out << 31, name)
        return (total, out)
    }

    /// One bit: x < y as unsigned numbers. The borrows of x − y are the hint; the last is the answer.
    ///
    ///     (~x ^ B) & (y ^ B) = B ^ b,  B = b<<1
    ///
    /// Costs 32 bits and 32 ANDs.
    public func less(_ x: Operand, _ y: Operand, as name: String) -> Operand {
        let borrows = hint(name)
        let chain = borrows << 1
        and(~x ^ chain, y ^ chain, equals: chain ^ borrows, name)
        return borrows >> 31
    }

    /// One bit: x < y, as signed numbers where the bit `signed` is one. Signed order is unsigned order with both
    /// sign bits flipped, which is linear: costs as much as the unsigned comparison.
    public func less(_ x: Operand, _ y: Operand, signed: Operand, as name: String) -> Operand {
        less(x ^ (signed & 1) << 31, y ^ (signed & 1) << 31, as: name)
    }

    /// Says old < new + allowance on `width` bits; `allowance` is one linear bit. The last borrow of
    /// old − new − (1 − allowance) is the constant one. Costs width − 1 bits and width ANDs.
    public func later(_ old: Operand, _ new: Operand, allowance: Operand, width: Int, as name: String) {
        let borrows = hint(name, width: width - 1)
        let chain = allowance ^ borrows << 1
        let last = Operand(1 << UInt32(width - 1))
        and(~old ^ chain, new ^ chain, equals: chain ^ borrows ^ last, width: width, name)
    }

    /// x + 1 in `width` bits, which flips a mask m of low bits: m₀ = 1, m₁ = x₀, m₍ᵢ₊₁₎ = mᵢ & xᵢ. Unless it wraps, no
    /// carry may leave. Costs width − 2 bits, and width − 1 ANDs (width − 2 if it wraps).
    public func step(_ x: Operand, width: Int, wraps: Bool = false, as name: String) -> Operand {
        let flipped = 1 ^ (x & 1) << 1 ^ hint(name, width: width - 2) << 2
        and(flipped >> 1, x >> 1, equals: flipped >> 2, width: wraps ? width - 2 : width - 1, name)
        return x ^ flipped
    }

    /// −x where the bit `sign` is one, x where it is zero, modulo 2^32: (x ^ S) + sign with S the sign spread.
    ///
    ///     c & (x ^ S) = c>>1
    ///
    /// Costs 31 bits and 31 ANDs.
    public func negate(_ x: Operand, where sign: Operand, as name: String) -> Operand {
        let total = x & 1 ^ hint(name, width: 31) << 1
        let flipped = x ^ sign.spread()
        let carry = flipped ^ total  // its bit 0 is the sign itself
        and(carry, flipped, equals: carry >> 1, width: 31, name)
        return total
    }
}
