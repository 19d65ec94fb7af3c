import CZstd
import Execution
import Oracles
import Testing

/// The sort example on orders and counts beside those of its own inputs.
@Suite struct SortTests {
    /// Words of a run and runs of a merge: Examples/sort.
    private static let run = 32_768, ways = 32

    private static func random(_ count: Int, seed: UInt64) -> [UInt32] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
    }

    /// Sorts on the machine, checks the journal, gives the cycles.
    private func sort(_ words: [UInt32]) throws -> UInt64 {
        let input = words.flatMap { littleEndian($0) }
        let run = try PlainRun(
            program: Program(elf: BuiltGuests.example("sort").bytes), input: InputStream(bytes: input))
        while run.exit == .running { _ = run.run() }
        #expect(run.exit == .halted(code: 0) && run.journal == SortOracle.journal(of: input))
        return run.cycles
    }

    @Test("Orders that are hard for quicksort", arguments: 0..<6)
    func orders(shape: Int) throws {
        let words: [UInt32] = (0..<700).map { (place: UInt32) in
            switch shape {
            case 0: place
            case 1: 700 - place
            case 2: 7
            case 3: place % 2
            case 4: place < 350 ? place : 700 - place
            default: place &* 0x9E37_79B9
            }
        }
        for count in [0, 1, 2, 16, 17, 700] { _ = try sort(Array(words.prefix(count))) }
    }

    /// Of this order the median of three is always the second smallest, as an adversary (McIlroy, "A killer adversary for
    /// quicksort", 1999) finds it: quicksort alone takes 12 million cycles, 3/4 of the count's square.
    @Test("The worst order for medians of three takes n log n steps")
    func killer() throws {
        let count: UInt32 = 4000
        let words = (0..<count).map { (place: UInt32) in
            place == 0 ? 0 : place == count - 1 ? 1 : place % 2 == 1 ? place + 2 : place
        }
        let cycles = try sort(words)
        #expect(cycles < 2_000_000)
    }

    @Test(
        "One run and several, one merge and several",
        arguments: [run - 1, run, run + 1, 2 * run, 2 * run + 1, ways * run, ways * run + 1, (ways + 3) * run - 5])
    func counts(count: Int) throws {
        _ = try sort(Self.random(count, seed: UInt64(count)))
    }

    /// The largest word, which also ends a run, and few others.
    @Test("Equal words, the largest among them")
    func equalWords() throws {
        _ = try sort(Self.random(3 * Self.run + 1, seed: 3).map { [UInt32.max, .max - 1, 0][Int($0 % 3)] })
        _ = try sort([UInt32](repeating: .max, count: 2 * Self.run + 7))
    }

    /// Random words are what nothing compresses; sorted ones are sorted in the fewest cycles, so a segment reads the most.
    @Test("No segment of 2^19 cycles is larger than 300 kB", arguments: [false, true])
    func segmentSizes(isSorted: Bool) throws {
        var words = Self.random(200_000, seed: 4)
        if isSorted { words.sort() }
        let segmenter = try Segmenter(
            program: Program(elf: BuiltGuests.example("sort").bytes),
            input: InputStream(bytes: words.flatMap { littleEndian($0) }), limitLog: 19)
        var count = 0
        while let step = segmenter.next() {
            #expect(try #require(compressedSize(of: step.segment.encoded())) < 300_000, "segment \(count)")
            count += 1
        }
        #expect(count >= 30 || isSorted && count >= 15)
        #expect(segmenter.exit == .halted(code: 0))
    }

    /// One zstd frame at the default level; nil when the library refuses.
    private func compressedSize(of bytes: [UInt8]) -> Int? {
        var frame = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let size = ZSTD_compress(&frame, frame.count, bytes, bytes.count, 3)
        return ZSTD_isError(size) == 0 ? size : nil
    }
}
