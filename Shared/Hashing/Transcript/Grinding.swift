/// The search for a nonce before queries are drawn: work that a cheat must repeat for each new try of his.
public enum Grinding {
    /// The least nonce whose 8 bytes, hashed under `state`, are followed by a drawn index that is zero in its lowest `bits`
    /// bits (at most 32). Expects 2^bits compressions.
    public static func leastNonce(state: Digest, bits: Int) -> UInt64 {
        precondition((0...32).contains(bits), "an index has at most 32 bits")
        let mask = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(bits)) - 1)
        var nonce: UInt64 = 0
        while drawnIndex(state: state, nonce: nonce) & mask != 0 {
            nonce += 1
        }
        return nonce
    }

    static func bytes(ofNonce nonce: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: nonce >> UInt64(8 * $0)) }
    }

    /// The four bytes that follow the next state: word 8 of the root compression's first 64 bytes of output.
    private static func drawnIndex(state: Digest, nonce: UInt64) -> UInt32 {
        var block = SIMD16<UInt32>.zero
        block[0] = UInt32(truncatingIfNeeded: nonce)
        block[1] = UInt32(truncatingIfNeeded: nonce >> 32)
        let output = Blake3.compress(
            chainingValue: state.words, block: block, counter: 0, length: 8,
            flags: [.keyedHash, .chunkStart, .chunkEnd, .root])
        return output[8]
    }
}
