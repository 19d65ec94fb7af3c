import Hashing
import Machine
import Oracles
import Tables
import Testing

/// A second model of each instruction, from the specification: at corner and random operands the rows push the state,
/// the register and the memory word that it says, and with any bit flipped a row is
/// refused, or pulls something else.
@Suite struct InstructionTests {
    private static let corners: [UInt32] = [
        0, 1, 2, 31, 32, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001,
        0xFFFF_FFFE, 0xFFFF_FFFF, 0x1234_5678, 0xDEAD_BEEF, 0x5555_5555,
    ]

    /// Straight-line code that tries every instruction on every pair.
    private static func program(_ pairs: [(UInt32, UInt32)]) -> TestProgram {
        typealias A = Assembler
        var code = A.li(9, TestProgram.dataBase)
        for (n, (x, y)) in pairs.enumerated() {
            code += A.li(5, x) + A.li(6, y)
            for f3 in 0..<8 { code += [A.r(0, f3, 7, 5, 6), A.r(1, f3, 7, 5, 6)] }
            code += [A.r(32, 0, 7, 5, 6), A.r(32, 5, n % 3 == 0 ? 0 : 7, 5, 6)]
            for f3 in [0, 2, 3, 4, 6, 7] { code.append(A.i(0x13, f3, 7, 5, Int(y & 0xFFF))) }
            let amount = Int(y & 31)
            code += [A.i(0x13, 1, 7, 5, amount), A.i(0x13, 5, 7, 5, amount), A.i(0x13, 5, 7, 5, 1024 | amount)]
            for f3 in [0, 1, 4, 5, 6, 7] { code += [A.b(f3, 5, 6, 8), A.addi(8, 8, 1)] }
            code += [A.u(0x37, 7, Int(x)), A.u(0x17, 7, Int(x)), A.j(1, 8), A.fence]
            code += [A.u(0x17, 4, 0), A.jalr(1, 4, 8 | n & 1), A.fence]
            let offset = 4 * (n % 16)
            code += [A.sw(6, 9, offset), A.s(1, 9, 5, offset + (n & 2)), A.s(0, 9, 5, offset + (n & 3))]
            for f3 in [0, 1, 2, 4, 5] {
                let part = f3 & 3
                code.append(A.i(3, f3, 7, 9, offset + (part == 0 ? n & 3 : part == 1 ? n & 2 : 0)))
            }
        }
        return TestProgram(
            name: "pairs", code: code + A.call(1) + A.call(2) + A.halt, data: (0..<16).map { $0 &* 0x9E37_79B9 })
    }

    private static func pairs() -> [(UInt32, UInt32)] {
        var generator = SeededGenerator(seed: 3)
        let random = (0..<100).map { _ in
            (UInt32(truncatingIfNeeded: generator.next()), UInt32(truncatingIfNeeded: generator.next()))
        }
        return corners.flatMap { x in corners.map { (x, $0) } } + random
    }

    /// What the specification says of one cycle.
    private struct Step {
        var pc: UInt32
        var registers: [UInt32]
        var memory: [UInt32: UInt32]
    }

    @Test func rowsSendWhatTheSpecificationSays() throws {
        var builder = SegmentBuilder(InstructionTests.program(InstructionTests.pairs()))
        var steps: [Step] = []
        let data = TestProgram.dataBase / 4..<TestProgram.dataBase / 4 + 16
        let segment = builder.next(limit: 1 << 20) { machine in
            let words = machine.memory.filter { data.contains($0.key) }
            steps.append(Step(pc: machine.pc, registers: machine.x, memory: words))
        }
        #expect(builder.machine.outcome != .running && steps.count > 25_000)
        let filled = try FilledTrace(segment)
        var (seen, forged) = (0, 0)
        for kind in TableKind.allCases where kind.isCycle {
            let table = MachineTables.standard[kind]
            var forger = PostStateForger(table)
            for r in 0..<filled.heights[kind.rawValue] {
                let row = filled.witness.row(r, of: kind.rawValue)
                #expect(table.constraints.allSatisfy { $0.broken(on: row.span) == 0 }, "\(table.name) row \(r)")
                check(table, row, steps)
                seen += 1
                if r % 97 == 0 { everyBitCounts(table, row) }
                if r % 499 == 0 { forger.refusesEveryOther(than: row) }
            }
            forged += forger.tried
        }
        #expect(seen == steps.count && forged > 2000, "\(forged)")
    }

