/// What the interpreter's loop switches over. A superblock is a run of these; immediates are final: addresses, link
/// values and sums of `auipc` are worked out when the block is translated.
enum MicroCode: UInt8 {
    case constant
    case addi, slti, sltiu, xori, ori, andi, slli, srli, srai
    case add, sub, sll, slt, sltu, xor, srl, sra, or, and
    case mul, mulh, mulhsu, mulhu, div, divu, rem, remu
    case lb, lh, lw, lbu, lhu, sb, sh, sw
    case beq, bne, blt, bge, bltu, bgeu
    case jalr, chain, ecall, fault, unresolved
    // Two instructions in one turn of the loop: `FusedPairs.swift`.
    case addiAddi, addiLw, addiBne, addiBltu
    case lwLw, lwAddi, swSw, swAddi, addSw
    case addAdd, addSltu, sltuAdd, mulAdd, mulhMul
    case slliAdd, slliXor, slliOr, slliSrli, srliXor, srliOr, srliSlli
    case orSlli, orSrli, orXor, xorXor, xorAdd
}

/// Sixteen bytes that the loop reads in one piece.
///
///     code rd rs1 rs2 | immediate | rd' rs1' rs2' - | immediate'
///
/// An instruction uses the left half; a fused pair both, the right one for its second instruction. `chain`, and the record behind `jalr`, use
///
///     code  -   -   - | target    | length          | count
///
/// as the exit of a superblock: where it goes (index in the arena, 0 while unknown), how many instructions the block
/// has executed when it leaves here, and how often it has.
struct MicroOperation {
    var code: MicroCode
    /// Register numbers; writes to x0 go to register 32, which nothing reads.
    var rd: UInt8 = 0
    var rs1: UInt8 = 0
    var rs2: UInt8 = 0
    var immediate: UInt32 = 0
    var second: UInt32 = 0
    var immediate2: UInt32 = 0

    var length: UInt32 {
        get { second }
        set { second = newValue }
    }
    var count: UInt32 {
        get { immediate2 }
        set { immediate2 = newValue }
    }

    static func exit(length: Int) -> MicroOperation {
        MicroOperation(code: .chain, second: UInt32(length))
    }
}
