import CKernels

// The sums of a sumcheck's round over spans, alone and in one pass with the fold before it. Spans of one call have the same
// length; an output may be the operand that its description names, and nothing else may overlap.
//
// "Quarters" of an array with two unbound bits on top: element x of quarter q is a[q * quarter + x], `a` the span that
// begins with quarter 0 and reaches to the end of quarter 3; the call covers the first `count` elements of each. The fold at
// c binds the higher bit: quarters 0 and 2 give half 0, quarters 1 and 3 half 1, written over quarters 0 and 1.

@inline(__always)
private func check(_ condition: Bool) {
    precondition(condition, "spans of different lengths")
}

@inline(__always)
private func checkQuarters(_ span: Int, _ quarter: Int, _ count: Int) {
    precondition(count >= 0 && quarter >= count && span >= 3 * quarter + count, "quarters beyond their span")
}

extension sheaf_element_pair {
    @inline(__always)
    fileprivate var sums: (E, E) { (E(first), E(second)) }
}

/// even[x] = a[2x] b[2x], odd[x] = a[2x + 1] b[2x + 1]. `even` may be the first half of `a`, `odd` that of `b`.
public func splitProducts(_ a: ESpan, _ b: ESpan, even: ESpan, odd: ESpan) {
    check(a.count == b.count && a.count == 2 * even.count && even.count == odd.count)
    withExtendedLifetime((a, b, even, odd)) {
        sheaf_split_products(even.planes, odd.planes, a.planes, b.planes, even.count)
    }
}

/// A round of the grand product: Σ w (a1 + s) (b1 + s) and Σ w (a0 + a1) (b0 + b1).
public func layerSums(weights w: ESpan, a0: ESpan, a1: ESpan, b0: ESpan, b1: ESpan, shift s: E) -> (E, E) {
    check(w.count == a0.count && w.count == a1.count && w.count == b0.count && w.count == b1.count)
    return withExtendedLifetime((w, a0, a1, b0, b1)) {
        sheaf_layer_sums(w.planes, a0.planes, a1.planes, b0.planes, b1.planes, s.element, w.count).sums
    }
}

/// Folds the quarters of a and b at c, then a round of the grand product over their halves; as long as `weights`.
public func layerFoldSums(
    weights w: ESpan, _ a: ESpan, _ b: ESpan, quarter: Int, at c: E, shift s: E
) -> (E, E) {
    checkQuarters(a.count, quarter, w.count)
    checkQuarters(b.count, quarter, w.count)
    return withExtendedLifetime((w, a, b)) {
        sheaf_layer_fold_sums(w.planes, a.planes, b.planes, quarter, c.element, s.element, w.count).sums
    }
}

/// Σ a0 b0, Σ a1 b1, Σ (a0 + a1) (b0 + b1): what a product of two linear polynomials takes at 0, at 1 and at infinity.
public func productSums(a0: ESpan, a1: ESpan, b0: ESpan, b1: ESpan) -> (E, E, E) {
    check(a0.count == a1.count && a0.count == b0.count && a0.count == b1.count)
    return withExtendedLifetime((a0, a1, b0, b1)) {
        let sums = sheaf_product_sums(a0.planes, a1.planes, b0.planes, b1.planes, a0.count)
        return (E(sums.first), E(sums.second), E(sums.third))
    }
}

/// A round of an inner product: Σ a0 b0 and Σ (a0 + a1) (b0 + b1).
public func weightedSums(a0: ESpan, a1: ESpan, b0: ESpan, b1: ESpan) -> (E, E) {
    check(a0.count == a1.count && a0.count == b0.count && a0.count == b1.count)
    return withExtendedLifetime((a0, a1, b0, b1)) {
        sheaf_weighted_sums(a0.planes, a1.planes, b0.planes, b1.planes, a0.count).sums
    }
}

/// The same, b an array of K.
public func weightedSums(a0: ESpan, a1: ESpan, b0: KSpan, b1: KSpan) -> (E, E) {
    check(a0.count == a1.count && a0.count == b0.count && a0.count == b1.count)
    return withExtendedLifetime((a0, a1, b0, b1)) {
        sheaf_weighted_sums_packed(a0.planes, a1.planes, b0.pointer, b1.pointer, a0.count).sums
    }
}

/// Folds the quarters of a and b at c, then a round of their inner product over the halves.
public func weightedFoldSums(_ a: ESpan, _ b: ESpan, quarter: Int, count: Int, at c: E) -> (E, E) {
    checkQuarters(a.count, quarter, count)
    checkQuarters(b.count, quarter, count)
    return withExtendedLifetime((a, b)) {
        sheaf_weighted_fold_sums(a.planes, b.planes, quarter, c.element, count).sums
    }
}

/// The same, b an array of K; its halves go to `folded`, half 1 at `quarter`.
public func weightedFoldSums(
    _ a: ESpan, _ b: KSpan, into folded: ESpan, quarter: Int, count: Int, at c: E
) -> (E, E) {
    checkQuarters(a.count, quarter, count)
    checkQuarters(b.count, quarter, count)
    precondition(folded.count >= quarter + count, "halves beyond their span")
    return withExtendedLifetime((a, b, folded)) {
        sheaf_weighted_fold_sums_packed(a.planes, b.pointer, folded.planes, quarter, c.element, count).sums
    }
}

/// d[x] += Σ_q c[q] k[q · stride + x]: rows of K, each times an element. `k` ends with the last row.
public func combine(_ k: KSpan, stride: Int, by c: ESpan, into d: ESpan) {
    check(c.count > 0 && stride >= d.count && k.count == (c.count - 1) * stride + d.count)
    withExtendedLifetime((k, c, d)) {
        sheaf_combine_packed(d.planes, k.pointer, stride, c.planes, c.count, d.count)
    }
}

/// Σ w (a + 1) (b + 1)
public func layerDifferences(weights w: ESpan, _ a: ESpan, _ b: ESpan) -> E {
    check(w.count == a.count && w.count == b.count)
    return withExtendedLifetime((w, a, b)) { E(sheaf_layer_differences(w.planes, a.planes, b.planes, w.count)) }
}

/// Σ w (a + b)
public func weightedSum(weights w: ESpan, _ a: ESpan, _ b: ESpan) -> E {
    check(w.count == a.count && w.count == b.count)
    return withExtendedLifetime((w, a, b)) { E(sheaf_weighted_sum(w.planes, a.planes, b.planes, w.count)) }
}
