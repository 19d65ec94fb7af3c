import Execution
import Machine
import Oracles
import Testing

private typealias A = Assembler

/// Each instruction by itself, at the corners of its definition in the unprivileged manual. What is expected is written
/// here from the manual, in wide integers.
@Suite struct InstructionTests {
    static let corners: [UInt32] = [
        0, 1, 2, 3, 31, 32, 33, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFE, 0x7FFF_FFFF,
        0x8000_0000, 0x8000_0001, 0xFFFF_FFFD, 0xFFFF_FFFE, 0xFFFF_FFFF, 0x5555_5555, 0xAAAA_AAAA, 0x1234_5678,
    ]

    struct RegisterCase: Sendable, CustomTestStringConvertible {
        let name: String
        let funct7: Int
        let funct3: Int
        let expected: @Sendable (_ a: Int, _ b: Int, _ unsignedA: Int, _ unsignedB: Int) -> Int
        var testDescription: String { name }
    }

    /// Signed and unsigned values of rs1 and rs2; the result counts modulo 2^32.
    static let registerCases = [
        RegisterCase(name: "add", funct7: 0, funct3: 0) { a, b, _, _ in a + b },
        RegisterCase(name: "sub", funct7: 32, funct3: 0) { a, b, _, _ in a - b },
        RegisterCase(name: "sll", funct7: 0, funct3: 1) { a, _, _, b in a << (b & 31) },
        RegisterCase(name: "slt", funct7: 0, funct3: 2) { a, b, _, _ in a < b ? 1 : 0 },
        RegisterCase(name: "sltu", funct7: 0, funct3: 3) { _, _, a, b in a < b ? 1 : 0 },
        RegisterCase(name: "xor", funct7: 0, funct3: 4) { a, b, _, _ in a ^ b },
        RegisterCase(name: "srl", funct7: 0, funct3: 5) { _, _, a, b in a >> (b & 31) },
        RegisterCase(name: "sra", funct7: 32, funct3: 5) { a, _, _, b in a >> (b & 31) },
        RegisterCase(name: "or", funct7: 0, funct3: 6) { a, b, _, _ in a | b },
        RegisterCase(name: "and", funct7: 0, funct3: 7) { a, b, _, _ in a & b },
        RegisterCase(name: "mul", funct7: 1, funct3: 0) { a, b, _, _ in a &* b },
        RegisterCase(name: "mulh", funct7: 1, funct3: 1) { a, b, _, _ in (a * b) >> 32 },
        RegisterCase(name: "mulhsu", funct7: 1, funct3: 2) { a, _, _, b in (a * b) >> 32 },
        RegisterCase(name: "mulhu", funct7: 1, funct3: 3) { _, _, a, b in Int((UInt(a) * UInt(b)) >> 32) },
        RegisterCase(name: "div", funct7: 1, funct3: 4) { a, b, _, _ in b == 0 ? -1 : a / b },
        RegisterCase(name: "divu", funct7: 1, funct3: 5) { _, _, a, b in b == 0 ? -1 : a / b },
        RegisterCase(name: "rem", funct7: 1, funct3: 6) { a, b, _, _ in b == 0 ? a : a - b * (a / b) },
        RegisterCase(name: "remu", funct7: 1, funct3: 7) { _, _, a, b in b == 0 ? a : a - b * (a / b) },
    ]

    @Test(arguments: registerCases) func registerOperations(operation: RegisterCase) throws {
        var code: [UInt32] = [], expected: [UInt32] = []
        code += A.li(3, dataBase)
        for a in Self.corners {
            for b in Self.corners {
                code += A.li(5, a) + A.li(6, b)
                code += [
                    A.r(operation.funct7, operation.funct3, 7, 5, 6), A.sw(7, 3, 0), A.addi(3, 3, 4),
                ]
                let signed = (Int(Int32(bitPattern: a)), Int(Int32(bitPattern: b)))
                expected.append(
                    UInt32(truncatingIfNeeded: operation.expected(signed.0, signed.1, Int(a), Int(b))))
            }
            // rd = rs1 = rs2, and writing x0.
            code += A.li(5, a)
            code += [
                A.r(operation.funct7, operation.funct3, 0, 5, 5), A.r(operation.funct7, operation.funct3, 5, 5, 5),
                A.sw(5, 3, 0), A.sw(0, 3, 4), A.addi(3, 3, 8),
            ]
            let signed = Int(Int32(bitPattern: a))
            expected += [UInt32(truncatingIfNeeded: operation.expected(signed, signed, Int(a), Int(a))), 0]
        }
        let run = try run(program(code + A.halt))
        #expect(run.exit == .halted(code: 0))
        for (position, value) in expected.enumerated() {
            let got = run.word(at: dataBase + UInt32(4 * position))
            #expect(got == value, "case \(position)")
        }
    }

