import BinaryFields
import CKernels
import Synchronization
import Tables

/// Step 2: P(Z) = Σ_i Σ_r W(i, r)·(A·B + C) on the coset of S, where W(i, r) = eq(κ, i)·eq(τ, r)·[r < h].
///
/// A, B and their product live in GF(2⁸); the weights of eight rows are three fixed bytes' tensor times one element, so E
/// enters once in eight rows. C is linear: the weighted sums of its 64 bits are taken, row segment by row segment, as the
/// rounds over i need them as well.
struct Univariate {
    /// P on the coset.
    private(set) var values: [E]
    /// For each constraint pair and each row segment below its height, Σ eq(τ, r) c over the rows of the segment, for the
    /// 64 bits of c: `bits[i][segment]`.
    private(set) var bits: [[[E]]]

    init(_ trace: Trace, segments: RowSegments, kappa: [E], tau: EqualityWeights) {
        let tau = Self.fixedCoordinates(tau)
        let byPair = eqTable(kappa)
        let pairs = trace.constraints
        // What one call works on: a table and a few thousand of its rows.
        let work = trace.tables.flatMap { table in
            let rows = trace.system.constraintPairs(of: table).isEmpty ? 0 : trace.height(table)
            return stride(from: 0, to: rows, by: Self.rows).map { (table: table, rows: $0..<min($0 + Self.rows, rows)) }
        }
        let sums = Mutex(
            Sums(
                products: [E](repeating: .zero, count: 64),
                bits: pairs.indices.map { i in
                    let below = segments.count(below: trace.height(trace.tableOfConstraint[i]))
                    return [[E]](repeating: [E](repeating: .zero, count: 64), count: below)
                }))
        parallel(work.count, grain: 1) { range in
            for (table, rows) in work[range] {
                let part = Self.sums(trace, segments, table: table, rows: rows, byPair: byPair, tau: tau.weights)
                sums.withLock { $0.add(part, firstPair: trace.system.constraintPairs(of: table).lowerBound) }
            }
        }
        let total = sums.withLock { $0 }
        bits = total.bits.map { pair in pair.map { segment in segment.map { tau.factor * $0 } } }
        let linear = bits.enumerated().reduce(into: [E](repeating: .zero, count: 64)) { sum, pair in
            for segment in pair.element {
                for s in 0..<64 { sum[s] += byPair[pair.offset] * segment[s] }
            }
        }
        values = (0..<64).map { c in
            zip(UnivariateDomain.toCoset[c], linear).reduce(tau.factor * total.products[c]) { $0 + $1.0 * $1.1 }
        }
    }

    /// τ with all three fixed coordinates, as the weights of eight rows are taken together, and what this divides the weights
    /// of the rows below 2^n by, if n < 3: Π (1 + the coordinates that were added). Both parts of a value are sums over these
    /// rows, so they are multiplied by its inverse in the end.
    private static func fixedCoordinates(_ tau: EqualityWeights) -> (weights: EqualityWeights, factor: E) {
        let added = UnivariateDomain.fixedTau.dropFirst(tau.point.count).map { E($0) }
        guard !added.isEmpty else { return (tau, .one) }
        return (EqualityWeights(tau.point + added), added.reduce(.one) { $0 * (.one + $1) }.inverse())
    }

    /// Rows of a call.
    private static let rows = 8 * Trace.chunk

    private struct Sums: Sendable {
        var products: [E]
        /// By constraint pair, of one table or of all, and by segment.
        var bits: [[[E]]]

        mutating func add(_ other: Sums, firstPair: Int) {
            for c in 0..<64 { products[c] += other.products[c] }
            for (i, pair) in other.bits.enumerated() {
                for (segment, sums) in pair.enumerated() {
                    for s in 0..<64 { bits[firstPair + i][segment][s] += sums[s] }
                }
            }
        }
    }

    private static func sums(
        _ trace: Trace, _ segments: RowSegments, table: Int, rows: Range<Int>, byPair: [E], tau: EqualityWeights
    ) -> Sums {
        let pairs = trace.system.constraintPairs(of: table)
        let below = segments.count(below: trace.height(table))
        let chunk = Trace.chunk
        let level = sheaf_isa_current()
        let products = EVector(64)
        let product = EVector(64)
        let bits = EVector(64 * pairs.count * below)
        let sum = EVector(64)
        let weights = EVector(unset: chunk)
        let prepared = KVector(unset: sheaf_words_weights_size(level) * chunk / 8)
        let words = KVector(unset: 3 * chunk)
        let (a, b, c) = (words.span.pointer, words.span.pointer + chunk, words.span.pointer + 2 * chunk)
        for piece in segments.pieces(in: rows, block: chunk) {
            // Whole groups of eight rows are read; those outside of the piece count zero.
            let start = piece.rows.lowerBound & ~7
            let lead = piece.rows.lowerBound - start
            let end = lead + piece.rows.count
            let blocks = (end + 7) / 8
            let reach = min(start + 8 * blocks, 1 << tau.point.count)
            tau.write(start..<reach, into: weights[0..<reach - start])
            let planes = weights.span.planes
            sheaf_words_weights(
                level, planes.base, planes.base + planes.stride, planes.base + 2 * planes.stride, blocks,
                prepared.span.pointer
            )
            for (number, i) in pairs.enumerated() {
                let pair = trace.constraints[i]
                for (form, target) in [(pair.a, a), (pair.b, b), (pair.c, c)] {
                    form.evaluate(piece.rows, of: trace.stack, into: target + lead)
                    target.update(repeating: 0, count: lead)
                    (target + end).update(repeating: 0, count: 8 * blocks - end)
                }
                product.span.fill(.zero)
                sheaf_words_univariate(level, a, b, blocks, prepared.span.pointer, product.span.planes.base)
                scaleAdd(product.span, by: byPair[i], into: products.span)
                sum.span.fill(.zero)
                sheaf_words_bit_sums(level, c, blocks, prepared.span.pointer, sum.span.planes.base)
                let place = 64 * (number * below + piece.segment)
                add(sum.span, into: bits[place..<place + 64])
            }
        }
        return Sums(
            products: (0..<64).map { products[$0] },
            bits: pairs.indices.map { pair in
                (0..<below).map { segment in
                    let place = 64 * ((pair - pairs.lowerBound) * below + segment)
                    return (0..<64).map { bits[place + $0] }
                }
            })
    }
}
