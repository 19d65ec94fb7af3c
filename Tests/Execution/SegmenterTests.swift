import Execution
import Hashing
import Machine
import Oracles
import Testing

private typealias A = Assembler

@Suite struct SegmenterTests {
    /// A loop that hashes its counter into 32 pages of data, reads input, and writes a journal of one word.
    static func example(turns: UInt32) -> Program {
        let loop: [UInt32] = [
            A.addi(17, 0, 1), A.ecall, A.r(0, 4, 6, 6, 10), A.i(0x13, 1, 7, 6, 13), A.r(0, 4, 6, 6, 7),
            A.i(0x13, 5, 7, 6, 17), A.r(0, 4, 6, 6, 7), A.r(1, 0, 8, 6, 5), A.r(1, 7, 9, 8, 5),
            A.i(0x13, 7, 11, 6, 31), A.i(0x13, 1, 11, 11, 10), A.r(0, 0, 11, 11, 3), A.sw(8, 11, 0),
            A.i(0x13, 1, 12, 9, 0), A.addi(5, 5, -1),
        ]
        let start = A.li(3, dataBase) + A.li(5, turns) + A.li(6, 1)
        let end =
            [A.b(1, 5, 0, -4 * loop.count)] + A.li(13, 0xC000_0000) + [
                A.addi(14, 0, 4), A.sw(6, 13, 4), A.sw(14, 13, 0),
            ]
            + [A.addi(10, 0, 5)] + A.halt
        return program(start + loop + end)
    }

    static func segments(
        _ program: Program, _ input: InputStream, limitLog: Int
    ) throws -> (steps: [Segmenter.Step], journal: [UInt8]) {
        let segmenter = try Segmenter(program: program, input: input, limitLog: limitLog)
        var steps: [Segmenter.Step] = []
        while steps.count < 1000, let step = segmenter.next() { steps.append(step) }
        return (steps, segmenter.journal)
    }

    @Test(arguments: [13, 14, 16]) func segmentsChainAndReproduce(limitLog: Int) throws {
        let program = Self.example(turns: 4000)
        let input = InputStream(words: (0..<3000).map { $0 &* 2_654_435_761 })
        let plain = try run(program, inputs: input.words)
        let (steps, journal) = try Self.segments(program, input, limitLog: limitLog)
        #expect(steps.count == (Int(plain.cycles) + (1 << limitLog) - 1) >> limitLog)
        #expect(journal == plain.journal && journal.count == 4)
        var state = program.initialState, cycle: UInt64 = 0, inputs: [UInt32] = []
        for (number, step) in steps.enumerated() {
            let segment = step.segment
            #expect(segment.index == UInt32(number) && segment.limitLog == limitLog)
            #expect(segment.before == state && segment.firstCycle == cycle)
            #expect(segment.cycles == 1 << UInt32(limitLog) || number == steps.count - 1)
            let decoded = try Segment(decoding: segment.encoded())
            #expect(decoded == segment)
            let replay = try Replay(segment: decoded)
            #expect(replay.forecast == step.forecast)
            state = segment.after
            cycle += UInt64(segment.cycles)
            inputs += segment.inputs
        }
        #expect(cycle == plain.cycles && steps.last?.segment.exit == plain.exit)
        #expect(inputs == (0..<4000).map { $0 < 3000 ? input.words[$0] : 0 })
        #expect(state.registers == plain.registers && state.programCounter == plain.programCounter)
    }

    @Test func sameBytesEveryTime() throws {
        let input = InputStream(bytes: Array(0..<200))
        let runs = try (0..<2).map { _ in
            try Self.segments(Self.example(turns: 3000), input, limitLog: 13).steps.map { $0.segment.encoded() }
        }
        #expect(runs[0] == runs[1])
    }

