import CKernels

// Operations on spans, by the kernels of the instruction set in use. The spans of one call have the same length where nothing
// else is said. A result may go to the place of an operand; otherwise nothing may overlap. All are sequential: a caller
// splits its arrays with `parallel`, into parts of some hundred elements or more.
//
// A span's pointers are valid while its vector lives: hence `withExtendedLifetime` around each kernel.

@inline(__always)
private func check(_ condition: Bool) {
    precondition(condition, "spans of different lengths")
}

extension E {
    @inline(__always)
    package var element: sheaf_element { sheaf_element(c0: c0, c1: c1, c2: c2) }
}

/// d[x] = a[x] b[x]
public func multiply(_ a: ESpan, _ b: ESpan, into d: ESpan) {
    check(a.count == b.count && a.count == d.count)
    withExtendedLifetime((a, b, d)) { sheaf_multiply(d.planes, a.planes, b.planes, a.count) }
}

/// d[x] = a[x]²
public func square(_ a: ESpan, into d: ESpan) {
    check(a.count == d.count)
    withExtendedLifetime((a, d)) { sheaf_square(d.planes, a.planes, a.count) }
}

/// d[x] += a[x]
public func add(_ a: ESpan, into d: ESpan) {
    check(a.count == d.count)
    withExtendedLifetime((a, d)) { sheaf_add(d.planes, a.planes, a.count) }
}

/// d[x] += c
public func add(_ c: E, to d: ESpan) {
    withExtendedLifetime(d) {
        let planes = d.planes
        for (plane, word) in [c.c0, c.c1, c.c2].enumerated() {
            let words = planes.base + plane * planes.stride
            for x in 0..<d.count { words[x] ^= word }
        }
    }
}

/// d[x] = c a[x]
public func scale(_ a: ESpan, by c: E, into d: ESpan) {
    check(a.count == d.count)
    withExtendedLifetime((a, d)) { sheaf_scale(d.planes, a.planes, c.element, a.count) }
}

/// d[x] += c a[x]
public func scaleAdd(_ a: ESpan, by c: E, into d: ESpan) {
    check(a.count == d.count)
    withExtendedLifetime((a, d)) { sheaf_scale_add(d.planes, a.planes, c.element, a.count) }
}

/// d[x] += a[x] b[x]
public func multiplyAdd(_ a: ESpan, _ b: ESpan, into d: ESpan) {
    check(a.count == b.count && a.count == d.count)
    withExtendedLifetime((a, b, d)) { sheaf_multiply_add(d.planes, a.planes, b.planes, a.count) }
}

/// d[x] = a[x] b[x]
public func multiply(_ a: ESpan, _ b: KSpan, into d: ESpan) {
    check(a.count == b.count && a.count == d.count)
    withExtendedLifetime((a, b, d)) { sheaf_multiply_packed(d.planes, a.planes, b.pointer, a.count) }
}

/// d[x] = a[x] b[x]
public func multiply(_ a: KSpan, _ b: KSpan, into d: KSpan) {
    check(a.count == b.count && a.count == d.count)
    withExtendedLifetime((a, b, d)) { sheaf_packed_multiply(d.pointer, a.pointer, b.pointer, a.count) }
}

/// Σ a[x]
public func sum(_ a: ESpan) -> E {
    withExtendedLifetime(a) { E(sheaf_sum(a.planes, a.count)) }
}

/// Σ a[x] b[x]
public func innerProduct(_ a: ESpan, _ b: ESpan) -> E {
    check(a.count == b.count)
    return withExtendedLifetime((a, b)) { E(sheaf_inner(a.planes, b.planes, a.count)) }
}

/// Σ a[x] b[x]
public func innerProduct(_ a: ESpan, _ b: KSpan) -> E {
    check(a.count == b.count)
    return withExtendedLifetime((a, b)) { E(sheaf_inner_packed(a.planes, b.pointer, a.count)) }
}

/// d[x] = low[x] + c (low[x] + high[x]): the highest bit of the index bound to c
public func fold(_ low: ESpan, _ high: ESpan, at c: E, into d: ESpan) {
    check(low.count == high.count && low.count == d.count)
    withExtendedLifetime((low, high, d)) { sheaf_fold(d.planes, low.planes, high.planes, c.element, low.count) }
}

/// d[x] = low[x] + c (low[x] + high[x]): the first fold of an array of K
public func fold(_ low: KSpan, _ high: KSpan, at c: E, into d: ESpan) {
    check(low.count == high.count && low.count == d.count)
    withExtendedLifetime((low, high, d)) {
        sheaf_fold_packed(d.planes, low.pointer, high.pointer, c.element, low.count)
    }
}

/// One coordinate of an equality table: high[x] = c low[x], then low[x] += high[x].
public func expand(_ low: ESpan, _ high: ESpan, at c: E) {
    check(low.count == high.count)
    withExtendedLifetime((low, high)) { sheaf_expand(low.planes, high.planes, c.element, low.count) }
}

/// d[x] = a[2x] a[2x + 1]; `a` is twice as long as `d`, which may be its first half.
public func pairProducts(_ a: ESpan, into d: ESpan) {
    check(a.count == 2 * d.count)
    withExtendedLifetime((a, d)) { sheaf_pair_products(d.planes, a.planes, d.count) }
}

/// even[x] = a[2x], odd[x] = a[2x + 1]; `a` is twice as long as either.
public func split(_ a: ESpan, even: ESpan, odd: ESpan) {
    check(a.count == 2 * even.count && even.count == odd.count)
    withExtendedLifetime((a, even, odd)) { sheaf_split(even.planes, odd.planes, a.planes, even.count) }
}

/// scale · eq(point, index) for every index below 2ⁿ, n the number of coordinates: the length of `table`.
public func eqTable(_ point: [E], scale: E = .one, into table: ESpan) {
    check(table.count == 1 << point.count)
    table[0] = scale
    for (k, coordinate) in point.enumerated() {
        expand(table[0..<1 << k], table[1 << k..<2 << k], at: coordinate)
    }
}

extension ESpan {
    /// Takes the elements of another span over.
    public func copy(_ other: ESpan) {
        check(count == other.count)
        withExtendedLifetime((self, other)) {
            for plane in 0..<3 {
                (planes.base + plane * planes.stride).update(
                    from: other.planes.base + plane * other.planes.stride, count: count)
            }
        }
    }

    /// Makes all elements `element`.
    public func fill(_ element: E) {
        withExtendedLifetime(self) {
            for (plane, word) in [element.c0, element.c1, element.c2].enumerated() {
                (planes.base + plane * planes.stride).update(repeating: word, count: count)
            }
        }
    }
}
