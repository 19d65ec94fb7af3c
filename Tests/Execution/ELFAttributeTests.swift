import Execution
import Oracles
import Testing

private typealias A = Assembler

/// Programs that were built for more than RV32IM are refused when they use it.
@Suite struct ELFAttributeTests {
    private static let atomicAdd: UInt32 = 0x00B5_252F  // amoadd.w a0, a1, (a0)
    private static let floatAdd: UInt32 = 0x00B5_7553  // fadd.s fa0, fa0, fa1
    private static let vectorAdd: UInt32 = 0x0220_8057  // vadd.vv v0, v2, v1

    /// Attributes as assemblers write them: a stack alignment (tag 4), then the architecture (tag 5).
    private static func attributes(_ architecture: String) -> [UInt8] {
        let values = [4, 16, 5] + Array(architecture.utf8) + [0]
        let scope = [1] + ELFImage.bytes([UInt32(values.count + 5)]) + values
        let vendor = Array("riscv".utf8) + [0] + scope
        return [0x41] + ELFImage.bytes([UInt32(vendor.count + 4)]) + vendor
    }

    /// A program with `word` in its code, never reached, and sections of its code and attributes.
    private static func change(_ word: UInt32, _ architecture: String) -> @Sendable (inout ELFImage) -> Void {
        { image in
            image.segments[0].content += ELFImage.bytes([word])
            image.sections = [
                .init(type: 1, flags: 6, address: codeBase, content: image.segments[0].content),
                .init(type: 0x7000_0003, content: attributes(architecture)),
            ]
        }
    }

    private static func image(_ word: UInt32, _ architecture: String) -> ELFImage {
        var image = ELFImage()
        change(word, architecture)(&image)
        return image
    }

    private static func refused(_ name: String, _ word: UInt32, _ architecture: String) -> ELFTests.Malformed {
        let error = ELFError.unknownExtension(
            instructions: name, architecture: architecture,
            address: codeBase + UInt32(ELFImage().segments[0].content.count))
        return .init(name: "\(name) in \(architecture)", error: error, change: change(word, architecture))
    }

    static let table = [
        refused("atomic", atomicAdd, "rv32i2p1_m2p0_a2p1"),
        refused("atomic", atomicAdd, "rv32i2p1_m2p0_zaamo1p0_zalrsc1p0"),
        refused("atomic", atomicAdd, "RV32IMA"),
        refused("floating-point", floatAdd, "rv32i2p1_m2p0_f2p2_zicsr2p0"),
        refused("floating-point", floatAdd, "rv32i2p1_m2p0_zfinx1p0"),
        refused("vector", vectorAdd, "rv32i2p1_m2p0_v1p0_zve32x1p0"),
        ELFTests.Malformed(
            name: "compressed, without its flag", error: .compressed, change: change(A.addi(0, 0, 0), "rv32i2p1_c2p0")),
    ]

    @Test(arguments: table) func builtForMoreIsRefused(example: ELFTests.Malformed) {
        var image = ELFImage()
        example.change(&image)
        let file = image.file
        #expect(throws: example.error) { try Program(elf: file) }
    }

    /// The extension is named and not used, or a word looks like its instruction and nothing names it.
    @Test(
        arguments: [
            (A.addi(0, 0, 0), "rv32i2p1_m2p0_a2p1_f2p2_d2p2_zicsr2p0_zifencei2p0"),
            (atomicAdd, "rv32i2p1_m2p0_zmmul1p0"), (atomicAdd, "rv32i2p1_m2p0_zicsr2p0_f2p2"),
            (floatAdd, "rv32i2p1_m2p0_a2p1"), (atomicAdd, ""),
        ] as [(UInt32, String)])
    func whatIsNotUsedMayBeNamed(word: UInt32, architecture: String) throws {
        let program = try Program(elf: Self.image(word, architecture).file)
        #expect(try run(program).exit == .halted(code: 3))
    }

    /// A word outside the sections of code is no instruction, though its segment is executable.
    @Test func constantsBesideCodeAreNoInstructions() throws {
        var image = Self.image(Self.atomicAdd, "rv32i2p1_a2p1")
        image.sections[0].content.removeLast(4)
        #expect(try run(Program(elf: image.file)).exit == .halted(code: 3))
    }

    /// Sections that lie outside the file, or whose headers do, are none.
    @Test func damagedSectionsRefuseNothing() throws {
        for damaged in 0..<2 {
            var image = Self.image(Self.atomicAdd, "rv32i2p1_a2p1")
            image.sections[damaged].size = .max
            #expect(try run(Program(elf: image.file)).exit == .halted(code: 3))
        }
        var file = Self.image(Self.atomicAdd, "rv32i2p1_a2p1").file
        file.removeLast()
        #expect(try run(Program(elf: file)).exit == .halted(code: 3))
    }

    /// Attributes that are cut or changed anywhere refuse no program that would run.
    @Test func damagedAttributesAreNoTrap() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("attributes: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let attributes = Self.attributes("rv32i2p1_m2p0_a2p1")
        for round in 0..<300 {
            var image = Self.image(A.addi(0, 0, 0), "")
            var damaged = Array(attributes.prefix(round < attributes.count ? round : attributes.count))
            if round >= attributes.count {
                // No letters: they may name what the program is refused for.
                let place = Int.random(in: 0..<damaged.count, using: &generator)
                damaged[place] = UInt8.random(in: 0..<0x40, using: &generator)
            }
            image.sections[1].content = damaged
            #expect(try run(Program(elf: image.file)).exit == .halted(code: 3))
        }
    }
}