    struct ImmediateCase: Sendable, CustomTestStringConvertible {
        let name: String
        let funct3: Int
        let immediates: [Int]
        let expected: @Sendable (_ a: Int, _ unsignedA: Int, _ immediate: Int) -> Int
        var testDescription: String { name }
    }

    static let twelveBits = [0, 1, -1, 2, 5, 31, 32, 1023, 1024, 2047, -2048, -2047, -1024]
    static let shifts = [0, 1, 2, 7, 8, 15, 16, 30, 31]
    static let immediateCases = [
        ImmediateCase(name: "addi", funct3: 0, immediates: twelveBits) { a, _, i in a + i },
        ImmediateCase(name: "slti", funct3: 2, immediates: twelveBits) { a, _, i in a < i ? 1 : 0 },
        ImmediateCase(name: "sltiu", funct3: 3, immediates: twelveBits) { _, a, i in a < i & 0xFFFF_FFFF ? 1 : 0 },
        ImmediateCase(name: "xori", funct3: 4, immediates: twelveBits) { a, _, i in a ^ i },
        ImmediateCase(name: "ori", funct3: 6, immediates: twelveBits) { a, _, i in a | i },
        ImmediateCase(name: "andi", funct3: 7, immediates: twelveBits) { a, _, i in a & i },
        ImmediateCase(name: "slli", funct3: 1, immediates: shifts) { a, _, i in a << i },
        ImmediateCase(name: "srli", funct3: 5, immediates: shifts) { _, a, i in a >> i },
        ImmediateCase(name: "srai", funct3: 5, immediates: shifts.map { $0 | 1024 }) { a, _, i in a >> (i & 31) },
    ]

    @Test(arguments: immediateCases) func immediateOperations(operation: ImmediateCase) throws {
        var code = A.li(3, dataBase), expected: [UInt32] = []
        for a in Self.corners {
            for immediate in operation.immediates {
                code += A.li(5, a)
                code += [
                    A.i(0x13, operation.funct3, 5, 5, immediate), A.sw(5, 3, 0),
                    A.i(0x13, operation.funct3, 0, 5, immediate), A.sw(0, 3, 4), A.addi(3, 3, 8),
                ]
                let signed = Int(Int32(bitPattern: a))
                expected += [UInt32(truncatingIfNeeded: operation.expected(signed, Int(a), immediate)), 0]
            }
        }
        let run = try run(program(code + A.halt))
        for (position, value) in expected.enumerated() {
            #expect(run.word(at: dataBase + UInt32(4 * position)) == value, "case \(position)")
        }
    }

    @Test func upperImmediates() throws {
        let code = [A.u(0x37, 5, 0x8000_0000), A.u(0x37, 6, 0xFFFF_F000), A.u(0x17, 7, 0), A.u(0x17, 8, 0xFFFF_F000)]
        let run = try run(program(code + [A.u(0x37, 0, 0x1000), A.u(0x17, 0, 0x1000)] + A.halt))
        #expect(run.registers[5] == 0x8000_0000 && run.registers[6] == 0xFFFF_F000)
        #expect(run.registers[7] == codeBase + 8 && run.registers[8] == codeBase + 12 - 0x1000)
        #expect(run.registers[0] == 0)
    }

    /// Every load of every byte of a word whose bytes have all kinds of signs.
    @Test(arguments: [(0, 1, true), (1, 2, true), (2, 4, true), (4, 1, false), (5, 2, false)])
    func loads(funct3: Int, size: Int, isSigned: Bool) throws {
        let data: [UInt32] = [0x80FF_7F01, 0x0102_8384, 0xFFFF_FFFF, 0x7FFF_8000]
        for offset in stride(from: 0, to: 16, by: size) {
            let code =
                A.li(3, dataBase + 2000) + [A.i(3, funct3, 5, 3, offset - 2000), A.i(3, funct3, 0, 3, offset - 2000)]
            let run = try run(program(code + A.halt, data: data))
            let word = Int(data[offset / 4])
            let part = word >> (8 * (offset % 4)) & (1 << (8 * size) - 1)
            let expected = isSigned && part >= 1 << (8 * size - 1) ? part - 1 << (8 * size) : part
            #expect(run.registers[5] == UInt32(truncatingIfNeeded: expected), "offset \(offset)")
            #expect(run.registers[0] == 0)
        }
    }

    @Test(arguments: [(0, 1), (1, 2), (2, 4)]) func stores(funct3: Int, size: Int) throws {
        for offset in stride(from: 0, to: 8, by: size) {
            let code = A.li(3, dataBase + 2000) + A.li(5, 0xDDCC_BBAA) + [A.s(funct3, 3, 5, offset - 2000)]
            let run = try run(program(code + A.halt, data: [0x1111_1111, 0x2222_2222]))
            var bytes: [UInt32] = [0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x22, 0x22]
            for part in 0..<size { bytes[offset + part] = [0xAA, 0xBB, 0xCC, 0xDD][part] }
            for word in 0..<2 {
                let expected = (0..<4).reduce(UInt32(0)) { $0 | bytes[4 * word + $1] << UInt32(8 * $1) }
                #expect(run.word(at: dataBase + UInt32(4 * word)) == expected, "offset \(offset)")
            }
        }
    }

