// Multilinear polynomials. Coordinate k of a point belongs to bit k of an index; what is bound is bound from the highest
// bit down.

/// eq(point, index) for every index: 2ⁿ elements for a point of n coordinates.
public func eqTable(_ point: [E]) -> [E] {
    var table = [E.one]
    table.reserveCapacity(1 << point.count)
    for coordinate in point {
        for index in table.indices {
            let high = table[index] * coordinate
            table.append(high)
            table[index] += high
        }
    }
    return table
}

/// Π (1 + point[k] + other[k]), which is one where two indices are equal and zero elsewhere.
///
/// - Precondition: the points have the same number of coordinates.
public func eq(_ point: [E], _ other: [E]) -> E {
    precondition(point.count == other.count, "points of different spaces")
    return zip(point, other).reduce(.one) { $0 * (.one + $1.0 + $1.1) }
}

/// eq of a point and an index, whose bits beyond the point are ignored.
public func eq(_ point: [E], index: Int) -> E {
    point.enumerated().reduce(.one) { $0 * (index >> $1.offset & 1 == 1 ? $1.element : .one + $1.element) }
}

/// The sum over r < height of Π (bit k of r set ? one[k] : zero[k]), in a number of products linear in that of the
/// coordinates. With zero = 1 + point and one = point: the extension of [r < height]; with zero[k] = (1 + p)(1 + q) and
/// one[k] = p q: that of eq(p, r) [r < height] at q.
///
/// - Precondition: zero and one have the same number n of coordinates, and 0 ≤ height ≤ 2ⁿ.
public func below(_ zero: [E], _ one: [E], _ height: Int) -> E {
    precondition(zero.count == one.count && height >= 0 && height >> zero.count <= 1, "a height beyond the rows")
    var free = [E.one]  // free[k]: the sum over all values of the k lowest bits
    for (z, o) in zip(zero, one) { free.append(free[free.count - 1] * (z + o)) }
    if height >> zero.count == 1 { return free[zero.count] }
    var result = E.zero
    var prefix = E.one
    for k in zero.indices.reversed() {
        if height >> k & 1 == 1 {
            result += prefix * zero[k] * free[k]
            prefix *= one[k]
        } else {
            prefix *= zero[k]
        }
    }
    return result
}

/// The extension of 2ⁿ values at a point of n coordinates.
public func extend(_ values: [E], at point: [E]) -> E {
    precondition(values.count == 1 << point.count, "values and point of different spaces")
    var values = values
    for coordinate in point.reversed() {
        let half = values.count / 2
        for i in 0..<half { values[i] += coordinate * (values[i] + values[i + half]) }
        values.removeLast(half)
    }
    return values[0]
}

/// Σ left[i] right[i]
public func innerProduct(_ left: [E], _ right: [E]) -> E {
    precondition(left.count == right.count, "lists of different lengths")
    return zip(left, right).reduce(.zero) { $0 + $1.0 * $1.1 }
}

/// A polynomial from its coefficients, the constant first.
public func evaluate(_ coefficients: [E], at x: E) -> E {
    coefficients.reversed().reduce(.zero) { $0 * x + $1 }
}

/// Σ xᵘ elements[u], with x the generator of K.
public func combineBits(_ elements: [E]) -> E {
    elements.reversed().reduce(.zero) { $0.timesX() + $1 }
}
