/// The Reed–Solomon code over K in the basis of Lin, Chung and Han (2014): a message's 2ᵐ entries are the coefficients of
/// the polynomials X_j, the product of N_i over the bits i of j; its codeword holds the values at the elements of K whose
/// bits are their index.
///
/// V_i vanishes on the span of 1, x, …, xⁱ⁻¹: V_0 = X, V_(i+1) = V_i (V_i + V_i(xⁱ)). N_i = V_i / V_i(xⁱ) is GF(2)-linear,
/// zero on xᶜ for c < i and one on xⁱ.
public enum AdditiveCode {
    /// The longest message, log2.
    public static let messageLogLimit = 32
    /// The longest codeword, log2.
    public static let wordLogLimit = 40

    /// normal[i][c] = N_i(xᶜ)
    public static let normal: [[K]] = {
        var values = (0..<wordLogLimit).map { K(1 << UInt64($0)) }
        return (0..<messageLogLimit).map { i in
            let inverse = values[i].inverse()
            let row = values.map { $0 * inverse }
            let atBasis = values[i]
            values = values.map { $0 * ($0 + atBasis) }
            return row
        }
    }()

    /// N_i at the element of K whose bits are those of the index.
    ///
    /// - Precondition: `i` is below `messageLogLimit`, the index is below 2^`wordLogLimit`.
    public static func normal(_ i: Int, at index: Int) -> K {
        precondition(index >= 0 && index >> wordLogLimit == 0, "an index beyond the longest codeword")
        var sum = K.zero
        var rest = index
        while rest != 0 {
            sum += normal[i][rest.trailingZeroBitCount]
            rest &= rest - 1
        }
        return sum
    }
}

/// The extension, at a point, of the weights with which a message enters entry `index` of its codeword:
/// Π (1 + cᵢ (1 + N_i(index))).
///
/// - Precondition: the point has `AdditiveCode.messageLogLimit` coordinates at most, the index is one of a codeword.
public func codeWeight(_ index: Int, at point: [E]) -> E {
    point.enumerated().reduce(.one) { product, c in
        product * (.one + c.element * (.one + AdditiveCode.normal(c.offset, at: index)))
    }
}

/// The weights with which a message of 2ᵛ entries enters entry `index` of its codeword.
public func codeWeights(_ index: Int, variables: Int) -> [K] {
    var table = [K.one]
    table.reserveCapacity(1 << variables)
    for i in 0..<variables {
        let normal = AdditiveCode.normal(i, at: index)
        for j in 0..<table.count { table.append(table[j] * normal) }
    }
    return table
}
