/// Polynomials over GF(2), bit by bit: the meaning that field arithmetic is measured against.
public struct BitPolynomial: Equatable, Sendable {
    /// The exponents whose coefficient is one, rising.
    public private(set) var exponents: [Int]

    public init(exponents: [Int]) { self.exponents = exponents.sorted() }

    public init(_ bits: UInt64) { exponents = (0..<64).filter { bits >> UInt64($0) & 1 == 1 } }

    public static let modulusOfK = BitPolynomial(exponents: [64, 4, 3, 1, 0])
    public static let modulusOfBytes = BitPolynomial(exponents: [8, 4, 3, 1, 0])

    /// The low 64 coefficients as a number.
    public var bits: UInt64 { exponents.reduce(0) { $1 < 64 ? $0 | 1 << UInt64($1) : $0 } }

    private func coefficients(_ count: Int) -> [Bool] {
        var result = [Bool](repeating: false, count: count)
        for e in exponents { result[e] = true }
        return result
    }

    private init(coefficients: [Bool]) { exponents = coefficients.indices.filter { coefficients[$0] } }

    public static func + (left: BitPolynomial, right: BitPolynomial) -> BitPolynomial {
        let count = max(left.exponents.last ?? 0, right.exponents.last ?? 0) + 1
        return BitPolynomial(
            coefficients: zip(left.coefficients(count), right.coefficients(count)).map { $0 != $1 })
    }

    public static func * (left: BitPolynomial, right: BitPolynomial) -> BitPolynomial {
        var result = [Bool](repeating: false, count: (left.exponents.last ?? 0) + (right.exponents.last ?? 0) + 1)
        for l in left.exponents { for r in right.exponents { result[l + r].toggle() } }
        return BitPolynomial(coefficients: result)
    }

    /// The remainder of long division.
    public func modulo(_ modulus: BitPolynomial) -> BitPolynomial {
        guard let degree = modulus.exponents.last, let top = exponents.last, top >= degree else { return self }
        var rest = coefficients(top + 1)
        for position in stride(from: top, through: degree, by: -1) where rest[position] {
            for e in modulus.exponents { rest[position - degree + e].toggle() }
        }
        return BitPolynomial(coefficients: rest)
    }

    /// Whether no polynomial of degree 1 to half divides it: by trial, for small degrees only.
    public var isIrreducibleByTrial: Bool {
        guard let degree = exponents.last, degree < 24 else { return false }
        return !(2..<UInt64(1) << UInt64(degree / 2 + 1)).contains { modulo(BitPolynomial($0)).exponents.isEmpty }
    }
}

/// K and E by their definition.
public enum NaiveField {
    public static func multiplyK(_ a: UInt64, _ b: UInt64) -> UInt64 {
        (BitPolynomial(a) * BitPolynomial(b)).modulo(.modulusOfK).bits
    }

    public static func multiplyByte(_ a: UInt8, _ b: UInt8) -> UInt8 {
        UInt8((BitPolynomial(UInt64(a)) * BitPolynomial(UInt64(b))).modulo(.modulusOfBytes).bits)
    }

    /// Of planes c0, c1, c2: all nine products, then Y⁴ = Y² + Y, Y³ = Y + 1.
    public static func multiplyE(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
        var planes = [UInt64](repeating: 0, count: 5)
        for i in 0..<3 { for j in 0..<3 { planes[i + j] ^= multiplyK(a[i], b[j]) } }
        for degree in [4, 3] {
            planes[degree - 2] ^= planes[degree]
            planes[degree - 3] ^= planes[degree]
        }
        return Array(planes[0..<3])
    }
}
