/// Instructions of an extension that this machine has not.
private struct Extension {
    /// As messages name them.
    var instructions: String
    /// Its names of one letter, and how the longer ones begin.
    var letters: Set<String>
    var prefixes: [String]
    /// The lowest seven bits of its instructions, which RV32IM leaves free.
    var opcodes: Set<UInt32>

    static let all = [
        Extension(instructions: "atomic", letters: ["a"], prefixes: ["za"], opcodes: [0x2F]),
        Extension(
            instructions: "floating-point", letters: ["f", "d", "q"], prefixes: ["zf", "zd", "zh"],
            opcodes: [0x07, 0x27, 0x43, 0x47, 0x4B, 0x4F, 0x53]),
        Extension(instructions: "vector", letters: ["v"], prefixes: ["zv"], opcodes: [0x07, 0x27, 0x57]),
    ]

    func isNamed(in names: Set<String>) -> Bool {
        !letters.isDisjoint(with: names) || names.contains { name in prefixes.contains { name.hasPrefix($0) } }
    }
}

extension ELFFile {
    private static let programContent: UInt32 = 1

    /// Refuses code that was built for extensions and has instructions of them.
    ///
    /// To be built for an extension is no fault: a program of RV32IM instructions alone runs, whatever it was allowed to
    /// have. And what looks like such an instruction is none where nothing says so: linkers put constants, and even the
    /// ELF's own header, into executable segments. So this asks the attributes and the sections of code; of a file without
    /// sections nothing is known, and its instructions fault when they are reached.
    func checkExtensions(_ sections: [Section]) throws(ELFError) {
        for section in sections where section.type == ELFAttributes.type {
            guard let attributes = ELFAttributes(section.content) else { continue }
            let names = attributes.extensions
            if names.contains("c") || names.contains(where: { $0.hasPrefix("zc") }) { throw .compressed }
            for unknown in Extension.all where unknown.isNamed(in: names) {
                guard let address = Self.firstInstruction(of: unknown.opcodes, in: sections) else { continue }
                throw .unknownExtension(
                    instructions: unknown.instructions, architecture: attributes.architecture, address: address)
            }
        }
    }

    /// Address of the first aligned word of code with one of these opcodes.
    private static func firstInstruction(of opcodes: Set<UInt32>, in sections: [Section]) -> UInt32? {
        for section in sections where section.isExecutable && section.type == programContent {
            let code = section.content, first = Int((4 - section.address & 3) & 3)
            for offset in stride(from: first, to: code.count - 3, by: 4)
            where opcodes.contains(UInt32(code[code.startIndex + offset] & 0x7F)) {
                return section.address &+ UInt32(offset)
            }
        }
        return nil
    }
}