    @Test func addressesWrapAround() throws {
        let code =
            [A.addi(5, 0, -1), A.sw(5, 0, -4), A.lw(6, 0, -4)] + A.li(7, 0xFFFF_FFFF)
            + [A.i(3, 4, 8, 7, 1), A.s(0, 7, 5, 2), A.i(3, 4, 9, 0, 1)]
        let run = try run(program(code + A.halt))
        #expect(run.exit == .halted(code: 0))
        #expect(run.registers[6] == 0xFFFF_FFFF && run.registers[8] == 0 && run.registers[9] == 0xFF)
        #expect(run.word(at: 0xFFFF_FFFC) == 0xFFFF_FFFF && run.word(at: 0) == 0xFF00)
    }

    struct BranchCase: Sendable, CustomTestStringConvertible {
        let name: String
        let funct3: Int
        let taken: @Sendable (_ a: UInt32, _ b: UInt32) -> Bool
        var testDescription: String { name }
    }

    static let branchCases = [
        BranchCase(name: "beq", funct3: 0) { $0 == $1 }, BranchCase(name: "bne", funct3: 1) { $0 != $1 },
        BranchCase(name: "blt", funct3: 4) { Int32(bitPattern: $0) < Int32(bitPattern: $1) },
        BranchCase(name: "bge", funct3: 5) { Int32(bitPattern: $0) >= Int32(bitPattern: $1) },
        BranchCase(name: "bltu", funct3: 6) { $0 < $1 }, BranchCase(name: "bgeu", funct3: 7) { $0 >= $1 },
    ]

    @Test(arguments: branchCases) func branches(branch: BranchCase) throws {
        var code: [UInt32] = [], expected: UInt32 = 0
        for a in Self.corners {
            for b in Self.corners {
                // Forward over an addition to a0.
                code += A.li(5, a) + A.li(6, b) + [A.b(branch.funct3, 5, 6, 8), A.addi(10, 10, 1)]
                if !branch.taken(a, b) { expected += 1 }
            }
        }
        #expect(try run(program(code + A.halt)).exit == .halted(code: expected))
    }

    /// Branches and jumps at the ends of their ranges, forwards and backwards.
    @Test func ranges() throws {
        let landing = A.halt
        for (offset, instruction) in [
            (4094 & ~3, A.b(0, 0, 0, 4092)), (-4096, A.b(0, 0, 0, -4096)), (1_048_572, A.j(1, 1_048_572)),
            (-1_048_576, A.j(1, -1_048_576)), (2044, A.jalr(1, 9, 2044)), (-2048, A.jalr(1, 9, -2048)),
        ] {
            let base: UInt32 = 0x40_0000
            let target = UInt32(Int(base) + 8 + offset)
            let code = pages(A.li(9, base + 8) + [instruction], at: base, kind: .code)
            var all = Dictionary(uniqueKeysWithValues: code.map { ($0.index, $0) })
            for page in pages(landing, at: target, kind: .code) { all[page.index] = page }
            let run = try run(Program(entry: base, pages: all.values.sorted { $0.index < $1.index }))
            #expect(run.exit == .halted(code: 0), "offset \(offset)")
            #expect(run.programCounter == target + 4)
        }
    }

    @Test func jumpsLinkAndClearBitZero() throws {
        // The target is worked out before rd = rs1 is written, and its bit 0 is cleared.
        let code = A.li(5, codeBase + 17) + [A.jalr(5, 5, 0), A.ebreak] + [A.j(0, 8), A.ebreak] + A.halt
        let run = try run(program(code))
        #expect(run.exit == .halted(code: 0) && run.registers[5] == codeBase + 12)
    }

    @Test func calls() throws {
        let code = A.call(1) + [A.addi(5, 10, 0)] + A.call(1) + [A.addi(6, 10, 0)] + A.call(1) + [A.addi(7, 10, 0)]
        let run = try run(program(code + A.call(2) + A.halt), inputs: [77, 0xFFFF_FFFF])
        #expect(run.registers[5] == 77 && run.registers[6] == 0xFFFF_FFFF && run.registers[7] == 0)
        // The count is of the cycles before the call's own.
        #expect(run.exit == .halted(code: 10) && run.cycles == 13)
    }

    @Test func fencesDoNothing() throws {
        let code: [UInt32] = [A.fence, 0x0000_000F, 0x8330_000F, 0xFFFF_8F8F]
        let run = try run(program(code + A.halt))
        #expect(run.exit == .halted(code: 0) && run.cycles == 6 && run.registers.allSatisfy { $0 == 0 })
    }
}