    /// Nothing of a segment may be left out or changed without the replay noticing.
    @Test func aChangedSegmentDoesNotReplay() throws {
        let steps = try Self.segments(Self.example(turns: 2000), InputStream(words: [1, 2, 3]), limitLog: 13).steps
        let segment = steps[1].segment
        func refused(_ what: String, _ change: (inout Segment) -> Void) {
            var other = segment
            change(&other)
            #expect(throws: ReplayError.self, "\(what)") { try Replay(segment: other) }
        }
        refused("cycles") { $0.cycles -= 1 }
        refused("content") { $0.contents[3] ^= 1 }
        refused("register") { $0.before.registers[5] ^= 1 }
        refused("register after") { $0.after.registers[6] ^= 1 }
        refused("pc") { $0.before.programCounter += 4 }
        refused("pc after") { $0.after.programCounter += 4 }
        refused("root after") { $0.after.memoryRoot.words[0] ^= 1 }
        refused("root before") { $0.before.memoryRoot.words[0] ^= 1 }
        refused("exit") { $0.exit = .halted(code: 0) }
        refused("one input more") { $0.inputs.append(1) }
        refused("one input less") { $0.inputs.removeLast() }
        refused("input") { $0.inputs[0] ^= 1 }
        refused("a page less") { other in
            other.pages.removeLast()
            other.contents.removeLast(256)
        }
    }

    /// The forecast counts what the naive machine sees.
    @Test func forecastsCountRowsAndPages() throws {
        let program = Self.example(turns: 300)
        let step = try #require(try Self.segments(program, InputStream(words: [5]), limitLog: 13).steps.first)
        var machine = naive(program, inputs: [5])
        while machine.outcome == .running { machine.step() }
        let forecast = step.forecast
        #expect(forecast.touchedPages == machine.touched.count)
        #expect(step.segment.pages.map(\.index) == machine.touched.sorted())
        let count = { (names: String...) in names.reduce(0) { $0 + (machine.executed[$1] ?? 0) } }
        #expect(forecast[.addi] == count("addi") && forecast[.xor] == count("xor"))
        #expect(forecast[.slli] == count("slli") && forecast[.srliSrai] == count("srli", "srai"))
        #expect(forecast[.mul] == count("mul") && forecast[.divide] == count("remu"))
        #expect(forecast[.readInput] == 300 && forecast[.halt] == 1 && forecast[.beqBne] == count("bne"))
        #expect(forecast[.constant] == count("lui", "auipc", "jal") && forecast[.sw] == count("sw"))
        #expect(TableKind.allCases.filter(\.isCycle).reduce(0) { $0 + forecast[$1] } == Int(machine.cycle))
        // Offers: every fetch is offered once; 2^k at a time in table k.
        let offered = (0..<TableKind.countBits).reduce(0) { $0 + forecast[.offer($1)] << $1 }
        #expect(offered == Int(machine.cycle))
        #expect(forecast[.epoch] == Int(machine.cycle - 1) / 256)
        // Data pages were empty; one page is code.
        let changed = Set(
            machine.memory.filter { $0.value != 0 && $0.key / 256 != codeBase / 1024 }.map { $0.key / 256 })
        #expect(changed.count > 5 && forecast.dirtyPages == changed.count)
        #expect(forecast[.pageZero] == changed.count && forecast[.pageDirty] == 0)
        #expect(forecast[.pageClean] == machine.touched.count - changed.count)
        #expect(forecast[.blake3] == forecast[.openNode] + forecast[.closeNode] + 16 * machine.touched.count + 4)
        #expect(forecast[.drop] == step.segment.opening.count)
    }

