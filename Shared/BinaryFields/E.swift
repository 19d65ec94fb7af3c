import CKernels

/// The challenge field E = K[Y]/(Y³ + Y + 1), 192 bits.
///
///     E.y * E.y * E.y == E.y + .one
///
/// Degree three over K gives every round of the protocol 128 provable bits; Y³ + Y + 1 has no root in K, as its roots
/// lie in GF(8) and 3 does not divide 64.
public struct E: Hashable, Sendable {
    /// c0 + c1 Y + c2 Y²; bit i of a plane is the coefficient of xⁱ.
    public var c0, c1, c2: UInt64

    @inlinable
    public init(_ c0: UInt64, _ c1: UInt64, _ c2: UInt64) {
        self.c0 = c0
        self.c1 = c1
        self.c2 = c2
    }

    /// K lies in E as it is.
    @inlinable
    public init(_ k: K) { self.init(k.bits, 0, 0) }

    /// What a kernel returned.
    @inlinable
    public init(_ element: sheaf_element) { self.init(element.c0, element.c1, element.c2) }

    public static let zero = E(0, 0, 0)
    public static let one = E(1, 0, 0)
    public static let y = E(0, 1, 0)

    @inlinable
    public var isZero: Bool { c0 | c1 | c2 == 0 }

    @inlinable
    public static func + (left: E, right: E) -> E {
        E(left.c0 ^ right.c0, left.c1 ^ right.c1, left.c2 ^ right.c2)
    }

    /// The same as `+`: the characteristic is two.
    @inlinable
    public static func - (left: E, right: E) -> E { left + right }

    @inlinable
    public static func * (left: E, right: E) -> E {
        E(sheaf_e_multiply(left.c0, left.c1, left.c2, right.c0, right.c1, right.c2))
    }

    @inlinable
    public static func * (left: K, right: E) -> E {
        E(sheaf_e_scale(right.c0, right.c1, right.c2, left.bits))
    }

    @inlinable
    public static func * (left: E, right: K) -> E { right * left }

    @inlinable
    public static func += (left: inout E, right: E) { left = left + right }

    @inlinable
    public static func *= (left: inout E, right: E) { left = left * right }

    @inlinable
    public static func *= (left: inout E, right: K) { left = right * left }

    @inlinable
    public func squared() -> E { E(sheaf_e_square(c0, c1, c2)) }

    /// The 2ᵏ-th power. It is GF(2)-linear.
    public func frobenius(_ k: Int) -> E {
        (0..<k).reduce(self) { value, _ in value.squared() }
    }

    /// The product with x, without a multiplication.
    @inlinable
    public func timesX() -> E {
        E(Self.timesX(c0), Self.timesX(c1), Self.timesX(c2))
    }

    @inlinable
    static func timesX(_ plane: UInt64) -> UInt64 { plane << 1 ^ (plane >> 63) &* 0x1b }

    /// The inverse; zero for zero.
    ///
    /// With q = 2⁶⁴ the conjugates a^q and a^(q²) are a with Y² and Y⁴ in place of Y; the product of all three is the
    /// norm, in K.
    public func inverse() -> E {
        let first = E(c0, c2, c1 ^ c2)  // c0 + c1 Y² + c2 Y⁴, Y⁴ = Y² + Y
        let second = E(c0, c1 ^ c2, c1)  // c0 + c1 Y⁴ + c2 Y⁸, Y⁸ = Y
        let others = first * second
        let norm = (self * others).c0
        return K(norm).inverse() * others
    }
}

extension E {
    /// How many bytes an element is on the wire.
    public static let byteCount = 24

    /// c0, c1, c2, each little-endian. Every 24 bytes are one element.
    public var bytes: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(Self.byteCount)
        for plane in [c0, c1, c2] {
            for i in 0..<8 { result.append(UInt8(truncatingIfNeeded: plane >> (8 * UInt64(i)))) }
        }
        return result
    }

    /// Nil unless there are 24 bytes. Inlinable, as a proof has thousands of elements and modules that read them.
    @inlinable
    public init?(littleEndianBytes bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var planes: (UInt64, UInt64, UInt64) = (0, 0, 0)
        for (i, byte) in bytes.enumerated() {
            let shifted = UInt64(byte) << (8 * UInt64(i % 8))
            switch i / 8 {
            case 0: planes.0 |= shifted
            case 1: planes.1 |= shifted
            default: planes.2 |= shifted
            }
        }
        self.init(planes.0, planes.1, planes.2)
    }
}

extension E: CustomStringConvertible {
    public var description: String {
        "(" + [c0, c1, c2].map { "0x" + String($0, radix: 16) }.joined(separator: ", ") + ")"
    }
}
