import Execution
import Foundation
import Machine
import Receipts
import ServiceKit

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Says what a file is: a program, a segment or a receipt.",
        discussion: """
            A segment is also opened under its root. What a receipt claims is shown, and not verified: `sheaf verify` does \
            that. Exit codes: 0 the file is sound, 1 it is not, or is none of these, 2 wrong command line.
            """)

    @Argument(help: "The file.") var file: String

    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let bytes = try Files.read(file)
        let facts: [(name: String, value: Fact)]
        if bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) {
            facts = try Self.facts(of: Program(elf: bytes))
        } else if bytes.starts(with: Array("SHSG".utf8)) {
            facts = try Self.facts(of: Segment(decoding: bytes), bytes: bytes)
        } else if let kind = ReceiptKind(bytes) {
            facts =
                switch kind {
                case .segment: try ReceiptFacts.facts(of: SegmentReceipt(decoding: bytes[...]), bytes: bytes.count)
                case .run: try ReceiptFacts.facts(of: CompositeReceipt(decoding: bytes[...]), bytes: bytes.count)
                }
        } else {
            throw UnknownFile(path: file)
        }
        if json {
            let object = Dictionary(uniqueKeysWithValues: facts.map { ($0.name, $0.value) })
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            print(String(decoding: try encoder.encode(object), as: UTF8.self))
        } else {
            let width = (facts.map(\.name.count).max() ?? 0) + 2
            for fact in facts {
                print(fact.name.padding(toLength: width, withPad: " ", startingAt: 0) + fact.value.description)
            }
        }
    }

    private static func facts(of program: Program) -> [(name: String, value: Fact)] {
        let code = program.pages.filter { $0.kind == .code }.count
        return [
            ("kind", .text("program")), ("image_id", .text(program.imageID.hex)), ("entry", .hex(program.entry)),
            ("memory_root", .text(program.initialState.memoryRoot.hex)), ("code_pages", .number(code)),
            ("data_pages", .number(program.pages.count - code)),
        ]
    }

    private static func facts(of segment: Segment, bytes: [UInt8]) throws -> [(name: String, value: Fact)] {
        _ = try segment.openedTree()
        return [
            ("kind", .text("segment")), ("index", .number(Int(segment.index))),
            ("limit_log2", .number(segment.limitLog)),
            ("first_cycle", .number(Int(segment.firstCycle))), ("cycles", .number(Int(segment.cycles))),
            ("pc_before", .hex(segment.before.programCounter)), ("pc_after", .hex(segment.after.programCounter)),
            ("memory_root_before", .text(segment.before.memoryRoot.hex)),
            ("memory_root_after", .text(segment.after.memoryRoot.hex)),
            ("registers_before", .text(segment.before.registerDigest.hex)),
            ("registers_after", .text(segment.after.registerDigest.hex)), ("exit", .text(segment.exit.phrase)),
            ("touched_pages", .number(segment.pages.count)), ("opening_digests", .number(segment.opening.count)),
            ("input_words", .number(segment.inputs.count)), ("bytes", .number(bytes.count)),
            ("compressed_bytes", .number(Zstandard.compressedSize(of: bytes) ?? bytes.count)),
        ]
    }
}

/// One value of what `inspect` says.
enum Fact: Encodable, CustomStringConvertible {
    case text(String)
    case number(Int)
    case hex(UInt32)

    var description: String {
        switch self {
        case .text(let text): text
        case .number(let number): "\(number)"
        case .hex(let value): "0x" + String(value, radix: 16)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if case .number(let number) = self {
            try container.encode(number)
        } else {
            try container.encode(description)
        }
    }
}

struct UnknownFile: Error, CustomStringConvertible {
    let path: String

    var description: String {
        "\(path) is no file that this tool knows: neither an ELF program, nor a segment (SHSG), nor a receipt (SHSR, SHCR)"
    }
}
