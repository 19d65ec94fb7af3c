import Execution
import Foundation
import Hashing
import Machine
import Oracles
import Testing

private typealias A = Assembler

/// An ELF file by its fields, so that each can be wrong.
struct ELFImage: Sendable {
    struct Segment: Sendable {
        var type: UInt32 = 1
        var flags: UInt32
        var address: UInt32
        var content: [UInt8]
        var memorySize: UInt32?
        var fileSize: UInt32?
        var offset: UInt32?
    }

    struct Section: Sendable {
        var type: UInt32
        var flags: UInt32 = 0
        var address: UInt32 = 0
        var content: [UInt8]
        var size: UInt32?
    }

    var identification: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    var type: UInt16 = 2
    var machine: UInt16 = 243
    var version: UInt32 = 1
    var flags: UInt32 = 0
    var entry: UInt32 = codeBase
    var headerSize: UInt16 = 32
    var segments = [
        Segment(flags: 5, address: codeBase, content: bytes([A.addi(10, 0, 3)] + A.halt)),
        Segment(flags: 6, address: dataBase, content: [1, 2, 3, 4, 5], memorySize: 2000),
    ]

    var sections: [Section] = []

    static func bytes(_ words: [UInt32]) -> [UInt8] {
        words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
    }

    var file: [UInt8] {
        func half(_ value: UInt16) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }
        func word(_ value: UInt32) -> [UInt8] { Self.bytes([value]) }
        let start = 52 + 32 * segments.count
        let table = segments.reduce(start) { $0 + $1.content.count } + sections.reduce(0) { $0 + $1.content.count }
        var header = identification + half(type) + half(machine) + word(version) + word(entry) + word(52)
        header += word(sections.isEmpty ? 0 : UInt32(table)) + word(flags) + half(52) + half(headerSize)
        header += half(UInt16(segments.count)) + half(40) + half(UInt16(sections.count)) + half(0)
        var contents: [UInt8] = []
        for segment in segments {
            let size = segment.fileSize ?? UInt32(segment.content.count)
            header +=
                word(segment.type) + word(segment.offset ?? UInt32(start + contents.count)) + word(segment.address)
            header +=
                word(segment.address) + word(size) + word(segment.memorySize ?? size) + word(segment.flags) + word(4)
            contents += segment.content
        }
        var sectionHeaders: [UInt8] = []
        for section in sections {
            let size = section.size ?? UInt32(section.content.count)
            sectionHeaders += word(0) + word(section.type) + word(section.flags) + word(section.address)
            sectionHeaders += word(UInt32(start + contents.count)) + word(size) + word(0) + word(0) + word(1) + word(0)
            contents += section.content
        }
        return header + contents + sectionHeaders
    }
}

@Suite struct ELFTests {
    @Test func aGoodFileIsLoaded() throws {
        let program = try Program(elf: ELFImage().file)
        #expect(program.entry == codeBase)
        #expect(program.pages.map(\.index) == [codeBase / 1024, dataBase / 1024])
        #expect(program.pages.map(\.kind) == [.code, .data])
        #expect(program.pages[1].words[0] == 0x0403_0201 && program.pages[1].words[1] == 5)
        #expect(try run(program).exit == .halted(code: 3))
        var elsewhere = ELFImage()
        elsewhere.entry += 4
        #expect(try Program(elf: elsewhere.file).imageID != program.imageID)
        #expect(try Program(elf: elsewhere.file).tree.root == program.tree.root)
    }

    struct Malformed: Sendable, CustomTestStringConvertible {
        let name: String
        let error: ELFError
        let change: @Sendable (inout ELFImage) -> Void
        var testDescription: String { name }
    }

