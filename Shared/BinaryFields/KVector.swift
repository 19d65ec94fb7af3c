import CKernels

/// An array of K for the prover: one plane, zero at first. `@unchecked Sendable` as `EVector` is, and for the same reason.
public final class KVector: @unchecked Sendable {
    public let count: Int
    let base: UnsafeMutablePointer<UInt64>

    /// - Precondition: `count` elements fit into memory; lengths from outside are checked before.
    public convenience init(_ count: Int) { self.init(count, allocate: sheaf_allocate) }

    /// Elements that may be any, of which each is written before it is read.
    public convenience init(unset count: Int) { self.init(count, allocate: sheaf_allocate_unset) }

    private init(_ count: Int, allocate: (Int) -> UnsafeMutablePointer<UInt64>?) {
        precondition(count >= 0 && count < 1 << 40, "an array of \(count) elements")
        self.count = count
        guard let memory = allocate(count) else { fatalError("no memory for \(count) elements") }
        base = memory
    }

    public convenience init(_ elements: [K]) {
        self.init(elements.count)
        for (i, element) in elements.enumerated() { self[i] = element }
    }

    deinit { sheaf_release(base, count) }

    public subscript(index: Int) -> K {
        get {
            precondition(index >= 0 && index < count, "element \(index) of \(count)")
            return K(base[index])
        }
        set {
            precondition(index >= 0 && index < count, "element \(index) of \(count)")
            base[index] = newValue.bits
        }
    }

    /// All of it.
    public var span: KSpan { KSpan(vector: self, start: 0, count: count) }

    public subscript(range: Range<Int>) -> KSpan { span[range] }

    /// Calls `body` with the words, which are valid until it returns: for loops that fill them.
    public func withWords<R>(_ body: (UnsafeMutableBufferPointer<UInt64>) throws -> R) rethrows -> R {
        try withExtendedLifetime(self) { try body(UnsafeMutableBufferPointer(start: base, count: count)) }
    }
}

/// A range of a `KVector`, which it keeps alive.
public struct KSpan: Sendable {
    public let vector: KVector
    /// Where it begins in the vector.
    public let start: Int
    public let count: Int

    /// A part of this span, counted from its own start.
    public subscript(range: Range<Int>) -> KSpan {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "elements \(range) of \(count)")
        return KSpan(vector: vector, start: start + range.lowerBound, count: range.count)
    }

    public subscript(index: Int) -> K {
        get {
            precondition(index >= 0 && index < count, "element \(index) of \(count)")
            return vector[start + index]
        }
        nonmutating set {
            precondition(index >= 0 && index < count, "element \(index) of \(count)")
            vector[start + index] = newValue
        }
    }

    public var elements: [K] { (0..<count).map { self[$0] } }

    /// For kernels: valid while the vector is.
    package var pointer: UnsafeMutablePointer<UInt64> { vector.base + start }
}