    /// The pushed state, rd and memory word against the model's, bit for bit.
    private func check(_ table: Table, _ row: [UInt32], _ steps: [Step]) {
        let pushes = table.pushes.map { DebugChecker.content(of: $0, on: row) }
        let pulls = table.pulls.map { DebugChecker.content(of: $0, on: row) }
        guard let pulled = pulls.first(where: { $0[3] == 1 << 26 }),
            let pushed = pushes.first(where: { $0[3] == 1 << 26 })
        else {
            Issue.record("\(table.name) passes no state on")
            return
        }
        let cycle = Int(pulled[2] >> 9 - 1) * 256 + Int(pulled[2] & 511)
        let (before, after) = (cycle == 0 ? nil : steps[cycle - 1], steps[cycle])
        #expect(pulled[0] == before?.pc ?? TestProgram.codeBase)
        #expect(pushed[0] == after.pc, "\(table.name)")
        #expect(pushed[2] & ones(26) == pulled[2] + 1)
        // The last access of a row decides: rd may be a register that was read.
        var registers: [UInt32: UInt32] = [:]
        for message in pushes where message[3] == 2 << 26 && message[0] < 32 { registers[message[0]] = message[1] }
        for (number, value) in registers {
            #expect(value == after.registers[Int(number)], "\(table.name) cycle \(cycle): x\(number)")
        }
        for message in pulls where message[3] == 2 << 26 && message[0] < 32 {
            #expect(message[1] == before?.registers[Int(message[0])] ?? 0, "\(table.name) cycle \(cycle)")
        }
        for message in pushes where message[3] == 3 << 26 {
            #expect(message[0] & 3 == 1)
            #expect(message[1] == after.memory[message[0] / 4] ?? 0, "\(table.name) cycle \(cycle)")
        }
        // What changed was pushed: no register but those of the messages differs.
        for number in 0..<32 where before?.registers[number] ?? 0 != after.registers[number] {
            #expect(registers[UInt32(number)] != nil, "\(table.name) cycle \(cycle): x\(number) changes unseen")
        }
    }

    /// With any bit of any field flipped a row is refused, or pulls something else: for what it pulls, no other result,
    /// next pc or memory word can be pushed. The word that `read_input` gives is free.
    private func everyBitCounts(_ table: Table, _ row: [UInt32]) {
        var row = row
        let pulls = table.pulls.map { DebugChecker.content(of: $0, on: row) }
        for field in table.fields where field.name != "input" {
            for piece in field.pieces {
                for bit in piece.offset..<piece.offset + piece.count {
                    row[piece.word] ^= 1 << UInt32(bit)
                    let isRefused =
                        table.constraints.contains { $0.broken(on: row.span) != 0 }
                        || zip(table.pulls, pulls).contains { DebugChecker.content(of: $0, on: row) != $1 }
                    #expect(isRefused, "\(table.name): \(field.name) word \(piece.word) bit \(bit)")
                    row[piece.word] ^= 1 << UInt32(bit)
                }
            }
        }
    }

    /// Quotient and remainder are guesses: wrong ones, with everything else made to fit, are refused; but for REM by
    /// zero, whose quotient nothing reads.
    @Test func wrongQuotientsAreRefused() throws {
        let table = MachineTables.standard[.divide]
        let order = HintOrder(of: table, known: ["quotient", "remainder"])
        func field(_ name: String) -> Field { table.fields.first { $0.name == name }! }
        let (quotient, remainder) = (field("quotient"), field("remainder"))
        var tried = 0
        for f3 in 4..<8 {
            for x in InstructionTests.corners {
                for y in InstructionTests.corners {
                    let row = divideRow(table, order, f3: f3, x, y)
                    let (q, r) = (quotient.value(on: row), remainder.value(on: row))
                    let den = f3 & 1 == 0 && y >> 31 == 1 ? 0 &- y : y
                    let guesses = [
                        (q &+ 1, r &- den), (q &- 1, r &+ den), (q ^ 1 << 31, r), (q, r ^ 1),
                        (q &+ 1 << 16, r &- den << 16), (0 &- q, r), (q, den), (UInt32.max, UInt32.max), (0, x),
                    ]
                    for (q2, r2) in guesses where (q2, r2) != (q, r) {
                        let forged = divideRow(table, order, f3: f3, x, y, guess: (q2, r2))
                        let isRefused = table.constraints.contains { $0.broken(on: forged.span) != 0 }
                        let isSame = result(table, forged) == result(table, row)
                        #expect(isRefused || isSame && y == 0, "\(f3) \(x) \(y): \(q2) \(r2)")
                        tried += 1
                    }
                }
            }
        }
        #expect(tried > 10_000)
    }

