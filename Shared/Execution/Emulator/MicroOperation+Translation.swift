extension MicroOperation {
    /// Register that takes what is written to x0.
    static let sink: UInt8 = 32

    init(constant: UInt32, rd: UInt8) {
        self.init(code: .constant, rd: rd == 0 ? Self.sink : rd, immediate: constant)
    }

    /// A conditional branch; where its exit lies is filled in at the block's end.
    init(branch: Instruction) {
        self.init(code: MicroCode(branch.operation), rs1: branch.rs1, rs2: branch.rs2)
    }

    /// Any instruction but branches and `jal`; `auipc` has its sum worked out.
    init(_ instruction: Instruction, at address: UInt32) {
        switch instruction.operation {
        case .lui: self.init(constant: instruction.immediate, rd: instruction.rd)
        case .auipc: self.init(constant: address &+ instruction.immediate, rd: instruction.rd)
        default:
            self.init(
                code: MicroCode(instruction.operation), rd: instruction.rd == 0 ? Self.sink : instruction.rd,
                rs1: instruction.rs1, rs2: instruction.rs2, immediate: instruction.immediate)
        }
    }
}

extension MicroCode {
    /// The operation's own code. `lui`, `auipc`, `jal`, `fence` and `ebreak` have none: what they do is known when the
    /// block is translated.
    init(_ operation: Operation) {
        switch operation {
        case .lui, .auipc, .jal: self = .constant
        case .jalr: self = .jalr
        case .beq: self = .beq
        case .bne: self = .bne
        case .blt: self = .blt
        case .bge: self = .bge
        case .bltu: self = .bltu
        case .bgeu: self = .bgeu
        case .lb: self = .lb
        case .lh: self = .lh
        case .lw: self = .lw
        case .lbu: self = .lbu
        case .lhu: self = .lhu
        case .sb: self = .sb
        case .sh: self = .sh
        case .sw: self = .sw
        case .addi: self = .addi
        case .slti: self = .slti
        case .sltiu: self = .sltiu
        case .xori: self = .xori
        case .ori: self = .ori
        case .andi: self = .andi
        case .slli: self = .slli
        case .srli: self = .srli
        case .srai: self = .srai
        case .add: self = .add
        case .sub: self = .sub
        case .sll: self = .sll
        case .slt: self = .slt
        case .sltu: self = .sltu
        case .xor: self = .xor
        case .srl: self = .srl
        case .sra: self = .sra
        case .or: self = .or
        case .and: self = .and
        case .mul: self = .mul
        case .mulh: self = .mulh
        case .mulhsu: self = .mulhsu
        case .mulhu: self = .mulhu
        case .div: self = .div
        case .divu: self = .divu
        case .rem: self = .rem
        case .remu: self = .remu
        case .ecall: self = .ecall
        case .fence, .ebreak: self = .fault
        }
    }
}
