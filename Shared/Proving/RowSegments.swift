import BinaryFields
import Tables

/// The rows, cut at the heights of the tables that have constraints: within a segment the same tables count.
package struct RowSegments: Sendable {
    /// Where each segment ends, rising; the first begins at 0.
    package let ends: [Int]

    package init(_ trace: Trace) {
        let heights = trace.tables.filter { !trace.system.constraintPairs(of: $0).isEmpty }.map { trace.height($0) }
        ends = Set(heights).subtracting([0]).sorted()
    }

    var count: Int { ends.count }

    /// How many of the segments lie below a height, which is one of the ends or 0.
    func count(below height: Int) -> Int { ends.firstIndex(of: height).map { $0 + 1 } ?? 0 }

    /// A function with one value for each segment.
    func steps(_ values: [E]) -> StepFunction {
        StepFunction(zip(zip([0] + ends, ends), values).map { .init(rows: $0.0..<$0.1, value: $1) })
    }

    /// Rows of one segment.
    struct Piece: Sendable {
        let segment: Int
        let rows: Range<Int>
    }

    /// `rows` in pieces that end with segments and with every `block` rows; nothing beyond the last segment.
    func pieces(in rows: Range<Int>, block: Int) -> [Piece] {
        var pieces: [Piece] = []
        var start = rows.lowerBound
        for (segment, end) in ends.enumerated() {
            while start < min(end, rows.upperBound) {
                let next = min((start / block + 1) * block, end, rows.upperBound)
                pieces.append(Piece(segment: segment, rows: start..<next))
                start = next
            }
        }
        return pieces
    }
}
