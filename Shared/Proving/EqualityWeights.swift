import BinaryFields

/// eq(point, ·) for any number of the point's lowest coordinates, as a product of two tables: of its ten lowest
/// coordinates, and of the others. A block of 2^10 indices shares the second factor, so that a weighted sum multiplies by
/// it once a block.
package struct EqualityWeights: Sendable {
    /// Indices that share a factor, log2.
    static let blockLog = 11
    static let block = 1 << blockLog

    let point: [E]
    /// low[k] = eq(point[..<k], ·)
    private let low: [EVector]
    /// high[k] = eq(point[blockLog..<blockLog + k], ·)
    private let high: [[E]]

    package init(_ point: [E]) {
        self.point = point
        let lowCount = min(point.count, Self.blockLog)
        low = (0...lowCount).map { count in
            let table = EVector(unset: 1 << count)
            eqTable(Array(point[..<count]), into: table.span)
            return table
        }
        high = point[lowCount...].reduce(into: [[.one]]) { tables, coordinate in
            let upper = tables[tables.count - 1].map { coordinate * $0 }
            tables.append(zip(tables[tables.count - 1], upper).map { $0 + $1 } + upper)
        }
    }

    /// The indices of `rows`, which lie in one block, weigh `scale` · `table`, with `variables` coordinates.
    func block(_ rows: Range<Int>, variables: Int) -> (table: ESpan, scale: E) {
        let lowCount = min(variables, Self.blockLog)
        let start = rows.lowerBound & (1 << lowCount - 1)
        return (low[lowCount][start..<start + rows.count], high[variables - lowCount][rows.lowerBound >> lowCount])
    }

    /// The weights of `rows`, of all coordinates, written out.
    func write(_ rows: Range<Int>, into weights: ESpan) {
        for part in Self.blocks(rows) {
            let (table, scale) = block(part, variables: point.count)
            let start = part.lowerBound - rows.lowerBound
            BinaryFields.scale(table, by: scale, into: weights[start..<start + part.count])
        }
    }

    /// The sum of the weights below `height`, which is at most 2^`variables`.
    func sum(below height: Int, variables: Int) -> E {
        let point = Array(point[..<variables])
        return below(point.map { .one + $0 }, point, height)
    }

    /// `rows`, cut where blocks end.
    static func blocks(_ rows: Range<Int>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = rows.lowerBound
        while start < rows.upperBound {
            let end = min((start >> blockLog + 1) << blockLog, rows.upperBound)
            parts.append(start..<end)
            start = end
        }
        return parts
    }
}
