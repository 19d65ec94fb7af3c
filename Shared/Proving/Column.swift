import BinaryFields

/// A function on rows that has one value from its length on: columns of factors are kept to the rows of their table.
package struct Column: Sendable {
    let values: EVector
    /// Where in `values` row 0 stands.
    var start = 0
    /// The rows that are stored.
    var length: Int

    package init(_ values: EVector) {
        self.values = values
        length = values.count
    }

    init(_ values: EVector, rows: Range<Int>) {
        self.values = values
        start = rows.lowerBound
        length = rows.count
    }

    static let empty = Column(EVector(0))

    /// Columns of these lengths, in one array: large memory is given and taken in whole huge pages. Their values may be any,
    /// each is written before it is read.
    static func columns(_ lengths: [Int]) -> [Column] {
        let places = lengths.map { ($0 + 7) & ~7 }
        let values = EVector(unset: places.reduce(0, +))
        var end = 0
        return zip(lengths, places).map { length, place in
            defer { end += place }
            return Column(values, rows: end..<end + length)
        }
    }

    /// The values of `rows`, of which those from `length` on are `fill`'s: in place, or copied together where only some
    /// are stored.
    ///
    /// - Parameter fill: the value beyond, at least as often as there are rows.
    func block(_ rows: Range<Int>, fill: ESpan) -> ESpan {
        if rows.upperBound <= length {
            return values[start + rows.lowerBound..<start + rows.upperBound]
        }
        if rows.lowerBound >= length {
            return fill[0..<rows.count]
        }
        let stored = length - rows.lowerBound
        let block = EVector(unset: rows.count)
        block[0..<stored].copy(values[start + rows.lowerBound..<start + length])
        block[stored..<rows.count].copy(fill[stored..<rows.count])
        return block.span
    }

    /// Binds the higher of the two top bits for `rows` of a quarter, in place: quarters 0 and 2 give the first half, 1 and 3
    /// the second.
    ///
    /// - Returns: the rows of both halves, with `fill` beyond what is stored.
    func fold(_ rows: Range<Int>, quarter: Int, fill: ESpan, at challenge: E) -> (ESpan, ESpan) {
        func half(_ part: Int) -> ESpan {
            let (low, high) = (dropping(part * quarter), dropping((part + 2) * quarter))
            let stored = rows.lowerBound..<max(rows.lowerBound, min(rows.upperBound, low.length))
            if !stored.isEmpty {
                let target = low.span[stored]
                BinaryFields.fold(target, high.block(stored, fill: fill), at: challenge, into: target)
            }
            return low.block(rows, fill: fill)
        }
        return (half(0), half(1))
    }

    /// The one value that is left of at most two rows when their bit is bound.
    ///
    /// - Parameters:
    ///   - challenge: nil if there is one row, without a bit.
    ///   - beyond: the value of rows that are not stored.
    func last(at challenge: E?, beyond: E) -> E {
        let low = length > 0 ? span[0] : beyond
        guard let challenge else { return low }
        return low + challenge * (low + (length > 1 ? span[1] : beyond))
    }

    /// The rows of the column that begin `by` further on.
    func dropping(_ by: Int) -> Column {
        let dropped = min(by, length)
        return Column(values, rows: start + dropped..<start + length)
    }

    package var span: ESpan { values[start..<start + length] }

    /// As long as `count`, with zeros beyond the length, in memory of its own.
    func padded(to count: Int) -> Column {
        guard length < count || values.count > count else { return self }
        let padded = EVector(unset: count)
        parallel(count, grain: EqualityWeights.block) { rows in
            let stored = max(rows.lowerBound, min(rows.upperBound, length))
            padded[rows.lowerBound..<stored].copy(span[rows.lowerBound..<stored])
            padded[stored..<rows.upperBound].fill(.zero)
        }
        return Column(padded)
    }

    /// Rows from `half` on as a column, and those below it.
    func halves(_ half: Int) -> (low: Column, high: Column) {
        (
            Column(values, rows: start..<start + min(length, half)),
            Column(values, rows: start + min(length, half)..<start + length)
        )
    }
}

/// Pieces of many columns of different lengths, numbered through so that threads share them evenly.
struct Pieces: Sendable {
    struct Piece: Sendable {
        let column: Int
        let rows: Range<Int>
    }

    private(set) var all: [Piece] = []

    /// Blocks of the rows below each length, or parts of blocks, so that there are a dozen pieces for threads to share where
    /// there are enough rows.
    init(_ lengths: [Int], block: Int = EqualityWeights.block) {
        let total = lengths.reduce(0, +)
        var block = block
        while block > 256 && total < 16 * block { block /= 2 }
        for (column, length) in lengths.enumerated() {
            for start in stride(from: 0, to: length, by: block) {
                all.append(Piece(column: column, rows: start..<min(start + block, length)))
            }
        }
    }
}
