/// What the operations of RV32IM work out, each beside the manual's sentence where it is not obvious.
enum Arithmetic {
    @inline(__always) static func signed(_ value: UInt32) -> Int32 { Int32(bitPattern: value) }

    /// "SLT … writing 1 to rd if rs1 < rs2, 0 otherwise" (signed compare).
    @inline(__always) static func slt(_ a: UInt32, _ b: UInt32) -> UInt32 { signed(a) < signed(b) ? 1 : 0 }
    @inline(__always) static func sltu(_ a: UInt32, _ b: UInt32) -> UInt32 { a < b ? 1 : 0 }

    /// "shifts on the value in register rs1 by the shift amount held in the lower 5 bits of register rs2".
    @inline(__always) static func sll(_ a: UInt32, _ b: UInt32) -> UInt32 { a &<< b }
    @inline(__always) static func srl(_ a: UInt32, _ b: UInt32) -> UInt32 { a &>> b }
    @inline(__always) static func sra(_ a: UInt32, _ b: UInt32) -> UInt32 {
        UInt32(bitPattern: signed(a) &>> Int32(bitPattern: b))
    }

    /// "the upper XLEN bits of the full 2×XLEN-bit product, for signed×signed, unsigned×unsigned, and rs1×unsigned rs2".
    @inline(__always) static func mulh(_ a: UInt32, _ b: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: (Int64(signed(a)) &* Int64(signed(b))) &>> 32)
    }
    @inline(__always) static func mulhsu(_ a: UInt32, _ b: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: (Int64(signed(a)) &* Int64(b)) &>> 32)
    }
    @inline(__always) static func mulhu(_ a: UInt32, _ b: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: (UInt64(a) &* UInt64(b)) &>> 32)
    }

    /// "rounding towards zero. … The quotient of division by zero has all bits set … signed division overflow … the
    /// quotient … is equal to the dividend": in 64 bits nothing overflows, and the low half is what the manual says.
    @inline(__always) static func div(_ a: UInt32, _ b: UInt32) -> UInt32 {
        b == 0 ? UInt32.max : UInt32(truncatingIfNeeded: Int64(signed(a)) / Int64(signed(b)))
    }
    @inline(__always) static func divu(_ a: UInt32, _ b: UInt32) -> UInt32 { b == 0 ? UInt32.max : a / b }

    /// "the remainder of division by zero equals the dividend"; of the overflow it is zero.
    @inline(__always) static func rem(_ a: UInt32, _ b: UInt32) -> UInt32 {
        b == 0 ? a : UInt32(truncatingIfNeeded: Int64(signed(a)) % Int64(signed(b)))
    }
    @inline(__always) static func remu(_ a: UInt32, _ b: UInt32) -> UInt32 { b == 0 ? a : a % b }
}
