/// Why a file is no program for this machine, and how to build one that is.
public enum ELFError: Error, Sendable, Hashable {
    case notELF
    /// A header or a segment lies outside the file.
    case truncated(what: String, end: UInt64, size: Int)
    case not32Bit(class: UInt8)
    case notLittleEndian(encoding: UInt8)
    case version(UInt32)
    /// The file's type: 1 an object, 3 position independent, 4 a core dump.
    case notExecutable(type: UInt16)
    case notRISCV(machine: UInt16)
    /// Compressed instructions.
    case compressed
    /// A floating-point calling convention: 1 single, 2 double, 3 quad.
    case floatABI(UInt32)
    /// The E base with 16 registers.
    case embeddedBase
    case unknownFlags(UInt32)
    /// It was built for an extension, by its attributes, and has an instruction of it.
    case unknownExtension(instructions: String, architecture: String, address: UInt32)
    /// It asks for a dynamic linker.
    case dynamic
    case headerSize(expected: Int, got: Int)
    case noSegments
    /// More bytes from the file than the memory that they are for.
    case fileLargerThanMemory(segment: Int, file: UInt32, memory: UInt32)
    /// A segment goes beyond address 2^32.
    case wraps(segment: Int, address: UInt32, size: UInt32)
    /// A segment reaches into what the machine keeps for journal and printing.
    case tooMuchMemory(segment: Int, end: UInt64, limit: UInt32)
    case overlap(first: Int, second: Int, address: UInt32)
    /// The segments claim more bytes than the file has: some are claimed twice.
    case sharedBytes(claimed: UInt64, size: Int)
    case writableCode(segment: Int)
    /// A page of code is also one of a writable segment.
    case sharedPage(code: Int, data: Int, page: UInt32)
    /// Code that the file does not hold.
    case emptyCode(segment: Int)
    case misalignedEntry(UInt32)
    case entryOutsideCode(UInt32)
}

extension ELFError: CustomStringConvertible {
    private static let target =
        "build for riscv32 with -march=rv32im -mabi=ilp32 (clang --target=riscv32-unknown-none-elf, "
        + "rustc --target riscv32im-unknown-none-elf)"

    public var description: String {
        switch self {
        case .notELF: "not an ELF file: it does not begin with 7f 45 4c 46"
        case .truncated(let what, let end, let size):
            "\(what) ends at byte \(end), the file at \(size): it is cut off or damaged; build or copy it again"
        case .not32Bit(let value): "ELF class \(value), needed is 1 (32 bits): \(Self.target)"
        case .notLittleEndian(let value): "ELF data encoding \(value), needed is 1 (little-endian): \(Self.target)"
        case .version(let value): "ELF version \(value), needed is 1"
        case .notExecutable(type: 3):
            "a position-independent or shared file, needed is a static executable: link with -static -no-pie"
        case .notExecutable(type: 1):
            "an object file, needed is an executable: link it (ld.lld -static, or sheaf build)"
        case .notExecutable(let type): "ELF type \(type), needed is 2 (a static executable)"
        case .notRISCV(let machine): "ELF machine \(machine), needed is 243 (RISC-V): \(Self.target)"
        case .compressed: "it uses compressed instructions, which this machine has not: build with -march=rv32im"
        case .floatABI(let value):
            "floating-point calling convention \(value), needed is the soft one: build with -mabi=ilp32"
        case .embeddedBase: "built for RV32E with 16 registers: build with -march=rv32im -mabi=ilp32"
        case .unknownFlags(let flags): "ELF flags \(hex(flags)) mean nothing to this machine: \(Self.target)"
        case .unknownExtension(let instructions, let architecture, let address):
            "it was built for \(architecture) and has \(instructions) instructions, the first at \(hex(address)), which this "
                + "machine has not: \(Self.target)"
        case .dynamic: "it needs a dynamic linker: link with -static -nostdlib"
        case .headerSize(let expected, let got): "ELF headers of \(got) bytes, needed are \(expected)"
        case .noSegments: "it loads nothing: a program needs at least one segment of code"
        case .fileLargerThanMemory(let segment, let file, let memory):
            "segment \(segment) has \(file) bytes in the file but only \(memory) in memory: the file is damaged"
        case .wraps(let segment, let address, let size):
            "segment \(segment) at \(hex(address)) with \(size) bytes goes beyond 2^32: move it down in the linker script"
        case .tooMuchMemory(let segment, let end, let limit):
            "segment \(segment) ends at \(hex(end)), programs have the memory below \(hex(limit)): "
                + "move it down in the linker script"
        case .overlap(let first, let second, let address):
            "segments \(first) and \(second) overlap at \(hex(address)): give each its own addresses in the linker script"
        case .sharedBytes(let claimed, let size):
            "the segments take \(claimed) bytes from a file of \(size): the file is damaged"
        case .writableCode(let segment):
            "segment \(segment) is both writable and executable: separate code and data (ld.lld without -N)"
        case .sharedPage(let code, let data, let page):
            "code of segment \(code) and writable data of segment \(data) share the 1 KiB page at \(hex(page)): "
                + "align the data to 1024 bytes in the linker script"
        case .emptyCode(let segment):
            "segment \(segment) is executable but has no content in the file for all of its memory"
        case .misalignedEntry(let entry): "entry point \(hex(entry)) is no multiple of 4"
        case .entryOutsideCode(let entry):
            "entry point \(hex(entry)) lies in no executable segment: name it with ENTRY in the linker script or ld.lld -e, "
                + "and give its segment the flags 5 (read and execute) where PHDRS sets them"
        }
    }

    private func hex(_ value: some BinaryInteger) -> String { "0x" + String(value, radix: 16) }
}
