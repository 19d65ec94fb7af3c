// Pairs of instructions that take one turn of the loop. A turn costs more than most instructions do, so what counts is how
// often two stand together: these are the most frequent pairs of the examples, `docs/execution.md` has the figures.
//
// The second instruction reads registers after the first has written: a pair is exactly what the two are.

extension MicroOperation {
    /// This operation and the one behind it in one, or nil when there is no code for the pair.
    func fused(with next: MicroOperation) -> MicroOperation? {
        guard let code = MicroCode(code, next.code) else { return nil }
        var pair = self
        pair.code = code
        pair.second = UInt32(next.rd) | UInt32(next.rs1) << 8 | UInt32(next.rs2) << 16
        pair.immediate2 = next.immediate
        return pair
    }

    /// Registers of a pair's second instruction.
    var secondRegisters: (rd: Int, rs1: Int, rs2: Int) {
        (Int(second & 0xFF), Int(second >> 8 & 0xFF), Int(second >> 16 & 0xFF))
    }

    /// Where a branch holds the distance to its exit: a pair that ends with one has it in the right half.
    var exitDistance: UInt32 {
        get { code.isPair ? immediate2 : immediate }
        set { if code.isPair { immediate2 = newValue } else { immediate = newValue } }
    }
}

extension MicroCode {
    var isPair: Bool { rawValue >= MicroCode.addiAddi.rawValue }

    /// The pair of two operations, the first of which is not a branch.
    init?(_ first: MicroCode, _ second: MicroCode) {
        switch (first, second) {
        case (.addi, .addi): self = .addiAddi
        case (.addi, .lw): self = .addiLw
        case (.addi, .bne): self = .addiBne
        case (.addi, .bltu): self = .addiBltu
        case (.lw, .lw): self = .lwLw
        case (.lw, .addi): self = .lwAddi
        case (.sw, .sw): self = .swSw
        case (.sw, .addi): self = .swAddi
        case (.add, .sw): self = .addSw
        case (.add, .add): self = .addAdd
        case (.add, .sltu): self = .addSltu
        case (.sltu, .add): self = .sltuAdd
        case (.mul, .add): self = .mulAdd
        case (.mulh, .mul): self = .mulhMul
        case (.slli, .add): self = .slliAdd
        case (.slli, .xor): self = .slliXor
        case (.slli, .or): self = .slliOr
        case (.slli, .srli): self = .slliSrli
        case (.srli, .xor): self = .srliXor
        case (.srli, .or): self = .srliOr
        case (.srli, .slli): self = .srliSlli
        case (.or, .slli): self = .orSlli
        case (.or, .srli): self = .orSrli
        case (.or, .xor): self = .orXor
        case (.xor, .xor): self = .xorXor
        case (.xor, .add): self = .xorAdd
        default: return nil
        }
    }
}
