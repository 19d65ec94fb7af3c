import Machine

/// What an instruction of RV32IM does. The names are the manual's.
public enum Operation: UInt8, Sendable, Hashable, CaseIterable {
    case lui, auipc, jal, jalr
    case beq, bne, blt, bge, bltu, bgeu
    case lb, lh, lw, lbu, lhu, sb, sh, sw
    case addi, slti, sltiu, xori, ori, andi, slli, srli, srai
    case add, sub, sll, slt, sltu, xor, srl, sra, or, and
    case fence, ecall, ebreak
    case mul, mulh, mulhsu, mulhu, div, divu, rem, remu

    /// The table that proves its row; of `ecall` that of `halt`, since the call's number decides, and of `ebreak` that
    /// of the fault it is.
    public var table: TableKind {
        switch self {
        case .lui, .auipc, .jal: .constant
        case .jalr: .jalr
        case .beq, .bne: .beqBne
        case .blt, .bge, .bltu, .bgeu: .bltBge
        case .lb, .lh, .lbu, .lhu: .loadPart
        case .lw: .lw
        case .sb: .sb
        case .sh: .sh
        case .sw: .sw
        case .addi: .addi
        case .slti, .sltiu: .slti
        case .xori: .xori
        case .ori, .andi: .andOrI
        case .slli: .slli
        case .srli, .srai: .srliSrai
        case .add, .sub: .addSub
        case .sll: .sll
        case .slt, .sltu: .slt
        case .xor: .xor
        case .srl, .sra: .srlSra
        case .or, .and: .andOr
        case .fence: .fence
        case .ecall: .halt
        case .ebreak: .faultFetch
        case .mul: .mul
        case .mulh, .mulhsu, .mulhu: .mulh
        case .div, .divu, .rem, .remu: .divide
        }
    }

    /// Whether it may go elsewhere than to the next word.
    public var isBranch: Bool {
        switch self {
        case .beq, .bne, .blt, .bge, .bltu, .bgeu: true
        default: false
        }
    }

    /// Whether it reads register rs1, rs2, writes rd.
    var operands: (rs1: Bool, rs2: Bool, rd: Bool) {
        switch self {
        case .lui, .auipc, .jal: (false, false, true)
        case .beq, .bne, .blt, .bge, .bltu, .bgeu, .sb, .sh, .sw: (true, true, false)
        case .jalr, .lb, .lh, .lw, .lbu, .lhu, .addi, .slti, .sltiu, .xori, .ori, .andi, .slli, .srli, .srai:
            (true, false, true)
        case .fence, .ecall, .ebreak: (false, false, false)
        default: (true, true, true)
        }
    }
}
