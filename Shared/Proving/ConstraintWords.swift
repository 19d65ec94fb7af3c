import BinaryFields
import Synchronization

/// A(z, i, r) and B(z, i, r), made from the operands' words as they are needed.
///
/// At z an operand's 64 bits are one element of E, by a GF(2)-linear map. Bits of i that are bound are part of the map:
/// words of the pairs that they join are mapped each by its own, and added.
struct ConstraintWords: Sendable {
    private let trace: Trace
    private let segments: RowSegments
    private let tau: EqualityWeights
    /// The Lagrange weights of z.
    private let at: [E]
    /// i is cut in its lowest `low` bits and those above.
    private let low: Int

    init(_ trace: Trace, segments: RowSegments, tau: EqualityWeights, at: [E], low: Int) {
        self.trace = trace
        self.segments = segments
        self.tau = tau
        self.at = at
        self.low = low
    }

    /// Rows that are worked on together: A and B of four i of so many rows stay in the second-level cache.
    private static let block = 256

    /// The pairs with the lowest bits `i`: those that exist and have rows in the segment, with their higher bits.
    private func pairs(_ i: Int, prefix: Int, segment: Int) -> [Trace.ConstraintPair?] {
        (0..<1 << prefix).map { high in
            let number = high << low | i
            guard number < trace.constraints.count else { return nil }
            let height = trace.height(trace.tableOfConstraint[number])
            return segments.ends[segment] <= height ? trace.constraints[number] : nil
        }
    }

    private func pieces() -> [RowSegments.Piece] {
        segments.pieces(in: 0..<(segments.ends.last ?? 0), block: Self.block)
    }

    /// Σ eq(τ, r)·A·B of each segment, for the higher bits (at most two) at 0, at 1 and as the leading coefficient.
    func products(prefix: Int) -> PairGrid {
        let grid = Mutex(PairGrid(low: low, segments: segments.count, bits: prefix))
        guard prefix > 0 else { return grid.withLock { $0 } }
        let map = KMap(at)
        let pieces = pieces()
        parallel(pieces.count, grain: 1) { range in
            let scratch = Scratch(values: 1 << prefix, block: Self.block)
            for piece in pieces[range] {
                tau.write(piece.rows, into: scratch.weights[0..<piece.rows.count])
                var sums: [[E]] = []
                for i in 0..<1 << low {
                    let pairs = pairs(i, prefix: prefix, segment: piece.segment)
                    let values = pairs.enumerated().map { place, pair in
                        pair.map { evaluate($0, piece.rows, map, scratch, place) }
                    }
                    sums.append(prefix == 1 ? Self.three(values[0], values[1]) : Self.nine(values, scratch))
                }
                grid.withLock { grid in
                    for (i, sum) in sums.enumerated() { grid.add(sum, i, piece.segment) }
                }
            }
        }
        return grid.withLock { $0 }
    }

    /// A, times eq(τ, ·), and B with the higher bits bound.
    func folded(at point: [E]) -> PairArrays {
        let maps = eqTable(point).map { scale in KMap(at.map { scale * $0 }) }
        let lengths = (0..<1 << low).map { i in
            (0..<1 << point.count).map { high -> Int in
                let number = high << low | i
                return number < trace.constraints.count ? trace.height(trace.tableOfConstraint[number]) : 0
            }.max() ?? 0
        }
        let (a, b) = (Column.columns(lengths), Column.columns(lengths))
        let pieces = pieces()
        parallel(pieces.count, grain: 1) { range in
            let scratch = Scratch(values: 0, block: Self.block)
            for piece in pieces[range] {
                let count = piece.rows.count
                let weights = scratch.weights[0..<count]
                tau.write(piece.rows, into: weights)
                for i in 0..<1 << low where lengths[i] >= piece.rows.upperBound {
                    let (a, b) = (a[i].span[piece.rows], b[i].span[piece.rows])
                    var isFirst = true
                    for (pair, map) in zip(pairs(i, prefix: point.count, segment: piece.segment), maps) {
                        guard let pair else { continue }
                        let add = isFirst ? map.apply : map.add
                        pair.a.evaluate(piece.rows, of: trace.stack, into: scratch.words.span.pointer)
                        add(scratch.words[0..<count], a)
                        pair.b.evaluate(piece.rows, of: trace.stack, into: scratch.words.span.pointer)
                        add(scratch.words[0..<count], b)
                        isFirst = false
                    }
                    multiply(a, weights, into: a)
                }
            }
        }
        return PairArrays(a: a, b: b)
    }

    private struct Scratch {
        let block: Int
        let words: KVector
        let weights: EVector
        /// A and B of each place, then room for two sums of each.
        let values: EVector

        init(values: Int, block: Int) {
            self.block = block
            words = KVector(unset: block)
            weights = EVector(unset: block)
            self.values = EVector(unset: (2 * values + 4) * block)
        }

        func value(_ place: Int, _ rows: Int) -> ESpan { values[place * block..<place * block + rows] }
    }

    private typealias Values = (a: ESpan, b: ESpan)

    private func evaluate(
        _ pair: Trace.ConstraintPair, _ rows: Range<Int>, _ map: KMap, _ scratch: Scratch, _ place: Int
    ) -> Values {
        let (a, b) = (scratch.value(4 + 2 * place, rows.count), scratch.value(5 + 2 * place, rows.count))
        pair.a.evaluate(rows, of: trace.stack, into: scratch.words.span.pointer)
        map.apply(scratch.words[0..<rows.count], into: a)
        multiply(a, scratch.weights[0..<rows.count], into: a)
        pair.b.evaluate(rows, of: trace.stack, into: scratch.words.span.pointer)
        map.apply(scratch.words[0..<rows.count], into: b)
        return (a, b)
    }

    /// Products at 0, at 1 and of the leading coefficient; what is missing is zero.
    private static func three(_ low: Values?, _ high: Values?) -> [E] {
        switch (low, high) {
        case (nil, nil): return [.zero, .zero, .zero]
        case (let low?, nil):
            let product = innerProduct(low.a, low.b)
            return [product, .zero, product]
        case (nil, let high?):
            let product = innerProduct(high.a, high.b)
            return [.zero, product, product]
        case (let low?, let high?):
            let sums = productSums(a0: low.a, a1: high.a, b0: low.b, b1: high.b)
            return [sums.0, sums.1, sums.2]
        }
    }

    /// The same in two bits.
    private static func nine(_ values: [Values?], _ scratch: Scratch) -> [E] {
        let (low, high) = (three(values[0], values[1]), three(values[2], values[3]))
        let sums = (0..<2).map { sum(values[$0], values[$0 + 2], scratch, 2 * $0) }
        return low + high + three(sums[0], sums[1])
    }

    private static func sum(_ low: Values?, _ high: Values?, _ scratch: Scratch, _ place: Int) -> Values? {
        guard let low, let high else { return low ?? high }
        let rows = low.a.count
        let (a, b) = (scratch.value(place, rows), scratch.value(place + 1, rows))
        a.copy(low.a)
        add(high.a, into: a)
        b.copy(low.b)
        add(high.b, into: b)
        return (a, b)
    }
}
