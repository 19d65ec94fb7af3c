import Tables

/// Where the rows of one table lie in the stack.
struct TablePlace {
    /// Word 0 of row 0.
    let base: UnsafeMutablePointer<UInt32>
    /// 32-bit words from a column pair to the next.
    let stride: Int

    /// - Parameter row: below the table's height, which the layout was made for: then every word of the row lies
    ///   inside the stack, as a run has room for all rows and every column pair has a run.
    @inline(__always) func row(_ row: Int) -> RowWriter { RowWriter(first: base + 2 * row, stride: stride) }
}

/// Fills one row: the twin of `TableBuilder`. Values are given in the order in which the table declares its fields, with
/// the same widths, and are packed by the same rule; so places need no look-up, and, as widths are constants, cost a
/// shift each. Tests compare whole rows of every table with the model's, and check them against the descriptions.
struct RowWriter {
    private let first: UnsafeMutablePointer<UInt32>
    private let stride: Int
    private var words = 0
    private var shared = 0
    private var bits: UInt64 = 0
    private var filled = 32

    @inline(__always) init(first: UnsafeMutablePointer<UInt32>, stride: Int) {
        self.first = first
        self.stride = stride
    }

    /// A field of 32 bits.
    @inline(__always) mutating func word(_ value: UInt32) {
        store(words, value)
        words += 1
    }

    /// A field of `width` < 32 bits, of which the lowest of `value` are taken.
    @inline(__always) mutating func bits(_ value: UInt32, _ width: Int) {
        if filled == 32 { begin() }
        bits |= UInt64(value & ones(width)) &<< UInt64(filled)
        filled += width
        if filled >= 32 {
            store(shared, UInt32(truncatingIfNeeded: bits))
            if filled > 32 {
                let (rest, left) = (bits &>> 32, filled - 32)
                begin()
                (bits, filled) = (rest, left)
            }
        }
    }

    /// Stores the last, partly filled word.
    @inline(__always) func finish() {
        if filled < 32 { store(shared, UInt32(truncatingIfNeeded: bits)) }
    }

    @inline(__always) private mutating func begin() {
        (shared, bits, filled) = (words, 0, 0)
        words += 1
    }

    @inline(__always) private func store(_ word: Int, _ value: UInt32) {
        first[(word &>> 1) &* stride &+ (word & 1)] = value
    }
}