    /// The trace has the rows that were foreseen; of `refresh` at most so many. So the prover's class is never too small.
    @Test func tracesAreAsForeseen() throws {
        var steps = try Self.segments(Self.example(turns: 3000), InputStream(words: [5, 6]), limitLog: 13).steps
        for example in FaultTests.cases {
            steps += try Self.segments(program(example.code), .empty, limitLog: 13).steps
        }
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20 {
            steps += try Self.segments(RandomProgramTests.random(&generator, length: 90), .empty, limitLog: 13).steps
        }
        for step in steps {
            let heights = try Trace(step.segment).heights
            for table in TableKind.allCases {
                let foreseen = step.forecast[table], rows = heights[table.rawValue]
                #expect(
                    table == .refresh ? rows <= foreseen : rows == foreseen, "\(table): \(rows), foreseen \(foreseen)")
            }
        }
    }

    /// Stores to a new page in every third cycle outgrow the class long before the cycle limit.
    @Test(arguments: [13, 15]) func segmentsEndWhereTheWitnessWouldOutgrowTheirClass(limitLog: Int) throws {
        let loop: [UInt32] = [A.sw(5, 3, 0), A.r(0, 0, 3, 3, 6), A.addi(5, 5, -1)]
        let start = A.li(3, dataBase) + A.li(6, 1024) + [A.addi(5, 0, 1200)]
        let program = program(start + loop + [A.b(1, 5, 0, -12)] + A.halt)
        let steps = try Self.segments(program, .empty, limitLog: limitLog).steps
        #expect(steps.count > 1)
        var state = program.initialState, cycles: UInt64 = 0
        for step in steps {
            #expect(step.forecast.fits(limitLog: limitLog))
            #expect(step.segment.before == state && step.segment.firstCycle == cycles)
            _ = try Replay(segment: step.segment)
            state = step.segment.after
            cycles += UInt64(step.segment.cycles)
        }
        #expect(cycles == (try run(program)).cycles)
    }

    @Test func aMisalignedFetchTouchesNothing() throws {
        // The jump is the last cycle of a segment of 2^13, the fault the only one of the next.
        let turns = ((1 << 13) - 4) / 2
        let code = A.li(3, UInt32(turns)) + [A.addi(3, 3, -1), A.b(1, 3, 0, -4), A.addi(0, 0, 0), A.j(0, 2)]
        let steps = try Self.segments(program(code), .empty, limitLog: 13).steps
        let last = try #require(steps.last)
        #expect(steps.count == 2 && last.segment.pages.isEmpty && last.segment.cycles == 1)
        #expect(last.segment.exit == .faulted(.misalignedFetch))
        #expect(last.forecast[.faultPC] == 1 && last.forecast[.keep] == 1 && last.forecast[.drop] == 1)
        #expect(last.forecast[.openNode] == 0 && last.forecast[.blake3] == 4)
        let decoded = try Segment(decoding: last.segment.encoded())
        _ = try Replay(segment: decoded)
    }

    @Test func faultsAreSegmentsToo() throws {
        for example in FaultTests.cases {
            let steps = try Self.segments(program(example.code), .empty, limitLog: 13).steps
            let segment = try #require(steps.last).segment
            #expect(segment.exit == .faulted(example.fault), "\(example.name)")
            _ = try Replay(segment: segment)
            let rows = steps[0].forecast
            #expect(
                TableKind.allCases.filter(\.isCycle).reduce(0) { $0 + rows[$1] } == Int(segment.cycles),
                "\(example.name)")
        }
    }

    @Test func otherLimitsAreRefused() throws {
        for limit in [0, 12, 25, -1] {
            #expect(throws: ExecutionError.limit(limit)) {
                try Segmenter(program: Self.example(turns: 1), input: .empty, limitLog: limit)
            }
        }
    }

    @Test func printingIsShownAndIsNoOutput() throws {
        // 3000 bytes, one at a time, each with its total: byte n at 4 + n mod 1020.
        let store: [UInt32] = [
            A.r(1, 7, 7, 5, 6), A.r(0, 0, 7, 7, 3), A.s(0, 7, 5, 4), A.addi(5, 5, 1), A.sw(5, 3, 0),
        ]
        let start = A.li(3, 0xD000_0000) + [A.addi(5, 0, 0)] + A.li(6, 1020) + A.li(8, 3000)
        let program = program(start + store + [A.b(1, 5, 8, -4 * store.count)] + A.halt)
        let expected = (0..<3000).map { UInt8(truncatingIfNeeded: $0) }
        let plain = try PlainRun(program: program, input: .empty)
        #expect(plain.run() == expected && plain.journal.isEmpty)
        let steps = try Self.segments(program, .empty, limitLog: 13).steps
        #expect(steps.count > 1 && steps.flatMap(\.printed) == expected)
        for step in steps { _ = try Replay(segment: step.segment) }
    }
}
