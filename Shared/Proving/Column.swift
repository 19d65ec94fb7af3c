import BinaryFields

/// A function on rows that has one value from its length on: columns of factors are kept to the rows of their table.
struct Column: Sendable {
    let values: EVector
    /// Where in `values` row 0 stands.
    var start = 0
    /// The rows that are stored.
    var length: Int

    init(_ values: EVector) {
        self.values = values
        length = values.count
    }

    init(_ values: EVector, rows: Range<Int>) {
        self.values = values
        start = rows.lowerBound
        length = rows.count
    }

    static let empty = Column(EVector(0))

    /// The values of `rows`, of which those from `length` on are `fill`'s: in place, or copied together in `scratch`.
    ///
    /// - Parameter fill: the value beyond, at least as often as there are rows.
    func block(_ rows: Range<Int>, fill: ESpan, scratch: ESpan) -> ESpan {
        if rows.upperBound <= length {
            return values[start + rows.lowerBound..<start + rows.upperBound]
        }
        if rows.lowerBound >= length {
            return fill[0..<rows.count]
        }
        let stored = length - rows.lowerBound
        scratch[0..<stored].copy(values[start + rows.lowerBound..<start + length])
        scratch[stored..<rows.count].copy(fill[stored..<rows.count])
        return scratch[0..<rows.count]
    }

    var span: ESpan { values[start..<start + length] }

    /// As long as `count`, with zeros beyond the length.
    func padded(to count: Int) -> Column {
        guard length < count else { return self }
        let padded = EVector(count)
        padded[0..<length].copy(span)
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

    /// Blocks of the rows below each length.
    init(_ lengths: [Int], block: Int = EqualityWeights.block) {
        for (column, length) in lengths.enumerated() {
            for start in stride(from: 0, to: length, by: block) {
                all.append(Piece(column: column, rows: start..<min(start + block, length)))
            }
        }
    }
}
