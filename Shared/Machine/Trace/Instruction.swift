/// A decoded word: which table its rows belong to and what it does. 20 bytes, of which two passes read one each cycle.
struct Instruction {
    enum Operation: UInt8 {
        case add, sub, xor, or, and, setLess, setLessUnsigned, shiftLeft, shiftRight, shiftRightArithmetic
        case branchEqual, branchNotEqual, branchLess, branchGreaterEqual, branchLessUnsigned, branchGreaterEqualUnsigned
        case constant, jal, jalr, fence
        case loadByte, loadHalf, loadWord, loadByteUnsigned, loadHalfUnsigned, storeByte, storeHalf, storeWord
        case mul, mulh, mulhsu, mulhu, div, divu, rem, remu
        case call
    }

    let address: UInt32
    let word: UInt32
    let operation: Operation
    /// The table of its rows; of calls, which the registers tell apart, `halt`.
    let kind: TableKind
    /// The kind's number.
    let kindNumber: UInt8
    /// Whether the second operand is rs2.
    let usesSecondRegister: Bool
    let rs1: UInt8
    let rs2: UInt8
    /// The number of the register written: 32, the sink, for x0.
    let rd: UInt8
    /// Sign-extended; of `constant` the value, of jumps the offset, of branches the offset.
    let immediate: UInt32

    /// Nil for words that no class accepts.
    init?(_ word: UInt32, at address: UInt32) {
        let (f3, f7) = (word >> 12 & 7, word >> 25)
        guard let (operation, kind) = Instruction.classify(word, f3: f3, f7: f7) else { return nil }
        self.address = address
        self.word = word
        self.operation = operation
        self.kind = kind
        kindNumber = UInt8(kind.rawValue)
        usesSecondRegister = word & 0x7F == 0x33
        rs1 = UInt8(word >> 15 & 31)
        rs2 = UInt8(word >> 20 & 31)
        let number = UInt8(word >> 7 & 31)
        rd = number == 0 ? UInt8(Hart.sink) : number
        immediate = Instruction.immediate(word, at: address)
    }

    private static func immediate(_ word: UInt32, at address: UInt32) -> UInt32 {
        let sign = UInt32(bitPattern: Int32(bitPattern: word) >> 31)
        switch word & 0x7F {
        case 0x37: return word & ~0xFFF
        case 0x17: return address &+ (word & ~0xFFF)
        case 0x6F:
            return sign << 20 | (word >> 12 & 255) << 12 | (word >> 20 & 1) << 11 | (word >> 21 & 1023) << 1
        case 0x63:
            return sign << 12 | (word >> 7 & 1) << 11 | (word >> 25 & 63) << 5 | (word >> 8 & 15) << 1
        case 0x23: return sign << 11 | (word >> 25 & 63) << 5 | word >> 7 & 31
        default: return UInt32(bitPattern: Int32(bitPattern: word) >> 20)
        }
    }

    private static func classify(_ word: UInt32, f3: UInt32, f7: UInt32) -> (Operation, TableKind)? {
        switch word & 0x7F {
        case 0x37, 0x17: return (.constant, .constant)
        case 0x6F: return (.jal, .constant)
        case 0x67: return f3 == 0 ? (.jalr, .jalr) : nil
        case 0x63: return branches[Int(f3)]
        case 0x03: return loads[Int(f3)]
        case 0x23: return stores[Int(f3)]
        case 0x13: return immediates(f3, f7)
        case 0x33: return f7 == 1 ? products[Int(f3)] : registers(f3, f7)
        case 0x0F: return f3 == 0 ? (.fence, .fence) : nil
        case 0x73: return word == 0x73 ? (.call, .halt) : nil
        default: return nil
        }
    }

    private static let branches: [(Operation, TableKind)?] = [
        (.branchEqual, .beqBne), (.branchNotEqual, .beqBne), nil, nil, (.branchLess, .bltBge),
        (.branchGreaterEqual, .bltBge), (.branchLessUnsigned, .bltBge), (.branchGreaterEqualUnsigned, .bltBge),
    ]
    private static let loads: [(Operation, TableKind)?] = [
        (.loadByte, .loadPart), (.loadHalf, .loadPart), (.loadWord, .lw), nil, (.loadByteUnsigned, .loadPart),
        (.loadHalfUnsigned, .loadPart), nil, nil,
    ]
    private static let stores: [(Operation, TableKind)?] = [
        (.storeByte, .sb), (.storeHalf, .sh), (.storeWord, .sw), nil, nil, nil, nil, nil,
    ]
    private static let products: [(Operation, TableKind)?] = [
        (.mul, .mul), (.mulh, .mulh), (.mulhsu, .mulh), (.mulhu, .mulh), (.div, .divide), (.divu, .divide),
        (.rem, .divide), (.remu, .divide),
    ]

    private static func immediates(_ f3: UInt32, _ f7: UInt32) -> (Operation, TableKind)? {
        switch f3 {
        case 0: (.add, .addi)
        case 1: f7 == 0 ? (.shiftLeft, .slli) : nil
        case 2: (.setLess, .slti)
        case 3: (.setLessUnsigned, .slti)
        case 4: (.xor, .xori)
        case 5: f7 == 0 ? (.shiftRight, .srliSrai) : f7 == 32 ? (.shiftRightArithmetic, .srliSrai) : nil
        case 6: (.or, .andOrI)
        default: (.and, .andOrI)
        }
    }

    private static func registers(_ f3: UInt32, _ f7: UInt32) -> (Operation, TableKind)? {
        switch (f7, f3) {
        case (0, 0): (.add, .addSub)
        case (32, 0): (.sub, .addSub)
        case (0, 1): (.shiftLeft, .sll)
        case (0, 2): (.setLess, .slt)
        case (0, 3): (.setLessUnsigned, .slt)
        case (0, 4): (.xor, .xor)
        case (0, 5): (.shiftRight, .srlSra)
        case (32, 5): (.shiftRightArithmetic, .srlSra)
        case (0, 6): (.or, .andOr)
        case (0, 7): (.and, .andOr)
        default: nil
        }
    }
}
