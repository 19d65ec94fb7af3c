import BinaryFields
import CKernels
import Synchronization
import Tables

/// Step 2: P(Z) = Σ_i Σ_r W(i, r)·(A·B + C) on the coset of S, where W(i, r) = eq(κ, i)·eq(τ, r)·[r < h].
///
/// A, B and their product live in GF(2⁸); the weights of eight rows are three fixed bytes' tensor times one element, so E
/// enters once in eight rows. C is linear: the weighted sums of its 64 bits are taken, row segment by row segment
/// (`BitSums`), as the rounds over i need them as well.
package struct Univariate {
    /// P on the coset.
    package private(set) var values: [E]
    package let bits: BitSums

    package init(_ trace: Trace, segments: RowSegments, kappa: [E], tau: EqualityWeights) {
        let tau = Self.fixedCoordinates(tau)
        let byPair = eqTable(kappa)
        // What one call works on: a table and some of its rows; what takes longest first.
        let work = trace.tables.flatMap { table in
            let rows = trace.system.constraintPairs(of: table).isEmpty ? 0 : trace.height(table)
            return stride(from: 0, to: rows, by: Self.rows).map { (table: table, rows: $0..<min($0 + Self.rows, rows)) }
        }.sorted {
            trace.system.constraintPairs(of: $0.table).count > trace.system.constraintPairs(of: $1.table).count
        }
        let bits = BitSums(trace, segments)
        let products = EVector(64)
        let lock = Mutex(())
        parallel(work.count, grain: 1) { range in
            for (table, rows) in work[range] {
                let part = Self.sums(trace, segments, table: table, rows: rows, byPair: byPair, tau: tau.weights)
                lock.withLock { _ in
                    add(part.products.span, into: products.span)
                    bits.add(part.bits, table: table, segments: part.segments)
                }
            }
        }
        if tau.factor != .one { bits.scale(by: tau.factor) }
        self.bits = bits
        let linear = parallelSum(trace.constraints.count, grain: 32, width: 64) { range in
            let sum = EVector(64)
            for i in range {
                for segment in 0..<bits.segments(i) {
                    scaleAdd(bits[i, segment], by: byPair[i], into: sum.span)
                }
            }
            return sum.span.elements
        }
        values = (0..<64).map { c in
            zip(UnivariateDomain.toCoset[c], linear).reduce(tau.factor * products[c]) { $0 + $1.0 * $1.1 }
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
    private static let rows = 2 * Trace.chunk

    private static func sums(
        _ trace: Trace, _ segments: RowSegments, table: Int, rows: Range<Int>, byPair: [E], tau: EqualityWeights
    ) -> (products: EVector, bits: EVector, segments: Range<Int>) {
        let pairs = trace.system.constraintPairs(of: table)
        let pieces = segments.pieces(in: rows, block: Trace.chunk)
        let touched = (pieces.first?.segment ?? 0)..<(pieces.last?.segment ?? -1) + 1
        let chunk = Trace.chunk
        let level = sheaf_isa_current()
        let products = EVector(64)
        let product = EVector(64)
        let bits = EVector(64 * pairs.count * touched.count)
        let sum = EVector(64)
        let weights = EVector(unset: chunk)
        let prepared = KVector(unset: sheaf_words_weights_size(level) * chunk / 8)
        let words = KVector(unset: 3 * chunk)
        let (a, b, c) = (words.span.pointer, words.span.pointer + chunk, words.span.pointer + 2 * chunk)
        for piece in pieces {
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
                let place = 64 * (number * touched.count + piece.segment - touched.lowerBound)
                add(sum.span, into: bits[place..<place + 64])
            }
        }
        return (products, bits, touched)
    }
}

/// For each constraint pair and each row segment below its height, Σ eq(τ, r) c over the rows of the segment, for the 64
/// bits of c.
package struct BitSums: Sendable {
    /// By table: 64 for each pair and segment.
    private let tables: [EVector]
    private let places: [(table: Int, number: Int)]
    private let below: [Int]

    init(_ trace: Trace, _ segments: RowSegments) {
        let below = trace.tables.map { segments.count(below: trace.height($0)) }
        tables = trace.tables.map { EVector(64 * trace.system.constraintPairs(of: $0).count * below[$0]) }
        places = trace.constraints.indices.map { i in
            let table = trace.tableOfConstraint[i]
            return (table, i - trace.system.constraintPairs(of: table).lowerBound)
        }
        self.below = below
    }

    /// The segments in which the pair has rows: the first ones.
    func segments(_ pair: Int) -> Int { below[places[pair].table] }

    subscript(pair: Int, segment: Int) -> ESpan {
        let (table, number) = places[pair]
        let start = 64 * (number * below[table] + segment)
        return tables[table][start..<start + 64]
    }

    /// Adds sums of some segments to all pairs of a table; one call at a time.
    fileprivate func add(_ sums: EVector, table: Int, segments: Range<Int>) {
        guard !segments.isEmpty else { return }
        let width = 64 * segments.count
        for number in 0..<sums.count / width {
            let start = 64 * (number * below[table] + segments.lowerBound)
            BinaryFields.add(sums[number * width..<(number + 1) * width], into: tables[table][start..<start + width])
        }
    }

    fileprivate func scale(by factor: E) {
        for sums in tables { BinaryFields.scale(sums.span, by: factor, into: sums.span) }
    }
}
