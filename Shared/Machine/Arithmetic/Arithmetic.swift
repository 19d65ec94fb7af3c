/// Results of register instructions, on integers.
enum Arithmetic {
    /// The Unprivileged Specification's chapters RV32I and M; of `x` and `y` the values of rs1 and of rs2 or the immediate.
    @inline(__always) static func result(_ operation: Instruction.Operation, _ x: UInt32, _ y: UInt32) -> UInt32 {
        switch operation {
        case .add: return x &+ y
        case .sub: return x &- y
        case .xor: return x ^ y
        case .or: return x | y
        case .and: return x & y
        case .setLess: return Int32(bitPattern: x) < Int32(bitPattern: y) ? 1 : 0
        case .setLessUnsigned: return x < y ? 1 : 0
        case .shiftLeft: return x &<< y
        case .shiftRight: return x &>> y
        case .shiftRightArithmetic: return UInt32(bitPattern: Int32(bitPattern: x) &>> Int32(bitPattern: y & 31))
        case .mul: return x &* y
        case .mulh: return high(Int64(Int32(bitPattern: x)) &* Int64(Int32(bitPattern: y)))
        case .mulhsu: return high(Int64(Int32(bitPattern: x)) &* Int64(y))
        case .mulhu: return UInt32(truncatingIfNeeded: (UInt64(x) &* UInt64(y)) >> 32)
        default: return divided(operation, x, y)
        }
    }

    private static func high(_ product: Int64) -> UInt32 { UInt32(truncatingIfNeeded: product >> 32) }

    /// Division by zero gives all ones and the dividend; the overflow −2³¹ / −1 gives −2³¹ and 0.
    private static func divided(_ operation: Instruction.Operation, _ x: UInt32, _ y: UInt32) -> UInt32 {
        let isRemainder = operation == .rem || operation == .remu
        if y == 0 { return isRemainder ? x : .max }
        if operation == .divu || operation == .remu { return isRemainder ? x % y : x / y }
        let (dividend, divisor) = (Int64(Int32(bitPattern: x)), Int64(Int32(bitPattern: y)))
        return UInt32(truncatingIfNeeded: isRemainder ? dividend % divisor : dividend / divisor)
    }
}
