// Choices, equality, shifts, and the parts of words.

extension TableBuilder {
    /// x where the bit `condition` is one, y where it is zero: condition & (y ^ x) = result ^ y at `width` positions.
    /// Costs width bits and width ANDs.
    public func choose(
        _ condition: Operand, _ x: Operand, else y: Operand, width: Int = 32, as name: String
    ) -> Operand {
        let result = hint(name, width: width)
        and(condition.spread(), y ^ x, equals: result ^ y, width: width, name)
        return result
    }

    /// One bit: whether any of x's 32 bits is one. The prefix ors o₀ = x₀, ~o₍ᵢ₊₁₎ = ~oᵢ & ~x₍ᵢ₊₁₎ are the hint.
    /// Costs 31 bits and 31 ANDs.
    public func any(_ x: Operand, as name: String) -> Operand {
        let ors = x & 1 ^ hint(name, width: 31) << 1
        and(~ors, ~x >> 1, equals: ~ors >> 1, width: 31, name)
        return ors >> 31
    }

    /// One bit: x = y. Costs 31 bits and 31 ANDs.
    public func equal(_ x: Operand, _ y: Operand, as name: String) -> Operand { any(x ^ y, as: name) ^ 1 }

    /// One bit: bit `index` (the low five bits of an operand) of x: halves are chosen until one bit is left.
    /// Costs 31 bits and 31 ANDs.
    public func bitTest(_ x: Operand, index: Operand, as name: String) -> Operand {
        var part = x
        for k in (0..<5).reversed() {
            let half = 1 << k
            part = choose(index >> k, part >> half, else: part, width: half, as: "\(name)\(half)")
        }
        return part & 1
    }

    /// x shifted by the low five bits of `amount`; what comes in is `fill`, one bit, spread (to the left: zeros).
    /// Five choices, each one AND of a spread bit of the amount:
    ///
    ///     Aₖ & (x ^ x moved by 2^k) = x ^ x′
    ///
    /// Costs 5 words and 5 AND words.
    public func shift(_ x: Operand, by amount: Operand, left: Bool, fill: Operand = 0, as name: String) -> Operand {
        var x = x
        for k in 0..<5 {
            let distance = 1 << k
            let incoming = fill.spread(0, over: .max << UInt32(32 - distance))
            let moved = left ? x << distance : x >> distance ^ incoming
            let next = hint("\(name)\(distance)")
            and(amount.spread(k), x ^ moved, equals: x ^ next, "\(name)\(distance)")
            x = next
        }
        return x
    }

    /// x's low `width` bits as a signed number: linear, costs nothing.
    public func signExtended(_ x: Operand, width: Int) -> Operand {
        x & ones(width) ^ x.spread(width - 1, over: ~ones(width))
    }

    /// x's low `width` bits as a signed number where the bit `signed` is one. Costs 1 bit and 1 AND.
    public func signExtended(_ x: Operand, width: Int, where signed: Operand, as name: String) -> Operand {
        let fill = product(signed, x >> (width - 1), as: name)
        return x & ones(width) ^ fill.spread(0, over: ~ones(width))
    }
}
