import Tables

extension RowWriter {
    /// The row of a distinct instruction: its index, the step to the next, the word, and what its class needs.
    mutating func code(_ i: Instruction, uses: (plain: UInt32, taken: UInt32)) {
        bits(i.address >> 2, 30)
        bits(Hints.step(i.address >> 2), 28)
        switch i.operation {
        case .branchEqual, .branchNotEqual, .branchLess, .branchGreaterEqual, .branchLessUnsigned,
            .branchGreaterEqualUnsigned:
            bits(i.word >> 7, 25)
            bits((i.address &+ i.immediate) >> 2, 30)
            bits(uses.plain, 25)
            bits(uses.taken, 25)
        case .constant:
            bits(i.word >> 7, 25)
            sink(i)
            if i.word & 0x7F == 0x17 { bits(i.immediate >> 13, 19) }
            bits(uses.plain, 25)
        case .jal:
            bits(i.word >> 7, 25)
            sink(i)
            bits((i.address &+ i.immediate) >> 2, 30)
            bits(uses.plain, 25)
        default:
            bits(i.word >> 2, 30)
            sink(i)
            bits(uses.plain, 25)
        }
        finish()
    }

    /// Four products that say whether rd is zero.
    private mutating func sink(_ i: Instruction) {
        let rd = ~i.word >> 7
        let first = rd & rd >> 1 & 1
        let second = rd >> 2 & rd >> 3 & 1
        bits(first, 1)
        bits(second, 1)
        bits(first & second, 1)
        bits(first & second & rd >> 4, 1)
    }

    /// Takes bit k of the count n, which is one, off a token.
    mutating func offer(_ k: Int, _ content: SIMD4<UInt32>, count n: UInt32, kind: UInt32) {
        word(content[0])
        word(content[1])
        word(content[2])
        bits(content[3], 1)
        bits(n & ones(k) | (n >> UInt32(k + 1)) << UInt32(k), 24)
        bits(kind, 2)
        finish()
    }
}

extension Instruction {
    /// The kind of table that describes the instruction's word.
    var codeKind: TableKind {
        switch word & 0x7F {
        case 0x63: .codeBranch
        case 0x37: .codeLui
        case 0x17: .codeAuipc
        case 0x6F: .codeJal
        default: .code
        }
    }

    /// What its code row promises: message kind less 8, content, and how often.
    func offers(uses: (plain: UInt32, taken: UInt32)) -> [(kind: UInt32, content: SIMD4<UInt32>, count: UInt32)] {
        let next = address &+ 4
        switch codeKind {
        case .codeBranch:
            let registers = word >> 15 & 1023 | (word >> 12 & 7) << 10
            return [
                (1, SIMD4(address, next, registers, 0), uses.plain),
                (1, SIMD4(address | 1, address &+ immediate, registers, 0), uses.taken),
            ]
        case .code:
            return [(0, SIMD4(address | (rd == 32 ? 1 : 0), next, word & ~3, 0), uses.plain)]
        default:
            let (target, value) = operation == .jal ? (address &+ immediate, next) : (next, immediate)
            let number = UInt32(rd)
            let content = SIMD4(
                address ^ number & 3, target ^ number >> 2 & 1, value ^ number >> 3 & 3, number >> 5)
            return [(2, content, uses.plain)]
        }
    }
}
