import ClusterKit
import Foundation
import ProverService
import Synchronization

/// What a prover does with a segment.
enum Habit: String {
    /// Takes work, says that it lives, and never hands anything in.
    case silent
    /// Proves, and hands in after so many seconds more.
    case slow
    /// Hands in bytes of chance, as many as a receipt has.
    case random
    /// Hands in the valid receipt of another segment: the first that it was given.
    case other
    /// Proves, and hands in the proof with one bit changed.
    case flipped
    /// Proves, and hands in after at least so many seconds.
    case honest
    /// Waits for the time of a proof, and hands in one that was made beforehand.
    case standin

    func prover(seconds: Double, receipts: String) -> ProverService.Prove {
        let honest = SegmentProver()
        switch self {
        case .silent: return { _, _ in while true { Thread.sleep(forTimeInterval: 60) } }
        case .slow:
            return { segment, claim in
                Thread.sleep(forTimeInterval: seconds)
                return try honest.prove(segment: segment, claim: claim)
            }
        case .random:
            return { _, _ in (0..<250_000).map { _ in UInt8.random(in: 0...255) } }
        case .other:
            let first = FirstReceipt()
            return { segment, claim in try first.receipt { try honest.prove(segment: segment, claim: claim) } }
        case .flipped:
            return { segment, claim in
                var receipt = try honest.prove(segment: segment, claim: claim)
                receipt[receipt.count - 100] ^= 1
                return receipt
            }
        case .honest:
            return { segment, claim in
                let start = Date()
                let receipt = try honest.prove(segment: segment, claim: claim)
                Thread.sleep(forTimeInterval: max(0, seconds + start.timeIntervalSinceNow))
                return receipt
            }
        case .standin:
            let store = ReceiptStore(directory: receipts)
            return { _, claim in
                Thread.sleep(forTimeInterval: seconds)
                return try store.read(claim: claim)
            }
        }
    }
}

/// The receipt of the first segment that was proved.
private final class FirstReceipt: Sendable {
    private let receipt = Mutex<[UInt8]?>(nil)

    func receipt(_ prove: () throws -> [UInt8]) rethrows -> [UInt8] {
        if let receipt = receipt.withLock({ $0 }) { return receipt }
        let made = try prove()
        receipt.withLock { $0 = made }
        return made
    }
}
