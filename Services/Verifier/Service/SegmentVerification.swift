import Machine
import Receipts

/// Whether a lane's bytes are a receipt that proves this very claim. Throws why not.
@Sendable public func verifySegmentReceipt(_ bytes: [UInt8], claim: [UInt8]) throws {
    let receipt = try SegmentReceipt(decoding: bytes[...])
    guard receipt.claim.encoded() == claim else { throw WrongClaim() }
    try SegmentVerifier.standard.verify(receipt)
}

/// A receipt of another segment than the one that was asked for.
struct WrongClaim: Error, CustomStringConvertible {
    var description: String { "the receipt claims another segment than the task asks for" }
}
