import CKernels

/// An array of E for the prover, in three planes: one allocation, zero at first.
///
///     base          c0 of all elements
///     + stride      c1
///     + 2 stride    c2
///
/// Kernels take spans of it. It is a class, so that many threads may fill one array: `@unchecked Sendable`, because whoever
/// calls `parallel` promises that no range writes what another one reads or writes.
public final class EVector: @unchecked Sendable {
    public let count: Int
    /// Words from plane to plane: `count` rounded up to a cache line, and off the multiples of a page, where planes would
    /// compete for the same lines of the cache.
    let stride: Int
    let base: UnsafeMutablePointer<UInt64>

    /// - Precondition: `count` elements fit into memory; lengths from outside are checked before.
    public convenience init(_ count: Int) { self.init(count, allocate: sheaf_allocate) }

    /// Elements that may be any, of which each is written before it is read.
    public convenience init(unset count: Int) { self.init(count, allocate: sheaf_allocate_unset) }

    private init(_ count: Int, allocate: (Int) -> UnsafeMutablePointer<UInt64>?) {
        precondition(count >= 0 && count < 1 << 40, "an array of \(count) elements")
        self.count = count
        let rounded = (count + 7) & ~7
        stride = rounded < 512 ? rounded : rounded + ((680 - rounded) & 511)  // 168 modulo 512
        guard let memory = allocate(3 * stride) else { fatalError("no memory for \(count) elements") }
        base = memory
    }

    public convenience init(_ elements: [E]) {
        self.init(elements.count)
        for (i, element) in elements.enumerated() { self[i] = element }
    }

    deinit { sheaf_release(base, 3 * stride) }

    public subscript(index: Int) -> E {
        get {
            precondition(index >= 0 && index < count, "element \(index) of \(count)")
            return E(base[index], base[index + stride], base[index + 2 * stride])
        }
        set {
            precondition(index >= 0 && index < count, "element \(index) of \(count)")
            base[index] = newValue.c0
            base[index + stride] = newValue.c1
            base[index + 2 * stride] = newValue.c2
        }
    }

    /// All of it.
    public var span: ESpan { ESpan(vector: self, start: 0, count: count) }

    public subscript(range: Range<Int>) -> ESpan { span[range] }
}

/// A range of an `EVector`, which it keeps alive.
public struct ESpan: Sendable {
    public let vector: EVector
    /// Where it begins in the vector.
    public let start: Int
    public let count: Int

    /// A part of this span, counted from its own start.
    public subscript(range: Range<Int>) -> ESpan {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "elements \(range) of \(count)")
        return ESpan(vector: vector, start: start + range.lowerBound, count: range.count)
    }

    public subscript(index: Int) -> E {
        get {
            precondition(index >= 0 && index < count, "element \(index) of \(count)")
            return vector[start + index]
        }
        nonmutating set {
            precondition(index >= 0 && index < count, "element \(index) of \(count)")
            vector[start + index] = newValue
        }
    }

    public var elements: [E] { (0..<count).map { self[$0] } }

    /// For kernels: valid while the vector is.
    package var planes: sheaf_planes { sheaf_planes(base: vector.base + start, stride: vector.stride) }
}
