import Execution
import Foundation
import Machine
import Oracles
import Testing

private typealias A = Assembler

/// Random instruction sequences on both machines: each difference is a mistake of one of them.
@Suite struct RandomProgramTests {
    static let isHeavy = ProcessInfo.processInfo.environment["SHEAF_HEAVY"] != nil

    /// A loop of random instructions over x5 to x15, with x3 pointing to a page of data and x4 counting down. One in eight
    /// programs also holds an instruction that ends it, or a word of any kind.
    static func random(_ random: inout SeededGenerator, length: Int) -> Program {
        func pick(_ values: Int...) -> Int { values[Int.random(in: 0..<values.count, using: &random)] }
        func any() -> Int { Int.random(in: 5..<16, using: &random) }
        func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
        let corners = InstructionTests.corners
        var code = A.li(3, dataBase + 512) + [A.addi(4, 0, pick(1, 3, 40))]
        for register in 5..<16 {
            let corner = corners[below(corners.count)]
            code += A.li(
                register, Bool.random(using: &random) ? corner : UInt32.random(in: 0...UInt32.max, using: &random))
        }
        let top = code.count
        while code.count - top < length {
            switch below(12) {
            case 0...3:
                let funct7 = pick(0, 0, 1, 32)
                code.append(A.r(funct7, funct7 == 32 ? pick(0, 5) : below(8), pick(0, any(), any()), any(), any()))
            case 4, 5:
                let funct3 = below(8)
                let shift = below(32) | (funct3 == 5 ? pick(0, 1024) : 0)
                code.append(A.i(0x13, funct3, any(), any(), funct3 == 1 || funct3 == 5 ? shift : below(4096)))
            case 6:
                let funct3 = pick(0, 1, 2, 4, 5), size = funct3 & 3
                code.append(A.i(3, funct3, pick(0, any()), 3, ((below(1024) - 512) >> size) << size))
            case 7:
                let size = below(3)
                code.append(A.s(size, 3, any(), ((below(1024) - 512) >> size) << size))
            case 8, 9: code.append(A.b(pick(0, 1, 4, 5, 6, 7), any(), any(), pick(4, 8, 12)))
            case 10: code += A.call(pick(1, 2))
            default:
                code.append(
                    [
                        A.u(0x17, any(), below(1 << 31)), A.j(pick(0, any()), pick(4, 8, 12)),
                        A.u(0x37, any(), below(1 << 32)), A.fence,
                    ][
                        below(4)])
            }
        }
        if below(8) == 0 {
            let place = top + below(length)
            code[place] =
                [
                    UInt32.random(in: 0...UInt32.max, using: &random), A.ebreak, A.sw(5, 3, 2), A.lw(5, 5, 0),
                    A.jalr(1, 5, 0),
                    A.sw(5, 6, 0),
                ][below(6)]
        }
        code += [A.fence, A.fence, A.fence, A.addi(4, 4, -1)]
        code.append(A.b(1, 4, 0, 4 * (top - code.count)))
        return program(code + A.halt, data: (0..<256).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) })
    }

    @Test func bothMachinesAgree() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        let rounds = Self.isHeavy ? 20_000 : 400
        print("random programs: \(rounds) rounds, seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        var endings: Set<UInt32> = []
        for round in 0..<rounds {
            let example = Self.random(&generator, length: 20 + round % 200)
            let inputs: [UInt32] = [7, 8, 9]
            let fast = try run(example, inputs: inputs, limit: 20_000)
            var slow = naive(example, inputs: inputs)
            while slow.outcome == .running && slow.cycle < 20_000 { slow.step() }
            try #require(fast.exit == Exit(slow.outcome), "round \(round)")
            try #require(fast.cycles == slow.cycle && fast.programCounter == slow.pc, "round \(round)")
            try #require(fast.registers == slow.x, "round \(round)")
            for (word, value) in slow.memory {
                try #require(fast.word(at: 4 * word) == value, "round \(round), address \(4 * word)")
            }
            endings.insert(fast.exit.status)
        }
        #expect(endings.isSuperset(of: [1, 2]))
    }

    /// Any number of cycles is run exactly, whatever superblocks lie across the limit.
    @Test func limitsAreExact() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("limits: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let example = Self.random(&generator, length: 90)
            let run = try PlainRun(program: example, input: .empty)
            var slow = naive(example)
            while run.exit == .running {
                let part = Int.random(in: 1...200, using: &generator)
                _ = run.run(cycles: part)
                for _ in 0..<part where slow.outcome == .running { slow.step() }
                try #require(run.cycles == slow.cycle && run.programCounter == slow.pc && run.registers == slow.x)
            }
        }
    }

    /// Words of every kind: the two decoders accept the same ones, as the same instruction.
    @Test func bothDecodersAgree() {
        let seed = UInt64.random(in: 0...UInt64.max)
        let rounds = Self.isHeavy ? 20_000_000 : 200_000
        print("decoder: \(rounds) rounds, seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let opcodes: [UInt32] = [0x37, 0x17, 0x6F, 0x67, 0x63, 3, 0x23, 0x13, 0x33, 0x0F, 0x73]
        var accepted: Set<Execution.Operation> = []
        for round in 0..<rounds {
            var word = UInt32.random(in: 0...UInt32.max, using: &generator)
            if round % 8 != 0 { word = word & ~0x7F | opcodes[Int(word >> 8) % opcodes.count] }
            if round % 3 == 0 { word = word & ~0xFE00_0000 | [0, 1, 0x20][Int(word >> 25) % 3] << 25 }
            if round % 16 == 1 {
                word = [0x73, 0x10_0073][Int(word >> 9 & 1)] ^ (word & 256 == 0 ? 0 : 1 << (word >> 27))
            }
            let decoded = Instruction(word: word)
            let mnemonic = NaiveMachine.mnemonic(of: word)
            guard decoded.map({ "\($0.operation)" }) == mnemonic else {
                Issue.record("\(String(word, radix: 16)): \(String(describing: decoded)), \(mnemonic ?? "illegal")")
                return
            }
            if let decoded { accepted.insert(decoded.operation) }
        }
        #expect(accepted == Set(Execution.Operation.allCases))
    }
}
