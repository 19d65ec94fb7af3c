/// A second RV32IM machine: slow, plain, and written apart from the emulator. It decodes by the mask and value of each
/// instruction's fixed bits, computes with wide integers, and keeps memory in a dictionary.
public struct NaiveMachine {
    public enum Outcome: Equatable, Sendable {
        case running
        case halted(UInt32)
        case fault(UInt32)
    }

    public var pc: UInt32
    public var x = [UInt32](repeating: 0, count: 32)
    /// Words by address / 4; missing ones are zero.
    public var memory: [UInt32: UInt32]
    /// Indices of code pages of 1 KiB.
    public var codePages: Set<UInt32>
    public var inputs: [UInt32]
    public var cycle: UInt64 = 0
    public var outcome = Outcome.running
    /// Pages that were executed, loaded or stored.
    public var touched: Set<UInt32> = []
    /// Executed instructions by mnemonic.
    public var executed: [String: Int] = [:]

    public init(pc: UInt32, memory: [UInt32: UInt32], codePages: Set<UInt32>, inputs: [UInt32] = []) {
        self.pc = pc
        self.memory = memory
        self.codePages = codePages
        self.inputs = inputs
    }

    /// The fixed bits of every instruction, most significant first; dots are free.
    private static let encodings: [(name: String, bits: String)] = [
        ("lui", "....................|.....|0110111"), ("auipc", "....................|.....|0010111"),
        ("jal", "....................|.....|1101111"), ("jalr", "............|.....|000|.....|1100111"),
        ("beq", ".......|.....|.....|000|.....|1100011"), ("bne", ".......|.....|.....|001|.....|1100011"),
        ("blt", ".......|.....|.....|100|.....|1100011"), ("bge", ".......|.....|.....|101|.....|1100011"),
        ("bltu", ".......|.....|.....|110|.....|1100011"), ("bgeu", ".......|.....|.....|111|.....|1100011"),
        ("lb", "............|.....|000|.....|0000011"), ("lh", "............|.....|001|.....|0000011"),
        ("lw", "............|.....|010|.....|0000011"), ("lbu", "............|.....|100|.....|0000011"),
        ("lhu", "............|.....|101|.....|0000011"), ("sb", ".......|.....|.....|000|.....|0100011"),
        ("sh", ".......|.....|.....|001|.....|0100011"), ("sw", ".......|.....|.....|010|.....|0100011"),
        ("addi", "............|.....|000|.....|0010011"), ("slti", "............|.....|010|.....|0010011"),
        ("sltiu", "............|.....|011|.....|0010011"), ("xori", "............|.....|100|.....|0010011"),
        ("ori", "............|.....|110|.....|0010011"), ("andi", "............|.....|111|.....|0010011"),
        ("slli", "0000000|.....|.....|001|.....|0010011"), ("srli", "0000000|.....|.....|101|.....|0010011"),
        ("srai", "0100000|.....|.....|101|.....|0010011"), ("add", "0000000|.....|.....|000|.....|0110011"),
        ("sub", "0100000|.....|.....|000|.....|0110011"), ("sll", "0000000|.....|.....|001|.....|0110011"),
        ("slt", "0000000|.....|.....|010|.....|0110011"), ("sltu", "0000000|.....|.....|011|.....|0110011"),
        ("xor", "0000000|.....|.....|100|.....|0110011"), ("srl", "0000000|.....|.....|101|.....|0110011"),
        ("sra", "0100000|.....|.....|101|.....|0110011"), ("or", "0000000|.....|.....|110|.....|0110011"),
        ("and", "0000000|.....|.....|111|.....|0110011"), ("fence", "............|.....|000|.....|0001111"),
        ("ecall", "00000000000000000000000001110011"), ("ebreak", "00000000000100000000000001110011"),
        ("mul", "0000001|.....|.....|000|.....|0110011"), ("mulh", "0000001|.....|.....|001|.....|0110011"),
        ("mulhsu", "0000001|.....|.....|010|.....|0110011"), ("mulhu", "0000001|.....|.....|011|.....|0110011"),
        ("div", "0000001|.....|.....|100|.....|0110011"), ("divu", "0000001|.....|.....|101|.....|0110011"),
        ("rem", "0000001|.....|.....|110|.....|0110011"), ("remu", "0000001|.....|.....|111|.....|0110011"),
    ]

