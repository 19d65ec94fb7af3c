import Foundation
import Machine
import Receipts
import Synchronization

/// Provers and verifiers that take no time: a receipt is the claim with a proof of eight letters.
///
/// The stand-ins keep to the real encodings, so that everything between them is real.
enum StandIn {
    private static let proof = Array("stand-in".utf8)

    static func receipt(_ claim: [UInt8]) throws -> [UInt8] {
        guard let claim = SegmentClaim(decoding: claim[...]) else { throw Refused() }
        let heights = [Int](repeating: 0, count: TableKind.allCases.count)
        return SegmentReceipt(recordVersion: 1, stackLog: 16, claim: claim, heights: heights, proof: proof).encoded()
    }

    @Sendable static func verify(_ receipt: [UInt8], claim: [UInt8]) throws {
        let receipt = try SegmentReceipt(decoding: receipt[...])
        guard receipt.claim.encoded() == claim, receipt.proof == proof else { throw Refused() }
    }

    /// The chain of claims, without looking at proofs.
    @Sendable static func link(_ run: inout RunVerifier, _ receipt: SegmentReceipt) throws {
        guard receipt.proof == proof else { throw Refused() }
        try run.link(receipt.claim)
    }

    /// The run that a receipt made of stand-ins proves.
    static func run(_ receipt: [UInt8]) throws -> VerifiedRun {
        let composite = try CompositeReceipt(decoding: receipt[...])
        var run = RunVerifier()
        for segment in composite.segments { try link(&run, segment) }
        return try run.finish(journal: composite.journal)
    }

    struct Refused: Error {}
}

/// What provers were asked to prove: every call, by its claim.
final class ProofLog: Sendable {
    private let calls = Mutex<[[UInt8]]>([])

    var count: Int { calls.withLock { $0.count } }
    func claims(from number: Int = 0) -> ArraySlice<[UInt8]> { calls.withLock { $0[min(number, $0.count)...] } }

    /// A stand-in that writes each call down, and takes so many seconds for it.
    func prover(seconds: Double = 0) -> @Sendable ([UInt8], [UInt8]) throws -> [UInt8] {
        { [self] _, claim in
            calls.withLock { $0.append(claim) }
            if seconds > 0 { Thread.sleep(forTimeInterval: seconds) }
            return try StandIn.receipt(claim)
        }
    }
}
