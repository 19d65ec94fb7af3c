/// The values of the gadgets' hints, from integers: what trace filling writes. Each is a few instructions; no
/// constraint is consulted, so a wrong one is caught by the debug checker.
public enum Hints {
    /// The borrows b₁ b₂ … of x − y − borrow, packed from bit 0; `borrow` is 0 or 1.
    @inlinable public static func borrows(_ x: UInt32, _ y: UInt32, borrow: UInt32 = 0) -> UInt32 {
        let difference = x &- y &- borrow
        return ~x & y | ~(x ^ y) & difference
    }

    /// Bits 2… of the mask of bits that x + 1 flips.
    @inlinable public static func step(_ x: UInt32) -> UInt32 { (x ^ (x &+ 1)) >> 2 }

    /// o₁ o₂ …, packed from bit 0, with oᵢ the or of bits 0…i of x.
    @inlinable public static func prefixOrs(_ x: UInt32) -> UInt32 { (x | (0 &- x)) >> 1 }

    /// The bits at which at least two of three words are one.
    @inlinable public static func majority(_ a: UInt32, _ b: UInt32, _ c: UInt32) -> UInt32 {
        (a ^ c) & (b ^ c) ^ c
    }

    /// x after each of the five choices of a shift.
    @inlinable public static func shifts(
        _ x: UInt32, by amount: UInt32, left: Bool, fill: UInt32 = 0, _ body: (Int, UInt32) -> Void
    ) {
        var x = x
        for k in 0..<5 {
            let distance = UInt32(1) << UInt32(k)
            if amount >> UInt32(k) & 1 == 1 {
                x = left ? x << distance : x >> distance | (0 &- fill) << (32 - distance)
            }
            body(k, x)
        }
    }

    /// The 31 layers of ``TableBuilder/carrySave(_:_:below:lowOnly:)``: `body` gets i = 1…31 and its carries; what
    /// remains at weight 2³¹ is returned. `below` is packed from bit 0.
    @inlinable public static func carrySave(
        _ x: UInt32, _ y: UInt32, below: UInt32 = 0, _ body: (Int, UInt32) -> Void
    ) -> (sum: UInt32, carry: UInt32) {
        var s = ~(x &+ y)
        var c = x ^ ((y & 1) &- 1)
        for i in 1..<32 {
            let row = x ^ ((y >> UInt32(i) & 1) &- 1)
            let third = row << 1 | below >> UInt32(i - 1) & 1
            let next = majority(s, c, third)
            s = (s ^ c ^ third) >> 1 | row & 1 << 31
            c = next
            body(i, next)
        }
        return (s, c)
    }
}
