import Hashing
import Tables

/// What a segment's proof says: from this state the machine comes in so many cycles to that state, and ends so.
///
/// Registers and memory stand in it as digests: it is all that a verifier knows of a segment, 156 bytes.
public struct SegmentClaim: Hashable, Sendable {
    /// Root of the memory before the first cycle.
    public var memoryRoot: Digest
    /// Digest of the registers before the first cycle (`MachineState.registerDigest`).
    public var registerDigest: Digest
    /// Address of the first instruction; even.
    public var programCounter: UInt32
    /// Cycles of the run before the segment.
    public var firstCycle: UInt64
    /// Root of the memory after the last cycle.
    public var nextMemoryRoot: Digest
    /// Digest of the registers after the last cycle.
    public var nextRegisterDigest: Digest
    /// Address of the instruction that follows; of the one that halted or faulted, where the run ended.
    public var nextProgramCounter: UInt32
    /// At most 2^24.
    public var cycles: UInt32
    public var exit: Exit

    public init(
        memoryRoot: Digest, registerDigest: Digest, programCounter: UInt32, firstCycle: UInt64, nextMemoryRoot: Digest,
        nextRegisterDigest: Digest, nextProgramCounter: UInt32, cycles: UInt32, exit: Exit
    ) {
        self.memoryRoot = memoryRoot
        self.registerDigest = registerDigest
        self.programCounter = programCounter
        self.firstCycle = firstCycle
        self.nextMemoryRoot = nextMemoryRoot
        self.nextRegisterDigest = nextRegisterDigest
        self.nextProgramCounter = nextProgramCounter
        self.cycles = cycles
        self.exit = exit
    }

    public init(_ segment: Segment) {
        self.init(
            memoryRoot: segment.before.memoryRoot, registerDigest: segment.before.registerDigest,
            programCounter: segment.before.programCounter, firstCycle: segment.firstCycle,
            nextMemoryRoot: segment.after.memoryRoot, nextRegisterDigest: segment.after.registerDigest,
            nextProgramCounter: segment.after.programCounter, cycles: segment.cycles, exit: segment.exit)
    }

    /// The claim as the transcript absorbs it: all fields in the order of their declaration, digests as lists of 8 words,
    /// the 64 bits of `firstCycle` as a list of two, the exit as status and code.
    public var canonicalValues: [CanonicalValue] {
        func words(_ digest: Digest) -> CanonicalValue { .numbers((0..<8).map { digest.words[$0] }) }
        return [
            words(memoryRoot), words(registerDigest), .number(programCounter),
            .numbers([UInt32(truncatingIfNeeded: firstCycle), UInt32(truncatingIfNeeded: firstCycle >> 32)]),
            words(nextMemoryRoot), words(nextRegisterDigest), .number(nextProgramCounter), .number(cycles),
            .number(exit.status), .number(exit.code),
        ]
    }
}

// The one encoding of a claim, all numbers little-endian:
//
//      offset  bytes
//           0     32  memoryRoot
//          32     32  registerDigest
//          64     32  nextMemoryRoot
//          96     32  nextRegisterDigest
//         128      8  firstCycle
//         136      4  programCounter
//         140      4  nextProgramCounter
//         144      4  cycles
//         148      4  exit status
//         152      4  exit code
extension SegmentClaim {
    public static let encodedCount = 156

    public func encoded() -> [UInt8] {
        var bytes = memoryRoot.bytes + registerDigest.bytes + nextMemoryRoot.bytes + nextRegisterDigest.bytes
        withUnsafeBytes(of: firstCycle.littleEndian) { bytes += $0 }
        for word in [programCounter, nextProgramCounter, cycles, exit.status, exit.code] {
            withUnsafeBytes(of: word.littleEndian) { bytes += $0 }
        }
        return bytes
    }

    /// Reads what `encoded()` writes and nothing else: nil for another length, an odd program counter, an exit that there
    /// is not, or more cycles than a segment has.
    public init?(decoding bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.encodedCount else { return nil }
        func word(_ offset: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[bytes.startIndex + offset + $1]) << (8 * UInt32($1)) }
        }
        func digest(_ offset: Int) -> Digest? { Digest(bytes: bytes.dropFirst(offset).prefix(Digest.byteCount)) }
        guard let memoryRoot = digest(0), let registerDigest = digest(32), let nextMemoryRoot = digest(64),
            let nextRegisterDigest = digest(96), let exit = Exit(status: word(148), code: word(152))
        else { return nil }
        self.init(
            memoryRoot: memoryRoot, registerDigest: registerDigest, programCounter: word(136),
            firstCycle: UInt64(word(132)) << 32 | UInt64(word(128)), nextMemoryRoot: nextMemoryRoot,
            nextRegisterDigest: nextRegisterDigest, nextProgramCounter: word(140), cycles: word(144), exit: exit)
        guard isWellFormed else { return nil }
    }

    /// What no proof could show otherwise: an even program counter to start from, cycles that a clock of 25 bits counts.
    package var isWellFormed: Bool {
        programCounter & 1 == 0 && nextProgramCounter & 1 == 0 && cycles <= 1 << 24
            && !firstCycle.addingReportingOverflow(UInt64(cycles)).overflow
    }
}
