import Foundation

/// SHA-256 from the text of FIPS 180-4, with its constants worked out from the primes.
public enum SHA256Oracle: ExampleOracle {
    public static let name = "sha256"

    public static func inputs(examples: URL) -> [(name: String, bytes: [UInt8])] {
        // A length that is no multiple of a word or a block.
        [(name, Array(Words.random(3700, seed: 256).flatMap(Words.bytes).dropLast(1)))]
    }

    public static func journal(of input: [UInt8]) -> [UInt8] { hash(input) }

    public static func hash(_ message: [UInt8]) -> [UInt8] {
        let zeros = (119 - message.count % 64) % 64
        let padded =
            message + [0x80] + [UInt8](repeating: 0, count: zeros) + Words.bigEndian(UInt64(message.count) * 8)
        var state = initial
        for start in stride(from: 0, to: padded.count, by: 64) {
            let block = padded[start..<start + 64]
            var w = stride(from: block.startIndex, to: block.endIndex, by: 4).map { place in
                block[place..<place + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            }
            for t in 16..<64 {
                let low = rotr(w[t - 15], 7) ^ rotr(w[t - 15], 18) ^ w[t - 15] >> 3
                let high = rotr(w[t - 2], 17) ^ rotr(w[t - 2], 19) ^ w[t - 2] >> 10
                w.append(high &+ w[t - 7] &+ low &+ w[t - 16])
            }
            var v = state
            for t in 0..<64 {
                let ch = v[4] & v[5] ^ ~v[4] & v[6]
                let maj = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
                let t1 = v[7] &+ (rotr(v[4], 6) ^ rotr(v[4], 11) ^ rotr(v[4], 25)) &+ ch &+ round[t] &+ w[t]
                let t2 = (rotr(v[0], 2) ^ rotr(v[0], 13) ^ rotr(v[0], 22)) &+ maj
                v = [t1 &+ t2, v[0], v[1], v[2], v[3] &+ t1, v[4], v[5], v[6]]
            }
            state = zip(state, v).map { $0 &+ $1 }
        }
        return state.flatMap(Words.bigEndian)
    }

    private static func rotr(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }

    private static let primes = (2..<312).filter { n in !(2..<n).contains { n % $0 == 0 } }

    /// 4.2.2 and 5.3.3: the first 32 bits of the fractional parts of cube and square roots.
    private static let round = primes.prefix(64).map { fraction(of: UInt64($0), power: 3) }
    private static let initial = primes.prefix(8).map { fraction(of: UInt64($0), power: 2) }

    /// The largest r with r^power <= n 2^(32 power), modulo 2^32, found bit by bit.
    private static func fraction(of n: UInt64, power: Int) -> UInt32 {
        let bound = UInt128(n) << UInt128(32 * power)
        var root: UInt128 = 0
        for bit in (0..<37).reversed() {
            let candidate = root | 1 << UInt128(bit)
            if (0..<power).reduce(UInt128(1), { product, _ in product * candidate }) <= bound {
                root = candidate
            }
        }
        return UInt32(truncatingIfNeeded: root)
    }
}