    static let table = [
        Malformed(name: "magic", error: .notELF) { $0.identification[1] = 0x46 },
        Malformed(name: "64 bits", error: .not32Bit(class: 2)) { $0.identification[4] = 2 },
        Malformed(name: "big-endian", error: .notLittleEndian(encoding: 2)) { $0.identification[5] = 2 },
        Malformed(name: "identification version", error: .version(0)) { $0.identification[6] = 0 },
        Malformed(name: "version", error: .version(9)) { $0.version = 9 },
        Malformed(name: "object", error: .notExecutable(type: 1)) { $0.type = 1 },
        Malformed(name: "position independent", error: .notExecutable(type: 3)) { $0.type = 3 },
        Malformed(name: "x86", error: .notRISCV(machine: 62)) { $0.machine = 62 },
        Malformed(name: "compressed", error: .compressed) { $0.flags = 1 },
        Malformed(name: "double floats", error: .floatABI(2)) { $0.flags = 4 },
        Malformed(name: "RV32E", error: .embeddedBase) { $0.flags = 8 },
        Malformed(name: "unknown flags", error: .unknownFlags(0x40)) { $0.flags = 0x40 },
        Malformed(name: "header size", error: .headerSize(expected: 32, got: 56)) { $0.headerSize = 56 },
        Malformed(name: "no segments", error: .noSegments) { $0.segments = [] },
        Malformed(name: "nothing to load", error: .noSegments) {
            $0.segments = [.init(type: 4, flags: 4, address: 0, content: [])]
        },
        Malformed(name: "interpreter", error: .dynamic) {
            $0.segments.append(.init(type: 3, flags: 4, address: 0, content: []))
        },
        Malformed(name: "dynamic section", error: .dynamic) {
            $0.segments.append(.init(type: 2, flags: 4, address: 0, content: []))
        },
        Malformed(name: "more file than memory", error: .fileLargerThanMemory(segment: 1, file: 5, memory: 4)) {
            $0.segments[1].memorySize = 4
        },
        Malformed(name: "content outside the file", error: .truncated(what: "segment 1", end: 5005, size: 133)) {
            $0.segments[1].offset = 5000
        },
        Malformed(name: "wrapping", error: .wraps(segment: 1, address: 0xFFFF_FFF0, size: 32)) {
            ($0.segments[1].address, $0.segments[1].memorySize) = (0xFFFF_FFF0, 32)
        },
        Malformed(name: "in the journal", error: .tooMuchMemory(segment: 1, end: 0xC000_0001, limit: 0xC000_0000)) {
            ($0.segments[1].address, $0.segments[1].memorySize) = (0xBFFF_FFF1, 16)
        },
        Malformed(name: "all of memory", error: .tooMuchMemory(segment: 1, end: 1 << 32, limit: 0xC000_0000)) {
            ($0.segments[1].address, $0.segments[1].memorySize) = (0x1000_0000, 0xF000_0000)
        },
        Malformed(name: "overlap", error: .overlap(first: 0, second: 1, address: codeBase + 8)) {
            $0.segments[1].address = codeBase + 8
        },
        Malformed(name: "shared bytes", error: .sharedBytes(claimed: 266, size: 133)) { image in
            for index in 0..<2 {
                (image.segments[index].offset, image.segments[index].fileSize) = (0, 133)
            }
        },
        Malformed(name: "writable code", error: .writableCode(segment: 0)) { $0.segments[0].flags = 7 },
        Malformed(name: "code and data in one page", error: .sharedPage(code: 0, data: 1, page: codeBase)) {
            $0.segments[1].address = codeBase + 512
        },
        Malformed(name: "code without content", error: .emptyCode(segment: 0)) { $0.segments[0].memorySize = 4096 },
        Malformed(name: "odd entry", error: .misalignedEntry(codeBase + 2)) { $0.entry += 2 },
        Malformed(name: "entry in data", error: .entryOutsideCode(dataBase)) { $0.entry = dataBase },
        Malformed(name: "entry behind code", error: .entryOutsideCode(codeBase + 12)) { $0.entry += 12 },
    ]

    @Test(arguments: table) func malformedFilesAreRefused(example: Malformed) {
        var image = ELFImage()
        example.change(&image)
        let file = image.file
        #expect(throws: example.error) { try Program(elf: file) }
        #expect("\(example.error)".count > 20, "the message says what is wrong")
    }

    @Test func everyPrefixIsRefused() {
        let file = ELFImage().file
        for count in 0..<file.count {
            #expect(throws: ELFError.self) { try Program(elf: Array(file.prefix(count))) }
        }
    }

    @Test func readOnlyDataMayShareAPageWithCode() throws {
        var image = ELFImage()
        image.segments[1] = .init(flags: 4, address: codeBase + 512, content: [9])
        let program = try Program(elf: image.file)
        #expect(program.pages.count == 1 && program.pages[0].kind == .code && program.pages[0].words[128] == 9)
    }

    @Test func changedBytesNeverTrap() {
        let rounds = RandomProgramTests.isHeavy ? 3_000_000 : 20_000
        let seed = UInt64.random(in: 0...UInt64.max)
        print("ELF: \(rounds) rounds, seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let valid = ELFImage().file
        for _ in 0..<rounds {
            var file = valid
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 0..<116, using: &generator)
                file[place] =
                    Bool.random(using: &generator) ? UInt8.random(in: 0...255, using: &generator) : file[place] ^ 1
            }
            if Int.random(in: 0..<16, using: &generator) == 0 {
                file = Array(file.prefix(Int.random(in: 0...file.count, using: &generator)))
            }
            guard let loaded = try? Program(elf: file) else { continue }
            #expect(loaded.pages.count <= 6 && loaded.pages.allSatisfy { $0.words.count == 256 })
        }
    }
}
