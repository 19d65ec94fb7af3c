import Hashing
import Machine
import Tables

/// What a valid receipt of one segment proves: that the machine comes from one state to another, in so many cycles, with
/// *some* private input. Which program it is that runs, it says only of a segment that starts a run.
public struct VerifiedSegment: Hashable, Sendable {
    public let claim: SegmentClaim
    /// log₂ of the stack of its proof.
    public let stackLog: Int
    /// Provable bits of its proof.
    public let securityBits: Int

    public init(claim: SegmentClaim, stackLog: Int, securityBits: Int) {
        self.claim = claim
        self.stackLog = stackLog
        self.securityBits = securityBits
    }

    /// Of a segment at cycle 0 with all registers zero, the image that it is the start of; nil of any other.
    public var imageID: Digest? {
        guard claim.firstCycle == 0, claim.registerDigest == MemoryHash.zeroRegisters else { return nil }
        return ImageIdentity.digest(entry: claim.programCounter, memoryRoot: claim.memoryRoot)
    }
}

/// Verifies the encoded receipt of one segment, as `sheaf prove-segment` writes it.
///
/// - Parameter imageID: the program whose run it must start; nil to accept a segment from any place of any run.
public func verifySegment(
    receipt bytes: ArraySlice<UInt8>, imageID: Digest? = nil, verifier: SegmentVerifier = .standard
) throws(ReceiptError) -> VerifiedSegment {
    let receipt = try SegmentReceipt(decoding: bytes)
    try verifier.verify(receipt, index: 0)
    let proved = VerifiedSegment(
        claim: receipt.claim, stackLog: receipt.stackLog, securityBits: ParameterRecord.securityTarget)
    if let imageID {
        guard let got = proved.imageID else { throw .ofNoImage(firstCycle: receipt.claim.firstCycle) }
        guard got == imageID else { throw .image(expected: imageID, got: got) }
    }
    return proved
}

/// What bytes are the receipt of, by how they begin.
public enum ReceiptKind: Sendable, Hashable {
    case run, segment

    /// Nil where they begin as no receipt does.
    public init?(_ bytes: some Sequence<UInt8>) {
        if bytes.starts(with: CompositeReceipt.magic) {
            self = .run
        } else if bytes.starts(with: SegmentReceipt.magic) {
            self = .segment
        } else {
            return nil
        }
    }
}
