import BinaryFields
import CKernels
import Synchronization

/// The search for a nonce before queries are drawn: work that a cheat must repeat for each new try of his.
public enum Grinding {
    /// Nonces that a thread tries at a time: some fifty microseconds of work.
    private static let piece: UInt64 = 1 << 13

    /// The least nonce whose 8 bytes, hashed under `state`, are followed by a drawn index that is zero in its lowest `bits`
    /// bits (at most 32): the index is word 8 of the root compression's output. Expects 2^bits compressions, in lanes and
    /// threads; the nonce found does not depend on them.
    public static func leastNonce(state: Digest, bits: Int) -> UInt64 {
        precondition((0...32).contains(bits), "an index has at most 32 bits")
        let mask = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(bits)) - 1)
        let flags = Blake3.Flags([.keyedHash, .chunkStart, .chunkEnd, .root]).rawValue
        var start: UInt64 = 0
        while true {
            let pieces = Threads.count
            let least = Mutex(UInt64.max)
            let first = start
            parallel(pieces, grain: 1) { range in
                for i in range {
                    let found = sheaf_blake3_grind([state], flags, first + UInt64(i) * piece, piece, mask)
                    least.withLock { $0 = min($0, found) }
                }
            }
            let found = least.withLock { $0 }
            if found != .max { return found }
            start += UInt64(pieces) * piece
        }
    }

    static func bytes(ofNonce nonce: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: nonce >> UInt64(8 * $0)) }
    }
}
