/// Where the first six variables of a constraint live: 64 points of GF(2⁸) = GF(2)[x]/(x⁸ + x⁴ + x³ + x + 1) in K.
///
/// The bits of a byte are the coefficients of 1, x, …, x⁷; x is `Byte.generator`.
public enum UnivariateDomain: Sendable {
    /// The bytes 0 to 63: S, a GF(2)-subspace, on which constraints are interpolated.
    case domain
    /// The bytes 64 to 127, on which the product is sent.
    case coset

    public var points: [K] {
        switch self {
        case .domain: Self.domainPoints
        case .coset: Self.cosetPoints
        }
    }

    private static let domainPoints = (0..<64).map { K(byte: $0) }
    private static let cosetPoints = (64..<128).map { K(byte: $0) }

    /// One over the product of the 63 differences of a point from the others: the same for every point.
    fileprivate static let differences = domainPoints.dropFirst().reduce(K.one, *).inverse()

    /// 1 / V(c) for V = Π (Z + s) over S, and any c of the coset.
    public static let inverseOnCoset = vanishing(E(cosetPoints[0])).inverse()

    /// The first three coordinates of τ, the bytes x, x², x⁴: eq of eight rows are then eight elements that are
    /// independent over GF(2), so that errors that are bits cannot cancel.
    public static let fixedTau = [UInt8(0x02), 0x04, 0x10].map { K(byte: $0) }

    /// Row c: the weights that take values on S to point c of the coset. Elements of GF(2⁸).
    public static let toCoset: [[K]] = cosetPoints.map { c in
        lagrange(.domain, E(c)).map { K($0.c0) }
    }
}

extension K {
    /// The least root, as a number, of x⁸ + x⁴ + x³ + x + 1 in K: the generator of GF(2⁸) in K.
    public static let byteGenerator = K(0x033C_E8BE_DDC8_A656)

    /// The images of the eight bits of a byte.
    public static let bytePowers: [K] = (0..<8).map { (0..<$0).reduce(K.one) { power, _ in power * byteGenerator } }

    /// An element of GF(2⁸), bit i the coefficient of xⁱ.
    public init(byte: UInt8) {
        self = (0..<8).reduce(.zero) { byte >> $1 & 1 == 1 ? $0 + Self.bytePowers[$1] : $0 }
    }
}

/// Π (z + s) over S. It is GF(2)-linear in z, so constant on the coset.
public func vanishing(_ z: E) -> E {
    UnivariateDomain.domain.points.reduce(.one) { $0 * (z + E($1)) }
}

/// The weights at z of interpolation from 64 points: Σ weight[i] f(points[i]) = f(z) for f of degree 63 at most.
///
/// The product of z + p over all other points, over the product of the differences, which is the same for every point:
/// no inversion, and no special case where z is one of the points.
public func lagrange(_ domain: UnivariateDomain, _ z: E) -> [E] {
    let factors = domain.points.map { z + E($0) }
    var weights: [E] = []
    weights.reserveCapacity(64)
    var before = E.one * UnivariateDomain.differences
    for factor in factors {
        weights.append(before)
        before *= factor
    }
    var after = E.one
    for i in factors.indices.reversed() {
        weights[i] *= after
        after *= factors[i]
    }
    return weights
}