    private func divideRow(
        _ table: Table, _ order: HintOrder, f3: Int, _ x: UInt32, _ y: UInt32, guess: (UInt32, UInt32)? = nil
    ) -> [UInt32] {
        let num = f3 & 1 == 0 && x >> 31 == 1 ? 0 &- x : x
        let den = f3 & 1 == 0 && y >> 31 == 1 ? 0 &- y : y
        let honest = den == 0 ? (f3 & 1 == 0 && x >> 31 == 1 ? 1 : UInt32.max, num) : (num / den, num % den)
        let values: [String: UInt32] = [
            "epoch": 3, "position": 0x75, "unsigned": UInt32(f3 & 1), "isRemainder": UInt32(f3 >> 1 & 1), "value1": x,
            "value2": y, "rs1": 5, "rs2": 6, "rd": 7, "rs1Position": 0x74, "rs1Slot": 3, "rs2Position": 0x75,
            "rs2Slot": 1,
            "quotient": (guess ?? honest).0, "remainder": (guess ?? honest).1,
        ]
        var row = [UInt32](repeating: 0, count: table.width)
        for field in table.fields { values[field.name].map { field.write($0, to: &row) } }
        order.solve(&row)
        if guess == nil { #expect(table.constraints.allSatisfy { $0.broken(on: row.span) == 0 }) }
        return row
    }

    /// The value pushed for rd, slot 2.
    private func result(_ table: Table, _ row: [UInt32]) -> UInt32? {
        table.pushes.map { DebugChecker.content(of: $0, on: row) }.last { $0[3] == 2 << 26 }?[1]
    }

    /// A word is accepted by one class or provably illegal, never both, never neither.
    @Test func everyWordHasOneClassOrNone() throws {
        let tables = MachineTables.standard
        var accepts: [(name: String, fixed: UInt32, bits: UInt32)] = []
        for kind in TableKind.allCases where kind.isCycle && !"\(kind)".hasPrefix("fault") {
            for message in tables[kind].pulls where message.words[3].constant == 8 << 26 {
                let fixed = (2..<32).filter { message.words[2].sources(at: $0).isEmpty }.reduce(UInt32(0)) {
                    $0 | 1 << UInt32($1)
                }
                accepts.append((tables[kind].name, fixed, message.words[2].constant & fixed))
            }
        }
        let fault = tables[.faultFetch]
        let order = HintOrder(of: fault)
        var generator = SeededGenerator(seed: 5)
        let opcodes: [UInt32] = [0x37, 0x17, 0x6F, 0x67, 0x63, 3, 0x23, 0x13, 0x33, 0x0F, 0x73]
        for n in 0..<4000 {
            let random = UInt32(truncatingIfNeeded: generator.next())
            let opcode = n % 12 == 11 ? random & 127 : opcodes[n % 12]
            let top: UInt32 = [0, 0, 1, 32, random >> 25][Int(generator.next() % 5)]
            var word = opcode | random & ones(25) & ~127 | top << 25
            if n % 37 == 0 {
                word = [0x73, 0x10_0073, 0x73 ^ 1 << (random & 31), 0x10_0073 ^ 1 << (random & 31)][n / 37 % 4]
            }
            let name = NaiveMachine.mnemonic(of: word)
            let isIllegal = name == nil || name == "ebreak"
            var classes = Set(accepts.filter { word & $0.fixed == $0.bits && word & 3 == 3 }.map(\.name))
            if word >> 12 & 3 == 0 { classes.remove("mulh") }
            if word == 0x73 { classes = ["ecall"] }
            if word & 127 == 0x63 { classes = word >> 13 & 3 == 1 ? [] : ["branch"] }
            if [0x37, 0x17, 0x6F].contains(word & 127) { classes = ["constant"] }
            var row = [UInt32](repeating: 0, count: fault.width)
            for field in fault.fields {
                let values: [String: UInt32] = ["epoch": 3, "position": 5, "pc": 0x4000, "word": word]
                values[field.name].map { field.write($0, to: &row) }
            }
            order.solve(&row)
            let isProvable = fault.constraints.allSatisfy { $0.broken(on: row.span) == 0 }
            #expect(classes.count == (isIllegal ? 0 : 1), "\(String(word, radix: 16)): \(classes)")
            #expect(isProvable == isIllegal, "\(String(word, radix: 16))")
        }
    }
}
