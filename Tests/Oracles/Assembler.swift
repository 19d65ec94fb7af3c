/// Encodings of RV32IM by their formats, as the unprivileged manual draws them. Immediates may be negative.
public enum Assembler {
    public static func r(_ funct7: Int, _ funct3: Int, _ rd: Int, _ rs1: Int, _ rs2: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x33)
    }
    public static func i(_ opcode: Int, _ funct3: Int, _ rd: Int, _ rs1: Int, _ immediate: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: (immediate & 0xFFF) << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode)
    }
    public static func s(_ funct3: Int, _ rs1: Int, _ rs2: Int, _ immediate: Int) -> UInt32 {
        let high = immediate >> 5 & 127, low = immediate & 31
        return UInt32(truncatingIfNeeded: high << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | low << 7 | 0x23)
    }
    public static func b(_ funct3: Int, _ rs1: Int, _ rs2: Int, _ offset: Int) -> UInt32 {
        let high = (offset >> 12 & 1) << 6 | offset >> 5 & 63, low = (offset >> 1 & 15) << 1 | offset >> 11 & 1
        return UInt32(truncatingIfNeeded: high << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | low << 7 | 0x63)
    }
    public static func u(_ opcode: Int, _ rd: Int, _ value: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: value) & 0xFFFF_F000 | UInt32(rd << 7 | opcode)
    }
    public static func j(_ rd: Int, _ offset: Int) -> UInt32 {
        let field = (offset >> 20 & 1) << 19 | (offset >> 1 & 1023) << 9 | (offset >> 11 & 1) << 8 | offset >> 12 & 255
        return UInt32(truncatingIfNeeded: field << 12 | rd << 7 | 0x6F)
    }

    public static func addi(_ rd: Int, _ rs1: Int, _ immediate: Int) -> UInt32 { i(0x13, 0, rd, rs1, immediate) }
    public static func lw(_ rd: Int, _ rs1: Int, _ offset: Int) -> UInt32 { i(3, 2, rd, rs1, offset) }
    public static func sw(_ rs2: Int, _ rs1: Int, _ offset: Int) -> UInt32 { s(2, rs1, rs2, offset) }
    public static func jalr(_ rd: Int, _ rs1: Int, _ offset: Int) -> UInt32 { i(0x67, 0, rd, rs1, offset) }
    public static let ecall: UInt32 = 0x73
    public static let ebreak: UInt32 = 0x10_0073
    public static let fence: UInt32 = 0x0FF0_000F

    /// Two instructions that put any value into a register.
    public static func li(_ rd: Int, _ value: UInt32) -> [UInt32] {
        let high = (value &+ 0x800) & 0xFFFF_F000
        return [u(0x37, rd, Int(high)), addi(rd, rd, Int(Int32(bitPattern: value &- high)))]
    }
    /// Halts with what is in a0.
    public static let halt: [UInt32] = [addi(17, 0, 0), ecall]
    /// An environment call by its number.
    public static func call(_ number: Int) -> [UInt32] { [addi(17, 0, number), ecall] }
}
