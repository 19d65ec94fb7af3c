/// The tables of the machine, in their canonical order, with what a row of each costs. The numbers are pinned: a test
/// compares them with the descriptions, so that whoever meters a run need not build them.
public enum TableKind: Int, CaseIterable, Sendable {
    case addi, addSub, xori, xor, andOrI, andOr, slti, slt, slli, srliSrai, sll, srlSra
    case beqBne, bltBge, constant, jalr, fence
    case lw, loadPart, sb, sh, sw
    case mul, mulh, divide
    case halt, readInput, cycleCount, faultCall, faultPC, faultFetch, faultAlign, faultStore
    case epoch, refresh
    case code, codeBranch, codeLui, codeAuipc, codeJal
    case offer0, offer1, offer2, offer3, offer4, offer5, offer6, offer7, offer8, offer9, offer10, offer11, offer12
    case offer13, offer14, offer15, offer16, offer17, offer18, offer19, offer20, offer21, offer22, offer23, offer24
    case blake3
    case openNode, closeNode, keep, drop, pageClean, pageDirty, pageZero, blockZero, blockClean, blockOpen, blockClose
    case registers

    /// The bits of a count: how many offer tables there are.
    public static let countBits = 25

    /// The table that offers a fetch 2^power times at once; `power` is below 25.
    public static func offer(_ power: Int) -> TableKind { allCases[offer0.rawValue + power] }

    /// Whether a row of this table is an executed cycle.
    public var isCycle: Bool { rawValue <= TableKind.faultStore.rawValue }

    /// 32-bit words of a row.
    public var words: Int { Int(cost.words) }
    /// Constraints of a row, each 32 ANDs.
    public var constraints: Int { Int(cost.constraints) }
    /// Messages that a row pushes and pulls.
    public var messages: Int { Int(cost.messages) }

    /// 64-bit entries of the stack that a row takes: its words in pairs.
    public var entries: Int { (words + 1) / 2 }

    private var cost: (words: Int16, constraints: Int16, messages: Int16) {
        switch self {
        case .addi, .andOrI, .slti: (8, 2, 7)
        case .addSub, .andOr, .slt: (9, 2, 9)
        case .xori: (7, 1, 7)
        case .xor: (8, 1, 9)
        case .slli, .srliSrai: (12, 6, 7)
        case .sll: (13, 6, 9)
        case .srlSra: (14, 6, 9)
        case .beqBne, .bltBge, .jalr: (8, 2, 7)
        case .constant: (6, 1, 5)
        case .fence: (4, 1, 3)
        case .lw, .sw: (11, 3, 9)
        case .loadPart, .sb, .sh: (12, 4, 9)
        case .mul: (26, 19, 9)
        case .mulh: (45, 38, 9)
        case .divide: (50, 44, 9)
        case .halt: (5, 1, 7)
        case .readInput: (6, 1, 7)
        case .cycleCount: (8, 2, 9)
        case .faultCall: (6, 2, 5)
        case .faultPC: (2, 1, 2)
        case .faultFetch: (8, 5, 4)
        case .faultAlign: (7, 2, 5)
        case .faultStore: (9, 3, 7)
        case .epoch: (2, 1, 2)
        case .refresh: (4, 1, 2)
        case .code, .codeLui: (4, 1, 4)
        case .codeBranch: (6, 2, 6)
        case .codeAuipc, .codeJal: (5, 2, 4)
        case .blake3: (362, 337, 16)
        case .openNode, .closeNode: (25, 1, 28)
        case .keep, .pageClean: (9, 0, 12)
        case .drop: (9, 0, 4)
        case .pageDirty: (17, 0, 24)
        case .pageZero: (9, 0, 32)
        case .blockZero: (1, 0, 17)
        case .blockClean: (30, 1, 40)
        case .blockOpen: (18, 1, 24)
        case .blockClose: (30, 1, 24)
        case .registers: (110, 0, 125)
        default: (4, 0, 3)  // the offers
        }
    }
}
