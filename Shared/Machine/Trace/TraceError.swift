import Hashing

/// Why a segment has no trace: what it says is not what its cycles do.
public enum TraceError: Error, Hashable, Sendable {
    /// Pages, opening or root do not fit together.
    case segment(SegmentError)
    /// A cycle reaches a word of a page that the segment does not bring.
    case missingPage(cycle: Int, address: UInt32)
    /// A cycle reads input when none is left.
    case missingInput(cycle: Int)
    /// The segment brings input that it does not read.
    case unreadInput(expected: Int, got: Int)
    /// The segment has no cycle, or more than 2^24.
    case cycleCount(Int)
    /// The run ends earlier than the segment says.
    case endedEarly(cycle: Int)
    /// The run ends otherwise than the segment says.
    case exit(expected: Exit, got: Exit)
    case programCounter(expected: UInt32, got: UInt32)
    case register(number: Int, expected: UInt32, got: UInt32)
    case memoryRoot(expected: Digest, got: Digest)
}
