import Machine
import Oracles
import Tables
import Testing

/// Random instructions over x5 to x15 with a loop around them, and random words that are mostly illegal: whatever the
/// naive machine does, rows prove it.
@Suite struct RandomProgramTests {
    @Test(arguments: 1...12) func randomLoopsBalance(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let code = RandomProgramTests.loop(&generator)
        let data = (0..<64).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
        let cuts = [Int(generator.next() % 300) + 1, Int(generator.next() % 300) + 1]
        let program = TestProgram(name: "random \(seed)", code: code, data: data, cuts: cuts)
        let segments = SegmentBuilder.segments(of: program)
        for (segment, next) in zip(segments, segments.dropFirst()) { #expect(segment.after == next.before) }
        for segment in segments {
            #expect(try FilledTrace(segment).complaints().map(\.description) == [], "seed \(seed)")
        }
    }

    @Test(arguments: 1...40) func randomWordsBalance(seed: UInt64) throws {
        var generator = SeededGenerator(seed: 1000 + seed)
        let opcodes: [UInt32] = [0x37, 0x17, 0x6F, 0x67, 0x63, 3, 0x23, 0x13, 0x33, 0x0F, 0x73]
        let code = (0..<64).map { _ -> UInt32 in
            let word = UInt32(truncatingIfNeeded: generator.next())
            return word & ~127 | opcodes[Int(generator.next() % 11)]
        }
        let registers = [0] + (1..<32).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
        let program = TestProgram(name: "words \(seed)", code: code, registers: registers)
        var builder = SegmentBuilder(program)
        let segment = builder.next(limit: 500)
        #expect(try FilledTrace(segment).complaints().map(\.description) == [], "seed \(1000 + seed)")
    }

    private static func loop(_ generator: inout SeededGenerator) -> [UInt32] {
        typealias A = Assembler
        func below(_ n: Int) -> Int { Int(generator.next() % UInt64(n)) }
        func pick() -> Int { 5 + below(11) }
        func word() -> UInt32 { UInt32(truncatingIfNeeded: generator.next()) }
        var code = A.li(3, TestProgram.dataBase) + A.li(4, 3)
        for register in 5..<16 { code += A.li(register, word()) }
        let top = code.count
        while code.count < top + 60 {
            switch below(9) {
            case 0, 1, 2:
                let funct7 = [0, 0, 1, 32][below(4)]
                let funct3 = funct7 == 32 ? [0, 5][below(2)] : below(8)
                code.append(A.r(funct7, funct3, [0, pick(), pick()][below(3)], pick(), pick()))
            case 3, 4:
                let funct3 = below(8)
                let isShift = funct3 == 1 || funct3 == 5
                let amount = below(32) | (funct3 == 5 && below(2) == 1 ? 1024 : 0)
                code.append(A.i(0x13, funct3, pick(), pick(), isShift ? amount : below(4096)))
            case 5:
                let funct3 = [0, 1, 2, 4, 5][below(5)]
                code.append(A.i(3, funct3, pick(), 3, below(64) << [0, 1, 2, 0, 0, 1][funct3]))
            case 6:
                let funct3 = below(3)
                code.append(A.s(funct3, 3, pick(), below(64) << funct3))
            case 7: code.append(A.b([0, 1, 4, 5, 6, 7][below(6)], pick(), pick(), 8))
            default:
                code.append([A.u(0x17, pick(), Int(word())), A.j(pick(), 8), A.u(0x37, pick(), Int(word()))][below(3)])
            }
        }
        code += [A.fence, A.addi(4, 4, -1)]
        return code + [A.b(1, 4, 0, 4 * (top - code.count))] + A.halt
    }
}
