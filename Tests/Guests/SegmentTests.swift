import BinaryFields
import Execution
import Hashing
import Machine
import Oracles
import Testing

/// Every example's run, cut: the segments by themselves, one after the other, and all together.
@Suite struct SegmentTests {
    private struct Example {
        var program: Program
        var input: [UInt8]
        /// What the host computed.
        var journal: [UInt8]

        /// The example with the input that it has beside its ELF; of `spin` a million cycles.
        init(_ name: String) throws {
            let oracle = try #require(exampleOracles.first { $0.name == name })
            let inputs = try oracle.inputs(examples: BuiltGuests.examples)
            input = name == "spin" ? littleEndian(UInt32(1_000_000)) : try #require(inputs.first).bytes
            program = try Program(elf: BuiltGuests.example(name).bytes)
            journal = try oracle.journal(of: input)
        }

        func segmenter(_ limitLog: Int) throws -> Segmenter {
            try Segmenter(program: program, input: InputStream(bytes: input), limitLog: limitLog)
        }

        /// The bytes of all segments.
        func encoded(_ limitLog: Int) throws -> [[UInt8]] {
            let segmenter = try segmenter(limitLog)
            var encoded: [[UInt8]] = []
            while let step = segmenter.next() { encoded.append(step.segment.encoded()) }
            return encoded
        }
    }

    static let limits = [13, 15, 17, 19, 24]

    /// From the bytes of a segment alone its run is reproduced; each begins where the one before ended; cycles, input and
    /// journal are those of the run that was not cut.
    @Test("Segments reproduce alone, chain, and add up to the run", arguments: ExampleTests.names, limits)
    func segments(name: String, limitLog: Int) throws {
        let example = try Example(name)
        let whole = try PlainRun(program: example.program, input: InputStream(bytes: example.input))
        while whole.exit == .running { _ = whole.run() }

        let segmenter = try example.segmenter(limitLog)
        var state = example.program.initialState, cycles: UInt64 = 0, count: UInt32 = 0
        var words: [UInt32] = [], exit = Exit.running
        while let step = segmenter.next() {
            #expect(exit == .running)
            let segment = try Segment(decoding: step.segment.encoded())
            #expect(segment == step.segment && segment.index == count && segment.limitLog == limitLog)
            #expect(segment.before == state && segment.firstCycle == cycles)
            #expect(segment.cycles <= 1 << UInt32(limitLog) && segment.cycles > 0)
            #expect(step.forecast.fits(limitLog: limitLog))
            let replay = try Replay(segment: segment)
            #expect(replay.forecast == step.forecast && replay.printed == step.printed)
            (state, exit) = (segment.after, segment.exit)
            words += segment.inputs
            cycles += UInt64(segment.cycles)
            count += 1
        }
        #expect(exit == .halted(code: 0) && exit == whole.exit && exit == segmenter.exit)
        #expect(cycles == whole.cycles && cycles == segmenter.cycles)
        #expect(Int(count) >= Int(cycles - 1) >> limitLog + 1)
        #expect(words == InputStream(bytes: example.input).words)
        #expect(state.registers == whole.registers && state.programCounter == whole.programCounter)
        #expect(segmenter.journal == example.journal && whole.journal == example.journal)
        try expectJournal(example.journal, in: segmenter, under: state.memoryRoot)
    }

    /// The pages of the journal's window open under the last segment's root, and hold the journal.
    private func expectJournal(_ journal: [UInt8], in segmenter: Segmenter, under root: Digest) throws {
        let first = MemoryMap.journalBase >> MemoryMap.pageShift
        let pages = Array(first...first + UInt32((4 + journal.count - 1) / MemoryMap.pageBytes))
        let (words, digests) = segmenter.open(pages: pages)
        let contents = MemoryHash.pages(words, kinds: pages.map { _ in .data })
        #expect(try PartialMemoryTree(pages: pages, digests: contents, opening: digests).root == root)
        let bytes = words.flatMap { littleEndian($0) }
        #expect(words[0] == UInt32(journal.count) && Array(bytes[4..<4 + journal.count]) == journal)
    }

    /// Run after run, with one thread or several, and while other runs are under way.
    @Test("The same input gives the same bytes", arguments: ExampleTests.names, [13, 17])
    func sameBytes(name: String, limitLog: Int) async throws {
        let example = try Example(name)
        let first = try example.encoded(limitLog)
        #expect(first.count >= 900_000 >> limitLog)
        let threads = Threads.count
        defer { Threads.count = threads }
        for count in [1, 2, 5] {
            Threads.count = count
            #expect(try example.encoded(limitLog) == first, "\(count) threads")
        }
        try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
            for _ in 0..<2 { group.addTask { try example.encoded(limitLog) } }
            for try await encoded in group { #expect(encoded == first) }
        }
    }
}
