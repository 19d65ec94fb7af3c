/// One instruction of RV32IM, decoded by the encodings of the unprivileged manual (chapter "RV32/64G Instruction Set
/// Listings").
public struct Instruction: Sendable, Hashable {
    public var operation: Operation
    /// Register numbers, 0 to 31; 0 where the format has none.
    public var rd: UInt8
    public var rs1: UInt8
    public var rs2: UInt8
    /// The immediate, sign-extended to 32 bits; the amount of a shift; of `lui` and `auipc` with its low 12 bits zero.
    public var immediate: UInt32

    init(_ operation: Operation, rd: UInt32 = 0, rs1: UInt32 = 0, rs2: UInt32 = 0, immediate: UInt32 = 0) {
        self.operation = operation
        self.rd = UInt8(rd)
        self.rs1 = UInt8(rs1)
        self.rs2 = UInt8(rs2)
        self.immediate = immediate
    }

    /// The instruction that a word encodes, or nil when it is illegal.
    ///
    /// Of the 2^32 words exactly those of RV32IM are accepted: reserved fields of `fence` are ignored as the manual
    /// demands, and of the SYSTEM opcode only `ecall` and `ebreak` exist.
    public init?(word: UInt32) {
        let rd = word >> 7 & 31, rs1 = word >> 15 & 31, rs2 = word >> 20 & 31
        let funct3 = word >> 12 & 7, funct7 = word >> 25
        let immediate = UInt32(bitPattern: Int32(bitPattern: word) >> 20)
        switch word & 0x7F {
        case 0x37: self.init(.lui, rd: rd, immediate: word & 0xFFFF_F000)
        case 0x17: self.init(.auipc, rd: rd, immediate: word & 0xFFFF_F000)
        case 0x6F: self.init(.jal, rd: rd, immediate: Self.jumpOffset(word))
        case 0x67 where funct3 == 0: self.init(.jalr, rd: rd, rs1: rs1, immediate: immediate)
        case 0x63:
            guard let operation = Self.branches[Int(funct3)] else { return nil }
            self.init(operation, rs1: rs1, rs2: rs2, immediate: Self.branchOffset(word))
        case 0x03:
            guard let operation = Self.loads[Int(funct3)] else { return nil }
            self.init(operation, rd: rd, rs1: rs1, immediate: immediate)
        case 0x23:
            guard let operation = Self.stores[Int(funct3)] else { return nil }
            self.init(operation, rs1: rs1, rs2: rs2, immediate: immediate & ~31 | rd)
        case 0x13:
            switch (funct3, funct7) {
            case (1, 0): self.init(.slli, rd: rd, rs1: rs1, immediate: rs2)
            case (5, 0): self.init(.srli, rd: rd, rs1: rs1, immediate: rs2)
            case (5, 0x20): self.init(.srai, rd: rd, rs1: rs1, immediate: rs2)
            case (1, _), (5, _): return nil
            default: self.init(Self.immediates[Int(funct3)], rd: rd, rs1: rs1, immediate: immediate)
            }
        case 0x33:
            let operation: Operation
            switch (funct7, funct3) {
            case (0, _): operation = Self.registers[Int(funct3)]
            case (1, _): operation = Self.multiplications[Int(funct3)]
            case (0x20, 0): operation = .sub
            case (0x20, 5): operation = .sra
            default: return nil
            }
            self.init(operation, rd: rd, rs1: rs1, rs2: rs2)
        case 0x0F where funct3 == 0: self.init(.fence)
        case 0x73 where word == 0x73: self.init(.ecall)
        case 0x73 where word == 0x10_0073: self.init(.ebreak)
        default: return nil
        }
    }

    private static let branches: [Operation?] = [.beq, .bne, nil, nil, .blt, .bge, .bltu, .bgeu]
    private static let loads: [Operation?] = [.lb, .lh, .lw, nil, .lbu, .lhu, nil, nil]
    private static let stores: [Operation?] = [.sb, .sh, .sw, nil, nil, nil, nil, nil]
    /// Entries 1 and 5, the shifts, are decoded apart.
    private static let immediates: [Operation] = [.addi, .slli, .slti, .sltiu, .xori, .srli, .ori, .andi]
    private static let registers: [Operation] = [.add, .sll, .slt, .sltu, .xor, .srl, .or, .and]
    private static let multiplications: [Operation] = [.mul, .mulh, .mulhsu, .mulhu, .div, .divu, .rem, .remu]

    /// Format B: imm[12|10:5] in bits 31 to 25, imm[4:1|11] in bits 11 to 7.
    private static func branchOffset(_ word: UInt32) -> UInt32 {
        let sign = UInt32(bitPattern: Int32(bitPattern: word) >> 31)
        return sign << 12 | (word >> 7 & 1) << 11 | (word >> 25 & 63) << 5 | (word >> 8 & 15) << 1
    }

    /// Format J: imm[20|10:1|11|19:12] in bits 31 to 12.
    private static func jumpOffset(_ word: UInt32) -> UInt32 {
        let sign = UInt32(bitPattern: Int32(bitPattern: word) >> 31)
        return sign << 20 | (word >> 12 & 255) << 12 | (word >> 20 & 1) << 11 | (word >> 21 & 1023) << 1
    }
}
