/// What rows are for: the classes under which costs are added up.
public enum TableClass: String, CaseIterable, Sendable {
    /// Instructions: sums, shifts, comparisons and bitwise operations; branches, jumps and constants; loads and stores;
    /// products and quotients; calls and the fault that ends a run.
    case arithmetic, jumps, memory, multiplication, calls
    /// Epochs, and accesses to registers that are carried from one to the next.
    case clock
    /// The code that is executed: a row for each distinct instruction, and the offers of its fetches.
    case code
    /// What a segment costs however short it is: its pages opened and closed under the memory's root, and the states at
    /// both ends.
    case paging
}

extension TableKind {
    public var tableClass: TableClass {
        switch self {
        case .addi, .addSub, .xori, .xor, .andOrI, .andOr, .slti, .slt, .slli, .srliSrai, .sll, .srlSra: .arithmetic
        case .beqBne, .bltBge, .constant, .jalr, .fence: .jumps
        case .lw, .loadPart, .sb, .sh, .sw: .memory
        case .mul, .mulh, .divide: .multiplication
        case .halt, .readInput, .cycleCount, .faultCall, .faultPC, .faultFetch, .faultAlign, .faultStore: .calls
        case .epoch, .refresh: .clock
        case .code, .codeBranch, .codeLui, .codeAuipc, .codeJal: .code
        case .blake3, .openNode, .closeNode, .keep, .drop, .pageClean, .pageDirty, .pageZero, .blockZero, .blockClean,
            .blockOpen, .blockClose, .registers:
            .paging
        default: .code  // the offers
        }
    }
}
