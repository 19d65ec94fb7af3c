import Machine

/// Every distinct instruction that was ever translated, numbered in order of translation.
final class CodeIndex {
    struct Entry {
        var address: UInt32
        /// Table of the instruction's row; none of `ecall`, whose row depends on the call.
        var table: TableKind?
        /// Table of its code row.
        var codeTable: TableKind
        var isBranch: Bool
        /// Bit i: register i is accessed; bit 32 the sink.
        var registers: UInt64
    }

    private(set) var entries: [Entry] = []
    private var numbers: [UInt32: UInt32] = [:]

    func number(of instruction: Instruction, at address: UInt32) -> UInt32 {
        if let known = numbers[address] { return known }
        let number = UInt32(entries.count)
        numbers[address] = number
        entries.append(
            Entry(
                address: address, table: instruction.operation == .ecall ? nil : instruction.operation.table,
                codeTable: instruction.operation.codeTable,
                isBranch: instruction.operation.isBranch, registers: instruction.accessedRegisters))
        return number
    }
}

extension Operation {
    /// The table of the code row that offers it.
    var codeTable: TableKind {
        switch self {
        case .lui: .codeLui
        case .auipc: .codeAuipc
        case .jal: .codeJal
        default: isBranch ? .codeBranch : .code
        }
    }
}

extension Instruction {
    /// Bit i: its row accesses register i; bit 32 is the sink that takes writes to x0, bit 33 the cycle base.
    var accessedRegisters: UInt64 {
        if operation == .ecall { return 1 << 17 | 1 << 10 | 1 << 33 }
        let uses = operation.operands
        var mask: UInt64 = 0
        if uses.rs1 { mask |= 1 << UInt64(rs1) }
        if uses.rs2 { mask |= 1 << UInt64(rs2) }
        if uses.rd { mask |= 1 << UInt64(rd == 0 ? 32 : rd) }
        return mask
    }

    /// Whether it only moves on to the next instruction: `fence`, and what works out a value for x0 without touching
    /// memory.
    var hasNoEffect: Bool {
        switch operation {
        case .fence: true
        case .lb, .lh, .lw, .lbu, .lhu, .sb, .sh, .sw, .ecall, .jal, .jalr, .beq, .bne, .blt, .bge, .bltu, .bgeu: false
        default: rd == 0
        }
    }
}
