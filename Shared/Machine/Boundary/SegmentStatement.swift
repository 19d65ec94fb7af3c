import Hashing
import Tables

/// Why a claim, or the heights of a proof for it, are refused before any proof is looked at.
public enum ClaimError: Error, Hashable, Sendable {
    /// An odd program counter, more than 2^24 cycles, or a cycle count beyond 64 bits.
    case malformedClaim
    /// A proof names one height for each table.
    case numberOfHeights(expected: Int, got: Int)
    /// Instruction rows are cycles, of which a segment has at most 2^24.
    case cycleRows(limit: Int, got: Int)
    /// The fetches that the offers stand for: Σ 2^k · height of offer k.
    case offers(limit: Int, got: Int)
}

/// The tables of the machine and what a verifier of segments knows of them: it makes a claim and heights into a
/// statement of the proof system.
public struct SegmentVerifierRules: Sendable {
    public let shape: MachineShape
    public let system: TableSystem

    /// No more instruction rows than that, in all: clocks have 25 bits.
    public static let cycleLimit = 1 << 24
    /// No more fetches than that: the members of the multiset stay below 2^32 whatever the offers' exponents.
    public static let offerLimit = 1 << 25

    /// Of the standard machine, made once in a process.
    public static let standard = SegmentVerifierRules(.standard)

    public init(_ tables: MachineTables) {
        shape = tables.shape
        system = tables.system
    }

    /// The statement that `claim` holds, by a proof with these heights under this record.
    ///
    /// Throws `ClaimError` for what machine.md, section 7, leaves to the verifier: the range of the claim, the number of
    /// cycles and of fetches. Bounds that every statement has are the proof system's own.
    public func statement(_ claim: SegmentClaim, heights: [Int], record: ParameterRecord) throws(ClaimError)
        -> Statement
    {
        guard claim.isWellFormed else { throw .malformedClaim }
        guard heights.count == system.tables.count else {
            throw .numberOfHeights(expected: system.tables.count, got: heights.count)
        }
        var cycles = 0, offered = 0
        for kind in TableKind.allCases {
            let height = heights[kind.rawValue]
            // A sum of some sixty heights below 2^32 cannot overflow; larger ones are refused by the first comparison.
            guard height >= 0, height < 1 << 32 else { throw .cycleRows(limit: Self.cycleLimit, got: height) }
            if kind.isCycle { cycles += height }
            if let power = kind.offeredPower { offered += min(height, 1 << 30) << power }
        }
        guard cycles <= Self.cycleLimit else { throw .cycleRows(limit: Self.cycleLimit, got: cycles) }
        guard offered <= Self.offerLimit else { throw .offers(limit: Self.offerLimit, got: offered) }
        return Statement(
            record: record, system: system, heights: heights, boundary: boundary(claim), claim: claim.canonicalValues)
    }

    /// The messages that the verifier itself sends and receives (machine.md, section 2, Claim).
    ///
    /// A clock of n cycles stands at position 1 to 2^epochLog of its epoch: a row of `epoch` belongs to the cycle that
    /// follows it; n = 0 stands where the segment starts.
    public func boundary(_ claim: SegmentClaim) -> Boundary {
        let (epochs, position) = max(Int(claim.cycles) - 1, 0).quotientAndRemainder(dividingBy: shape.epochCycles)
        let last = position + (claim.cycles > 0 ? 1 : 0)
        let start = state(claim.programCounter, code: 0, epoch: 1, position: 0, status: 0)
        let end = state(
            claim.nextProgramCounter, code: claim.exit.code, epoch: 1 + epochs, position: last,
            status: claim.exit.status)
        let base = UInt32(truncatingIfNeeded: claim.firstCycle) &- UInt32(shape.epochCycles)
        let baseMessage = MessageWords(base, 0, 0, MessageKind.base.rawValue << 26)
        return Boundary(
            pushed: [start, baseMessage] + digests(.pre, claim.memoryRoot, claim.registerDigest),
            pulled: [end] + digests(.post, claim.nextMemoryRoot, claim.nextRegisterDigest))
    }

    private func state(_ pc: UInt32, code: UInt32, epoch: Int, position: Int, status: UInt32) -> MessageWords {
        let clock = UInt32(epoch << (shape.epochLog + 1) | position)
        return MessageWords(pc, code, clock | status << 26, MessageKind.state.rawValue << 26)
    }

    /// The memory root at place (1, 0) and the register digest at (1, 1), in four parts each.
    private func digests(_ kind: MessageKind, _ memory: Digest, _ registers: Digest) -> [MessageWords] {
        [memory, registers].enumerated().flatMap { index, digest in
            (0..<4).map { part in
                MessageWords(
                    digest.words[2 * part], digest.words[2 * part + 1], 1 << 24 | UInt32(index),
                    UInt32(part) | kind.rawValue << 26)
            }
        }
    }
}

extension TableKind {
    /// k of the table `offer k`; nil for any other.
    var offeredPower: Int? {
        let power = rawValue - TableKind.offer0.rawValue
        return (0..<TableKind.countBits).contains(power) ? power : nil
    }
}
