/// What a RISC-V ELF says of the instruction set that it was built for: its attributes, which assemblers write and
/// linkers merge. They are optional, and a file may name an extension of which it has no instruction.
///
/// Source: "RISC-V ELF psABI", attributes; "Run-time ABI for the Arm Architecture" for their format, which psABI takes over.
struct ELFAttributes {
    /// Type of their section.
    static let type: UInt32 = 0x7000_0003

    /// The architecture as they name it, as `rv32i2p1_m2p0_a2p1`.
    let architecture: String

    /// Nil when they name none, or are damaged: nothing of the file's meaning depends on them.
    ///
    ///     'A', then for each vendor: length (4 bytes), "riscv\0", then for each scope:
    ///         1 (the whole file), length (4 bytes), then attributes: tag (ULEB128), value
    ///
    /// Lengths count themselves and what stands before them in their unit. The value of an odd tag is a text that ends
    /// with zero, of an even one a number in ULEB128; tag 5 is the architecture.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.first == 0x41 else { return nil }
        var vendors = AttributeReader(bytes.dropFirst())
        while var vendor = vendors.unit(headed: 0) {
            guard vendor.text() == "riscv" else { continue }
            while let scope = vendor.peek(), var attributes = vendor.unit(headed: 1) {
                guard scope == 1 else { continue }
                while let tag = attributes.number() {
                    if tag & 1 == 0 {
                        guard attributes.number() != nil else { return nil }
                        continue
                    }
                    guard let text = attributes.text() else { return nil }
                    guard tag != 5 else {
                        architecture = text
                        return
                    }
                }
            }
        }
        return nil
    }

    /// Names of the extensions, without their versions: single letters, and longer ones that begin with z, s or x.
    var extensions: Set<String> {
        var names: Set<String> = []
        for part in architecture.lowercased().dropFirst(4).split(separator: "_") {
            if part.count > 1, let first = part.first, "zsx".contains(first) {
                names.insert(String(part.prefix { !$0.isNumber }))
                continue
            }
            var previous: Character = " "
            for letter in part {
                // The p of a version stands between two numbers.
                if letter.isLetter, !(letter == "p" && previous.isNumber) { names.insert(String(letter)) }
                previous = letter
            }
        }
        return names
    }
}

/// Reads attributes from the front; nil when there is nothing left or what is left is too short.
private struct AttributeReader {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    func peek() -> UInt8? { bytes.first }

    /// What a length of four bytes, `headed` bytes from here, counts.
    mutating func unit(headed: Int) -> AttributeReader? {
        guard bytes.count >= headed + 4 else { return nil }
        let start = bytes.startIndex + headed
        let length = Int(bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        guard length >= headed + 4, length <= bytes.count else { return nil }
        defer { bytes = bytes.dropFirst(length) }
        return AttributeReader(bytes.prefix(length).dropFirst(headed + 4))
    }

    mutating func text() -> String? {
        guard let end = bytes.firstIndex(of: 0) else { return nil }
        defer { bytes = bytes[(end + 1)...] }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    /// ULEB128, at most 28 bits of it.
    mutating func number() -> UInt32? {
        var value: UInt32 = 0
        for (place, byte) in bytes.prefix(4).enumerated() {
            value |= UInt32(byte & 0x7F) << UInt32(7 * place)
            if byte & 0x80 == 0 {
                bytes = bytes.dropFirst(place + 1)
                return value
            }
        }
        return nil
    }
}
