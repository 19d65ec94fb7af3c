import Execution
import Machine
import Oracles

private typealias A = Assembler

/// Programs that tests and benchmarks submit, as ELF files.
public enum JobGuests {
    /// Sums so many words of input, publishes the sum and halts with 0. Eight cycles a word.
    public static func sum(words: UInt32) -> [UInt8] {
        let start = A.li(3, ExecutableFile.dataBase) + A.li(5, words) + [A.addi(6, 0, 0)]
        let loop = A.call(1) + [A.r(0, 0, 6, 6, 10), A.sw(6, 3, 0), A.lw(7, 3, 0), A.addi(5, 5, -1)]
        let end =
            [A.b(1, 5, 0, -4 * loop.count)] + A.li(13, MemoryMap.journalBase)
            + [A.addi(14, 0, 4), A.sw(6, 13, 4), A.sw(14, 13, 0), A.addi(10, 0, 0)]
        return ExecutableFile.elf(code: start + loop + end + A.halt)
    }

    /// The same, of as many words as make so many segments of 2^13 cycles.
    public static func sum(segments: Int) -> [UInt8] { sum(words: UInt32((segments << 13) - 4000) / 7) }

    /// Publishes so many bytes of zeros and halts with 0.
    public static func publishes(bytes: UInt32) -> [UInt8] {
        ExecutableFile.elf(
            code: A.li(13, MemoryMap.journalBase) + A.li(14, bytes) + [A.sw(14, 13, 0), A.addi(10, 0, 0)] + A.halt)
    }

    public static let faults = ExecutableFile.elf(code: [A.addi(5, 0, 1), A.ebreak])
    public static let neverHalts = ExecutableFile.elf(code: [A.j(0, 0)])
    public static func halts(_ code: UInt32) -> [UInt8] { ExecutableFile.elf(code: A.li(10, code) + A.halt) }
}

/// What a run must give: the program on the plain emulator, which knows nothing of segments.
public struct ExpectedRun {
    public let imageID: String
    public let journal: [UInt8]
    public let exit: Exit
    public let cycles: UInt64

    public init(_ elf: [UInt8], input: [UInt8] = []) throws {
        let program = try Program(elf: elf)
        let run = try PlainRun(program: program, input: InputStream(bytes: input))
        _ = run.run(cycles: 1_000_000_000)
        (imageID, journal, exit, cycles) = (program.imageID.hex, run.journal, run.exit, run.cycles)
    }
}
