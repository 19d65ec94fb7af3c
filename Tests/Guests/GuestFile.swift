import Foundation

/// An ELF as docs/guests.md allows it, read anew for the tests.
struct GuestFile {
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    /// The whole file.
    let bytes: [UInt8]
    let entry: UInt32
    let codePages: Set<UInt32>
    /// The loaded bytes.
    let memory: [(address: UInt32, byte: UInt8)]
    /// The words of the executable segments.
    let code: [UInt32]

    init(_ file: URL) throws {
        let bytes = [UInt8](try Data(contentsOf: file))
        self.bytes = bytes
        func number(_ place: Int, _ size: Int) -> UInt32 {
            bytes[place..<place + size].reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        func require(_ holds: Bool, _ what: String) throws {
            guard holds else { throw Malformed(description: what) }
        }
        try require(bytes.count >= 52, "too short for a header")
        try require(
            Array(bytes[0..<7]) == [0x7F, 0x45, 0x4C, 0x46, 1, 1, 1], "not ELF, 32 bits, little-endian, version 1")
        try require(number(16, 2) == 2 && number(18, 2) == 243, "not an executable for RISC-V")
        try require(number(36, 4) == 0, "flags \(number(36, 4)): compressed, or not the soft-float convention")
        entry = number(24, 4)
        let entry = entry

        var code: [UInt32] = []
        var memory: [(UInt32, UInt8)] = []
        var executable: [Range<UInt32>] = []
        var other: [Range<UInt32>] = []
        for index in 0..<Int(number(44, 2)) {
            let header = Int(number(28, 4)) + 32 * index
            let field = (0..<8).map { number(header + 4 * $0, 4) }
            try require(field[0] != 2 && field[0] != 3, "dynamic")
            guard field[0] == 1, field[5] != 0 else { continue }
            try require(field[4] <= field[5] && UInt64(field[2]) + UInt64(field[5]) <= 0xC000_0000, "segment too long")
            let content = Array(bytes[Int(field[1])..<Int(field[1] + field[4])])
            memory += content.enumerated().map { (field[2] + UInt32($0), $1) }
            let span = field[2]..<field[2] + field[5]
            if field[6] & 1 != 0 {
                try require(field[6] & 2 == 0 && field[4] == field[5], "code that is writable or not in the file")
                executable.append(span)
                code += stride(from: 0, to: content.count - 3, by: 4).map { number(Int(field[1]) + $0, 4) }
            } else {
                other.append(span)
            }
        }
        let codePages = Set(executable.flatMap { $0.lowerBound >> 10...($0.upperBound - 1) >> 10 })
        let dataPages = Set(other.flatMap { $0.lowerBound >> 10...($0.upperBound - 1) >> 10 })
        try require(codePages.isDisjoint(with: dataPages), "a page of both code and data")
        try require(entry % 4 == 0 && executable.contains { $0.contains(entry) }, "an entry outside code")
        self.codePages = codePages
        self.memory = memory
        self.code = code
    }

    /// Whether a word is an instruction of RV32IM, by its opcode and what else is fixed in it.
    static func isInstruction(_ word: UInt32) -> Bool {
        let (function, upper) = (word >> 12 & 7, word >> 25)
        return switch word & 127 {
        case 0x37, 0x17, 0x6F: true
        case 0x67, 0x0F: function == 0
        case 0x63: function != 2 && function != 3
        case 0x03: function != 3 && function < 6
        case 0x23: function < 3
        case 0x13: function == 1 ? upper == 0 : function == 5 ? upper & ~32 == 0 : true
        case 0x33: upper <= 1 || upper == 32 && (function == 0 || function == 5)
        case 0x73: word == 0x73 || word == 0x10_0073
        default: false
        }
    }
}
