import Execution
import Machine
import Oracles
import Testing

private typealias A = Assembler

/// Every instruction behind every other, with registers that overlap in every way: the loop may take two in one turn, and
/// that must not show.
@Suite struct PairTests {
    /// Registers of an instruction; loads and stores have `base` in the place of the first source.
    struct Registers: Sendable {
        var rd: Int
        var rs1: Int
        var rs2: Int
        var base: Int
    }

    static let instructions: [@Sendable (Registers) -> UInt32] = {
        var all: [@Sendable (Registers) -> UInt32] = []
        for funct3 in 0..<8 {
            all.append { A.r(0, funct3, $0.rd, $0.rs1, $0.rs2) }
            all.append { A.r(1, funct3, $0.rd, $0.rs1, $0.rs2) }
            let immediate = funct3 == 1 || funct3 == 5 ? 13 : -77
            all.append { A.i(0x13, funct3, $0.rd, $0.rs1, immediate) }
        }
        for funct3 in [0, 5] { all.append { A.r(32, funct3, $0.rd, $0.rs1, $0.rs2) } }
        all.append { A.i(0x13, 5, $0.rd, $0.rs1, 1024 | 7) }
        all.append { A.u(0x37, $0.rd, 0x7654_3000) }
        all.append { A.u(0x17, $0.rd, 0x7654_3000) }
        for funct3 in [0, 1, 2, 4, 5] { all.append { A.i(3, funct3, $0.rd, $0.base, 8) } }
        for funct3 in 0..<3 { all.append { A.s(funct3, $0.base, $0.rs2, 8) } }
        for funct3 in [0, 1, 4, 5, 6, 7] { all.append { A.b(funct3, $0.rs1, $0.rs2, 8) } }
        all.append { A.j($0.rd, 8) }
        return all
    }()

    /// x3 points to data, x4 between two of its words.
    static let overlaps: [(Registers, Registers)] = [
        (Registers(rd: 5, rs1: 6, rs2: 7, base: 3), Registers(rd: 8, rs1: 9, rs2: 10, base: 3)),
        (Registers(rd: 5, rs1: 6, rs2: 7, base: 3), Registers(rd: 8, rs1: 5, rs2: 9, base: 3)),
        (Registers(rd: 5, rs1: 6, rs2: 7, base: 3), Registers(rd: 8, rs1: 9, rs2: 5, base: 3)),
        (Registers(rd: 5, rs1: 5, rs2: 6, base: 3), Registers(rd: 5, rs1: 5, rs2: 5, base: 3)),
        (Registers(rd: 0, rs1: 6, rs2: 7, base: 3), Registers(rd: 6, rs1: 0, rs2: 7, base: 3)),
        (Registers(rd: 6, rs1: 7, rs2: 7, base: 3), Registers(rd: 7, rs1: 6, rs2: 6, base: 3)),
    ]

    private static func start(_ generator: inout SeededGenerator) -> [UInt32] {
        let corners = InstructionTests.corners
        return A.li(3, dataBase + 512) + [A.addi(4, 3, 2)]
            + (5..<11).flatMap { A.li($0, corners[Int.random(in: 0..<corners.count, using: &generator)]) }
    }

    private func agrees(_ code: [UInt32], _ what: String) throws {
        let example = program(code + A.halt, data: (0..<256).map { $0 &* 0x9E37_79B9 })
        let fast = try run(example, limit: 40_000)
        var slow = naive(example)
        while slow.outcome == .running && slow.cycle < 40_000 { slow.step() }
        try #require(slow.outcome != .running)
        #expect(fast.exit == Exit(slow.outcome) && fast.cycles == slow.cycle, "\(what)")
        #expect(fast.programCounter == slow.pc && fast.registers == slow.x, "\(what)")
        #expect(slow.memory.allSatisfy { fast.word(at: 4 * $0) == $1 }, "\(what)")
    }

    @Test func everyPairIsItsTwoInstructions() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("pairs: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for (first, make) in Self.instructions.enumerated() {
            var code = Self.start(&generator)
            for other in Self.instructions {
                for (one, two) in Self.overlaps {
                    // `fence` keeps what stands before from being the first of a pair; a branch that is taken goes behind
                    // the second, or behind the instruction that follows it.
                    code += (5..<9).flatMap { A.li($0, UInt32.random(in: 0...UInt32.max, using: &generator)) }
                    code += [A.fence, make(one), other(two), A.addi(11, 11, 1), A.fence]
                    // All that may have been written goes into x11, so that nothing is lost to what comes later.
                    for register in 5..<9 {
                        code += [A.i(0x13, 1, 12, 11, 5), A.r(0, 0, 11, 11, 12), A.r(0, 4, 11, 11, register)]
                    }
                    code += [A.lw(12, 3, 8), A.r(0, 4, 11, 11, 12)]
                }
            }
            try agrees(code, "first \(first)")
        }
    }

    /// The first is done, the second is not, whichever of the two it is that faults.
    @Test func aFaultIsThatOfItsInstruction() throws {
        var generator = SeededGenerator(seed: 7)
        let good = Registers(rd: 5, rs1: 6, rs2: 7, base: 3), bad = Registers(rd: 5, rs1: 6, rs2: 7, base: 4)
        for (number, make) in Self.instructions.enumerated() {
            for funct3 in [1, 2, 5] {
                let load: UInt32 = A.i(3, funct3, 8, 4, 9), store = A.s(funct3 & 3, 4, 8, 9)
                for other in [load, store] {
                    try agrees(Self.start(&generator) + [make(good), other, A.fence], "second faults, \(number)")
                    try agrees(Self.start(&generator) + [make(bad), other, A.fence], "one of two faults, \(number)")
                }
            }
        }
    }
}