    private static let patterns: [(name: String, mask: UInt32, value: UInt32)] = encodings.map { name, bits in
        let digits = bits.filter { $0 != "|" }
        precondition(digits.count == 32, "an encoding has 32 bits")
        let mask = digits.reduce(UInt32(0)) { $0 << 1 | ($1 == "." ? 0 : 1) }
        let value = digits.reduce(UInt32(0)) { $0 << 1 | ($1 == "1" ? 1 : 0) }
        return (name, mask, value)
    }

    /// The mnemonic of a word, nil when it is illegal.
    public static func mnemonic(of word: UInt32) -> String? {
        patterns.first { word & $0.mask == $0.value }?.name
    }

    private func bit(_ word: UInt32, _ position: Int) -> Int { Int(word >> UInt32(position) & 1) }
    private func field(_ word: UInt32, _ high: Int, _ low: Int) -> Int {
        (low...high).reduce(0) { $0 | bit(word, $1) << ($1 - low) }
    }

    private mutating func load(_ address: UInt32, _ size: Int) -> Int {
        touched.insert(address / 1024)
        return (0..<size).reduce(0) { sum, offset in
            let place = address + UInt32(offset)
            return sum | Int((memory[place / 4] ?? 0) >> (8 * (place % 4)) & 255) << (8 * offset)
        }
    }

    private mutating func store(_ value: Int, _ address: UInt32, _ size: Int) {
        for offset in 0..<size {
            let place = address + UInt32(offset), shift = 8 * (place % 4)
            let byte = UInt32(truncatingIfNeeded: value >> (8 * offset)) & 255
            memory[place / 4] = (memory[place / 4] ?? 0) & ~(255 << shift) | byte << shift
        }
    }

    /// One cycle.
    public mutating func step() {
        guard outcome == .running else { return }
        defer { cycle += 1 }
        guard pc % 4 == 0 else { return outcome = .fault(0) }
        touched.insert(pc / 1024)
        guard codePages.contains(pc / 1024) else { return outcome = .fault(1) }
        let word = memory[pc / 4] ?? 0
        guard let name = Self.mnemonic(of: word) else { return outcome = .fault(2) }
        execute(name, word)
    }

