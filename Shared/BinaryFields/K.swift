import CKernels

/// The packing field K = GF(2)[x]/(x⁶⁴ + x⁴ + x³ + x + 1): 64 bits of the witness are one element.
///
///     let x = K(2)
///     x * K(1 << 63) == K(0b11011)
public struct K: Hashable, Sendable {
    /// Bit i is the coefficient of xⁱ.
    public var bits: UInt64

    @inlinable
    public init(_ bits: UInt64) { self.bits = bits }

    public static let zero = K(0)
    public static let one = K(1)
    public static let x = K(2)

    @inlinable
    public static func + (left: K, right: K) -> K { K(left.bits ^ right.bits) }

    /// The same as `+`: the characteristic is two.
    @inlinable
    public static func - (left: K, right: K) -> K { left + right }

    @inlinable
    public static func * (left: K, right: K) -> K { K(sheaf_k_multiply(left.bits, right.bits)) }

    @inlinable
    public static func += (left: inout K, right: K) { left = left + right }

    @inlinable
    public static func *= (left: inout K, right: K) { left = left * right }

    @inlinable
    public func squared() -> K { K(sheaf_k_square(bits)) }

    /// The 2ᵏ-th power. It is GF(2)-linear.
    public func frobenius(_ k: Int) -> K {
        (0..<k).reduce(self) { value, _ in value.squared() }
    }

    /// The inverse; zero for zero.
    ///
    /// The power 2⁶⁴ − 2 (Itoh and Tsujii, 1988): from the power 2ⁿ − 1 to 2²ⁿ − 1 is one product.
    public func inverse() -> K {
        var ones = self  // the power 2ⁿ − 1
        var n = 1
        for bit in [1, 1, 1, 1, 1] {  // 63 = 0b111111
            ones *= ones.frobenius(n)
            n *= 2
            if bit == 1 {
                ones = ones.squared() * self
                n += 1
            }
        }
        return ones.squared()
    }
}

extension K: CustomStringConvertible {
    public var description: String { "0x" + String(bits, radix: 16) }
}
