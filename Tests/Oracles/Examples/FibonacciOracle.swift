import Foundation

/// By doubling instead of addition: F(2k) = F(k) (2 F(k+1) - F(k)), F(2k+1) = F(k)^2 + F(k+1)^2.
public enum FibonacciOracle: ExampleOracle {
    public static let name = "fibonacci"

    public static func inputs(examples: URL) -> [(name: String, bytes: [UInt8])] {
        [(name, Words.bytes(UInt32(2800)))]
    }

    public static func journal(of input: [UInt8]) -> [UInt8] {
        let n = Words.read(input)[0]
        var (current, next) = (Natural(), Natural(digits: [1]))
        for bit in (0..<32).reversed() {
            let even = current * (next + next - current)
            let odd = current * current + next * next
            (current, next) = n >> UInt32(bit) & 1 == 0 ? (even, odd) : (odd, even + odd)
        }
        return Words.bytes(n) + current.bytes
    }
}

/// A natural number in digits of base 10^4, so that it shares nothing with binary words until it is written out.
struct Natural {
    /// The lowest first, without leading zeros.
    var digits: [UInt64] = []

    static let base: UInt64 = 10_000

    static func + (left: Natural, right: Natural) -> Natural {
        normalised((0..<max(left.digits.count, right.digits.count)).map { left[$0] + right[$0] })
    }

    static func - (left: Natural, right: Natural) -> Natural {
        var borrow: UInt64 = 0
        return normalised(
            left.digits.indices.map { place in
                let lacks = left[place] < right[place] + borrow
                let digit = left[place] + (lacks ? base : 0) - right[place] - borrow
                borrow = lacks ? 1 : 0
                return digit
            })
    }

    static func * (left: Natural, right: Natural) -> Natural {
        var sums = [UInt64](repeating: 0, count: left.digits.count + right.digits.count)
        for (i, a) in left.digits.enumerated() {
            for (j, b) in right.digits.enumerated() {
                sums[i + j] += a * b
            }
        }
        return normalised(sums)
    }

    private subscript(place: Int) -> UInt64 { place < digits.count ? digits[place] : 0 }

    private static func normalised(_ sums: [UInt64]) -> Natural {
        var carry: UInt64 = 0
        var digits: [UInt64] = []
        for sum in sums {
            digits.append((sum + carry) % base)
            carry = (sum + carry) / base
        }
        while carry != 0 {
            digits.append(carry % base)
            carry /= base
        }
        while digits.last == 0 {
            digits.removeLast()
        }
        return Natural(digits: digits)
    }

    /// Little-endian words without leading zeros, as bytes.
    var bytes: [UInt8] {
        var rest = self
        var bytes: [UInt8] = []
        while !rest.digits.isEmpty {
            var remainder: UInt64 = 0
            for place in rest.digits.indices.reversed() {
                let value = remainder * Self.base + rest.digits[place]
                rest.digits[place] = value >> 32
                remainder = value & 0xFFFF_FFFF
            }
            rest = Self.normalised(rest.digits)
            bytes += Words.bytes(UInt32(remainder))
        }
        return bytes
    }
}
