/// The smallest ELF files that the machine runs: code in one segment, data in another.
public enum ExecutableFile {
    /// Where code begins, at its first instruction.
    public static let codeBase: UInt32 = 0x1_0000
    /// Where data begins.
    public static let dataBase: UInt32 = 0x8_0000

    /// A static RV32 executable, by the fields of the System V ABI's ELF chapter.
    public static func elf(code: [UInt32], data: [UInt32] = [0]) -> [UInt8] {
        let headerBytes: UInt32 = 52, entryBytes: UInt32 = 32, segments: UInt32 = 2
        let codeOffset = headerBytes + segments * entryBytes, dataOffset = codeOffset + UInt32(4 * code.count)
        func half(_ value: UInt32) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
        func words(_ values: [UInt32]) -> [UInt8] {
            values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) } }
        }
        var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 1, 1, 1] + [UInt8](repeating: 0, count: 9)
        file += half(2) + half(243) + words([1, codeBase, headerBytes, 0, 0])
        file += half(headerBytes) + half(entryBytes) + half(segments) + half(40) + half(0) + half(0)
        for (offset, base, size, flags) in [
            (codeOffset, codeBase, UInt32(4 * code.count), UInt32(5)),
            (dataOffset, dataBase, UInt32(4 * data.count), UInt32(6)),
        ] {
            file += words([1, offset, base, base, size, size, flags, 4])
        }
        return file + words(code) + words(data)
    }
}
