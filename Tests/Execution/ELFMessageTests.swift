import Execution
import Testing

/// A refused file is refused with what is wrong and how to build it right.
@Suite struct ELFMessageTests {
    struct Message: Sendable, CustomTestStringConvertible {
        let error: ELFError
        /// What is wrong, and the way out.
        let parts: [String]
        var testDescription: String { "\(error)" }
    }

    private static let target = "-march=rv32im -mabi=ilp32"

    static let messages = [
        Message(error: .notELF, parts: ["not an ELF file"]),
        Message(error: .truncated(what: "segment 1", end: 90, size: 80), parts: ["segment 1", "90", "80", "again"]),
        Message(error: .not32Bit(class: 2), parts: ["class 2", "32 bits", target]),
        Message(error: .notLittleEndian(encoding: 2), parts: ["encoding 2", "little-endian", target]),
        Message(error: .notRISCV(machine: 62), parts: ["machine 62", "RISC-V", target]),
        Message(error: .notExecutable(type: 1), parts: ["object file", "link it"]),
        Message(error: .notExecutable(type: 3), parts: ["position-independent", "-no-pie"]),
        Message(error: .compressed, parts: ["compressed", "-march=rv32im"]),
        Message(error: .floatABI(2), parts: ["floating-point", "-mabi=ilp32"]),
        Message(error: .embeddedBase, parts: ["RV32E", target]),
        Message(error: .unknownFlags(0x40), parts: ["0x40", target]),
        Message(
            error: .unknownExtension(instructions: "atomic", architecture: "rv32i2p1_a2p1", address: 0x1_0004),
            parts: ["rv32i2p1_a2p1", "atomic", "0x10004", target]),
        Message(error: .dynamic, parts: ["dynamic linker", "-static"]),
        Message(error: .overlap(first: 0, second: 1, address: 0x1000), parts: ["0 and 1", "0x1000", "linker script"]),
        Message(
            error: .wraps(segment: 1, address: 0xFFFF_FFF0, size: 32), parts: ["0xfffffff0", "2^32", "linker script"]),
        Message(
            error: .tooMuchMemory(segment: 1, end: 0xC000_0001, limit: 0xC000_0000),
            parts: ["0xc0000001", "below 0xc0000000", "linker script"]),
        Message(error: .writableCode(segment: 0), parts: ["segment 0", "writable and executable", "separate"]),
        Message(
            error: .sharedPage(code: 0, data: 1, page: 0x1000),
            parts: ["0x1000", "1 KiB page", "align the data to 1024"]),
        Message(error: .misalignedEntry(2), parts: ["0x2", "multiple of 4"]),
        Message(error: .entryOutsideCode(0x8000), parts: ["0x8000", "no executable segment", "ENTRY", "flags 5"]),
    ]

    @Test(arguments: messages) func saysWhatIsWrongAndWhatToDo(message: Message) {
        for part in message.parts { #expect("\(message.error)".contains(part)) }
    }

    /// Each of these errors is one that a file leads to.
    @Test func everyMessageHasItsFile() {
        func kind(_ error: ELFError) -> String { Mirror(reflecting: error).children.first?.label ?? "\(error)" }
        let refused = Set((ELFTests.table + ELFAttributeTests.table).map { kind($0.error) })
        for message in Self.messages { #expect(refused.contains(kind(message.error)), "\(message.error)") }
    }
}
