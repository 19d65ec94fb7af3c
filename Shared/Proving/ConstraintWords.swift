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

    /// The pair with the lowest bits `i` and the higher bits `high`, if it exists and has rows in the segment.
    private func pair(_ i: Int, high: Int, segment: Int) -> Int? {
        let number = high << low | i
        guard number < trace.constraints.count else { return nil }
        return segments.ends[segment] <= trace.height(trace.tableOfConstraint[number]) ? number : nil
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
        let width = prefix == 1 ? 3 : 9
        parallel(pieces.count, grain: 1) { range in
            let scratch = Scratch(values: 1 << prefix, block: Self.block)
            var sums = [E](repeating: .zero, count: width << low)
            for piece in pieces[range] {
                tau.write(piece.rows, into: scratch.weights[0..<piece.rows.count])
                for i in 0..<1 << low {
                    var present = 0
                    for high in 0..<1 << prefix {
                        guard let number = pair(i, high: high, segment: piece.segment) else { continue }
                        evaluate(number, piece.rows, map, scratch, place: high)
                        present |= 1 << high
                    }
                    scratch.products(present, prefix: prefix, piece.rows.count, into: &sums, at: width * i)
                }
                grid.withLock { grid in
                    for i in 0..<1 << low { grid.add(sums[width * i..<width * (i + 1)], i, piece.segment) }
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
                    for high in maps.indices {
                        guard let number = pair(i, high: high, segment: piece.segment) else { continue }
                        let words = scratch.words[0..<count]
                        trace.constraints[number].a.evaluate(piece.rows, of: trace.stack, into: words.pointer)
                        maps[high].map(words, into: a, adding: !isFirst)
                        trace.constraints[number].b.evaluate(piece.rows, of: trace.stack, into: words.pointer)
                        maps[high].map(words, into: b, adding: !isFirst)
                        isFirst = false
                    }
                    multiply(a, weights, into: a)
                }
            }
        }
        return PairArrays(a: a, b: b)
    }

    /// A and B of the pair's rows at z, A times the rows' weights.
    private func evaluate(_ number: Int, _ rows: Range<Int>, _ map: KMap, _ scratch: Scratch, place: Int) {
        let words = scratch.words[0..<rows.count]
        let (a, b) = (scratch.a(place, rows.count), scratch.b(place, rows.count))
        trace.constraints[number].a.evaluate(rows, of: trace.stack, into: words.pointer)
        map.apply(words, into: a)
        multiply(a, scratch.weights[0..<rows.count], into: a)
        trace.constraints[number].b.evaluate(rows, of: trace.stack, into: words.pointer)
        map.apply(words, into: b)
    }

    /// Room for one block of rows.
    private struct Scratch {
        let block: Int
        let words: KVector
        let weights: EVector
        /// A and B of each place.
        private let values: EVector
        /// Where sums of places go.
        private let sums: Int

        init(values count: Int, block: Int) {
            self.block = block
            words = KVector(unset: block)
            weights = EVector(unset: block)
            values = EVector(unset: 2 * (count + 2) * block)
            sums = count
        }

        func a(_ place: Int, _ rows: Int) -> ESpan { values[2 * place * block..<2 * place * block + rows] }
        func b(_ place: Int, _ rows: Int) -> ESpan { a(place, rows + block)[block..<block + rows] }

        /// Writes products of what stands at the places 0 to 2^prefix − 1, for each bit of the place at 0, at 1 and of the
        /// leading coefficient, the top bit's digit counting most.
        ///
        /// - Parameter present: a bit for each place; what is missing is zero.
        func products(_ present: Int, prefix: Int, _ rows: Int, into result: inout [E], at start: Int) {
            guard prefix > 1 else { return three(0, 1, present, rows, into: &result, at: start) }
            three(0, 1, present, rows, into: &result, at: start)
            three(2, 3, present, rows, into: &result, at: start + 3)
            // The sums of places 0 and 2, and of 1 and 3: where one of two is missing, the other one.
            var (places, presentSums) = ([0, 1], 0)
            for low in 0..<2 {
                let (isLow, isHigh) = (present >> low & 1 == 1, present >> (low + 2) & 1 == 1)
                places[low] = isLow && isHigh ? sums + low : isLow ? low : low + 2
                guard isLow || isHigh else { continue }
                presentSums |= 1 << places[low]
                guard isLow && isHigh else { continue }
                add(a(low, rows), a(low + 2, rows), into: a(sums + low, rows))
                add(b(low, rows), b(low + 2, rows), into: b(sums + low, rows))
            }
            three(places[0], places[1], presentSums, rows, into: &result, at: start + 6)
        }

        private func add(_ first: ESpan, _ second: ESpan, into sum: ESpan) {
            sum.copy(first)
            BinaryFields.add(second, into: sum)
        }

        private func three(_ low: Int, _ high: Int, _ present: Int, _ rows: Int, into result: inout [E], at start: Int)
        {
            switch (present >> low & 1 == 1, present >> high & 1 == 1) {
            case (false, false):
                for digit in 0..<3 { result[start + digit] = .zero }
            case (true, false):
                let product = innerProduct(a(low, rows), b(low, rows))
                (result[start], result[start + 1], result[start + 2]) = (product, .zero, product)
            case (false, true):
                let product = innerProduct(a(high, rows), b(high, rows))
                (result[start], result[start + 1], result[start + 2]) = (.zero, product, product)
            case (true, true):
                let sums = productSums(a0: a(low, rows), a1: a(high, rows), b0: b(low, rows), b1: b(high, rows))
                (result[start], result[start + 1], result[start + 2]) = sums
            }
        }
    }
}