    private mutating func execute(_ name: String, _ word: UInt32) {
        let rd = field(word, 11, 7), a = x[field(word, 19, 15)], b = x[field(word, 24, 20)]
        let signedA = Int(Int32(bitPattern: a)), signedB = Int(Int32(bitPattern: b))
        func extended(_ value: Int, _ bits: Int) -> Int { value >= 1 << (bits - 1) ? value - 1 << bits : value }
        let immediate = extended(field(word, 31, 20), 12)
        let storeImmediate = extended(field(word, 31, 25) << 5 | field(word, 11, 7), 12)
        let branchImmediate = extended(
            bit(word, 31) << 12 | bit(word, 7) << 11 | field(word, 30, 25) << 5 | field(word, 11, 8) << 1, 13)
        let jumpImmediate = extended(
            bit(word, 31) << 20 | field(word, 19, 12) << 12 | bit(word, 20) << 11 | field(word, 30, 21) << 1, 21)
        var result: Int?, target = Int(pc) + 4
        let here = Int(pc), amount = Int(b) % 32, shamt = field(word, 24, 20)
        let shiftedRight = { (value: Int, count: Int) in Int((Double(value) / Double(1 << count)).rounded(.down)) }
        switch name {
        case "lui": result = field(word, 31, 12) * 4096
        case "auipc": result = here + field(word, 31, 12) * 4096
        case "jal": (result, target) = (here + 4, here + jumpImmediate)
        case "jalr": (result, target) = (here + 4, (Int(a) + immediate) & ~1)
        case "beq": if a == b { target = here + branchImmediate }
        case "bne": if a != b { target = here + branchImmediate }
        case "blt": if signedA < signedB { target = here + branchImmediate }
        case "bge": if signedA >= signedB { target = here + branchImmediate }
        case "bltu": if a < b { target = here + branchImmediate }
        case "bgeu": if a >= b { target = here + branchImmediate }
        case "lb", "lh", "lw", "lbu", "lhu":
            let size = name.hasPrefix("lw") ? 4 : name.hasPrefix("lh") ? 2 : 1
            let address = UInt32(truncatingIfNeeded: Int(a) + immediate)
            guard Int(address) % size == 0 else { return outcome = .fault(4) }
            let value = load(address, size)
            result = name.hasSuffix("u") ? value : extended(value, 8 * size)
        case "sb", "sh", "sw":
            let size = ["sb": 1, "sh": 2, "sw": 4][name] ?? 0
            let address = UInt32(truncatingIfNeeded: Int(a) + storeImmediate)
            guard Int(address) % size == 0 else { return outcome = .fault(6) }
            touched.insert(address / 1024)
            guard !codePages.contains(address / 1024) else { return outcome = .fault(7) }
            store(Int(b), address, size)
        case "addi": result = signedA + immediate
        case "slti": result = signedA < immediate ? 1 : 0
        case "sltiu": result = Int(a) < (immediate + 1 << 32) % (1 << 32) ? 1 : 0
        case "xori": result = signedA ^ immediate
        case "ori": result = signedA | immediate
        case "andi": result = signedA & immediate
        case "slli": result = Int(a) * (1 << shamt)
        case "srli": result = Int(a) / (1 << shamt)
        case "srai": result = shiftedRight(signedA, shamt)
        case "add": result = Int(a) + Int(b)
        case "sub": result = Int(a) - Int(b)
        case "sll": result = Int(a) * (1 << amount)
        case "slt": result = signedA < signedB ? 1 : 0
        case "sltu": result = a < b ? 1 : 0
        case "xor": result = Int(a ^ b)
        case "srl": result = Int(a) / (1 << amount)
        case "sra": result = shiftedRight(signedA, amount)
        case "or": result = Int(a | b)
        case "and": result = Int(a & b)
        case "fence": break
        case "mul": result = Int(a.multipliedFullWidth(by: b).low)
        case "mulh": result = Int(Int32(bitPattern: a).multipliedFullWidth(by: Int32(bitPattern: b)).high)
        case "mulhsu": result = Int(a.multipliedFullWidth(by: b).high) - (signedA < 0 ? Int(b) : 0)
        case "mulhu": result = Int(a.multipliedFullWidth(by: b).high)
        case "div": result = b == 0 ? -1 : signedA / signedB
        case "divu": result = b == 0 ? -1 : Int(a) / Int(b)
        case "rem": result = b == 0 ? signedA : signedA % signedB
        case "remu": result = b == 0 ? Int(a) : Int(a) % Int(b)
        case "ebreak": return outcome = .fault(3)
        default:  // ecall
            switch x[17] {
            case 0:
                executed["halt", default: 0] += 1
                return outcome = .halted(x[10])
            case 1:
                x[10] = inputs.isEmpty ? 0 : inputs.removeFirst()
                executed["read_input", default: 0] += 1
            case 2:
                x[10] = UInt32(truncatingIfNeeded: cycle)
                executed["cycle_count", default: 0] += 1
            default: return outcome = .fault(11)
            }
        }
        if let result, rd != 0 { x[rd] = UInt32(truncatingIfNeeded: result) }
        if name != "ecall" { executed[name, default: 0] += 1 }
        pc = UInt32(truncatingIfNeeded: target)
    }
}
