/// The tables of the machine, in the order in which a proof numbers them.
///
/// machine.md describes each; the counts are pinned here, since the executor foresees a segment's witness from them, and
/// a test compares them with the tables themselves.
public enum TableKind: Int, CaseIterable, Sendable {
    case addi, addSub, xori, xor, andOrI, andOr, slti, slt, slli, srliSrai, sll, srlSra, beqBne, bltBge, constant
    case jalr, fence, lw, loadPart, sb, sh, sw, mul, mulh, divide, halt, readInput, cycleCount, faultCall, faultPc
    case faultFetch, faultAlign, faultStore, epoch, refresh, code, codeBranch, codeLui, codeAuipc, codeJal, offer0
    case offer1, offer2, offer3, offer4, offer5, offer6, offer7, offer8, offer9, offer10, offer11, offer12, offer13
    case offer14, offer15, offer16, offer17, offer18, offer19, offer20, offer21, offer22, offer23, offer24, blake3
    case openNode, closeNode, keep, drop, pageClean, pageDirty, pageZero, blockZero, blockClean, blockOpen, blockClose
    case registers

    /// Columns of a row: 32-bit words.
    public var words: Int { Self.costs[rawValue].words }
    /// AND constraints of a row.
    public var constraints: Int { Self.costs[rawValue].constraints }
    /// Messages of a row, pushed and pulled.
    public var messages: Int { Self.costs[rawValue].messages }
    /// 64-bit entries of the stack that a row takes: its words in pairs.
    public var entries: Int { (words + 1) / 2 }

    /// The table that offers instructions whose count has bit `bit` set; 0 to 24.
    public static func offer(_ bit: Int) -> TableKind { allCases[offer0.rawValue + bit] }

    private static let costs: [(words: Int, constraints: Int, messages: Int)] =
        [
            (8, 2, 7),  // addi
            (9, 2, 9),  // add sub
            (7, 1, 7),  // xori
            (8, 1, 9),  // xor
            (8, 2, 7),  // and or i
            (9, 2, 9),  // and or
            (8, 2, 7),  // slti
            (9, 2, 9),  // slt
            (12, 6, 7),  // slli
            (12, 6, 7),  // srli srai
            (13, 6, 9),  // sll
            (14, 6, 9),  // srl sra
            (8, 2, 7),  // beq bne
            (8, 2, 7),  // blt bge
            (6, 1, 5),  // constant
            (8, 2, 7),  // jalr
            (4, 1, 3),  // fence
            (11, 3, 9),  // lw
            (12, 4, 9),  // load part
            (12, 4, 9),  // sb
            (12, 4, 9),  // sh
            (11, 3, 9),  // sw
            (26, 19, 9),  // mul
            (45, 38, 9),  // mulh
            (50, 44, 9),  // divide
            (5, 1, 7),  // halt
            (6, 1, 7),  // read input
            (8, 2, 9),  // cycle count
            (6, 2, 5),  // fault call
            (2, 1, 2),  // fault pc
            (8, 5, 4),  // fault fetch
            (7, 2, 5),  // fault align
            (9, 3, 7),  // fault store
            (2, 1, 2),  // epoch
            (4, 1, 2),  // refresh
            (4, 1, 4),  // code
            (6, 2, 6),  // code branch
            (4, 1, 4),  // code lui
            (5, 2, 4),  // code auipc
            (5, 2, 4),  // code jal
        ] + [(words: Int, constraints: Int, messages: Int)](repeating: (4, 0, 3), count: 25) + [  // offers
            (362, 337, 16),  // blake3
            (25, 1, 28),  // open node
            (25, 1, 28),  // close node
            (9, 0, 12),  // keep
            (9, 0, 4),  // drop
            (9, 0, 12),  // page clean
            (17, 0, 24),  // page dirty
            (9, 0, 32),  // page zero
            (1, 0, 17),  // block zero
            (30, 1, 40),  // block clean
            (18, 1, 24),  // block open
            (30, 1, 24),  // block close
            (110, 0, 125),  // registers
        ]
}
