import Hashing
import Machine
import Verification

/// Why bytes are no valid receipt, or not one of what was asked.
public enum ReceiptError: Error, Equatable, Sendable {
    // The bytes
    /// They do not begin as a receipt does.
    case notAReceipt
    /// Written by another version.
    case version(expected: UInt32, got: UInt32)
    /// They end before the field does.
    case truncated(field: String, needed: Int, left: Int)
    /// So many follow the last field.
    case trailingBytes(Int)
    /// A field has a value that no receipt has.
    case field(String)

    // One segment
    /// No record of this version and class is built in: parameters are never taken from a receipt.
    case unknownRecord(version: Int, stackLog: Int)
    /// The claim or the heights are refused before the proof is read.
    case claim(segment: Int, ClaimError)
    /// The proof does not prove the claim.
    case proof(segment: Int, VerificationError)

    // The chain
    /// The first segment does not start with all registers zero.
    case initialRegisters
    /// The first segment does not start at cycle 0.
    case initialCycle(got: UInt64)
    /// A segment does not start where the one before it ended.
    case chain(segment: Int, what: ChainLink)
    /// A segment follows one that ended the run.
    case afterTheEnd(segment: Int)
    /// The last segment does not end the run.
    case unfinished
    /// A run has at least one segment, and no segment is without cycles.
    case empty

    // What was asked
    /// The journal does not stand in the memory after the last cycle.
    case journal(expected: Digest, got: Digest)
    /// It is the receipt of another program.
    case image(expected: Digest, got: Digest)
    /// Of a segment that does not start a run: no receipt of it alone says of which program it is.
    case ofNoImage(firstCycle: UInt64)

    public enum ChainLink: String, Sendable, Hashable {
        case memory, registers
        case programCounter = "program counter"
        case cycle
    }
}

extension ReceiptError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notAReceipt: "not a receipt: the first four bytes are neither SHSR nor SHCR"
        case .version(let expected, let got): "receipt of version \(got), this program reads version \(expected)"
        case .truncated(let field, let needed, let left):
            "the receipt ends early: \(field) needs \(needed) bytes, \(left) are left"
        case .trailingBytes(let count): "\(count) bytes after the end of the receipt"
        case .field(let name): "\(name) has a value that no receipt has"
        case .unknownRecord(let version, let stackLog):
            "no parameter record of version \(version) for a stack of 2^\(stackLog) is built in"
        case .claim(let segment, let error): "segment \(segment): \(error)"
        case .proof(let segment, let error): "segment \(segment): \(error)"
        case .initialRegisters: "the first segment does not start with all registers zero"
        case .initialCycle(let got): "the first segment starts at cycle \(got), not at 0"
        case .chain(let segment, let what):
            "segment \(segment) does not start where segment \(segment - 1) ended: another \(what.rawValue)"
        case .afterTheEnd(let segment): "segment \(segment) follows the end of the run"
        case .unfinished: "the last segment does not end the run: segments are missing"
        case .empty: "a run has at least one segment, and a segment at least one cycle"
        case .journal(let expected, let got):
            "the journal is not that of the run: memory has the root \(expected.hex), the journal leads to \(got.hex)"
        case .image(let expected, let got): "the receipt is of image \(got.hex), not of \(expected.hex)"
        case .ofNoImage(let firstCycle):
            firstCycle > 0
                ? "the segment starts at cycle \(firstCycle), inside a run: alone it is of no image; verify it without one"
                : "the segment starts with registers that are not zero, so it starts no run: it is of no image; verify it without one"
        }
    }
}
