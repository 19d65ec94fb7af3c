import BinaryFields
import Synchronization
import Tables

/// A slot's children on both sides, between which the side's bit is bound: the first round of a layer's sumcheck.
///
/// A pass reads all that the layer has, from memory or made from words, so there are two: one for this round's sums, and
/// one that binds and takes the sums of the rows' first round while what was bound is in the cache.
struct SideQuad: Sendable {
    /// Pushed.
    let low: (even: Nodes, odd: Nodes)
    /// Pulled.
    let high: (even: Nodes, odd: Nodes)
    /// eq of the slot.
    let weight: E

    private var highLength: Int { max(high.even.length, high.odd.length) }
    private var length: Int { max(low.even.length, low.odd.length, highLength) }

    /// t(1) = Σ over slots and rows of the weights times the product of the high children, which is one for all that are
    /// not stored, and the leading coefficient, where these are zero.
    static func sums(_ quads: [SideQuad], _ weights: EqualityWeights) -> (atOne: E, leading: E) {
        let variables = weights.point.count
        let pieces = Pieces(quads.map(\.length)).all
        let fill = Nodes.ones
        let sums = parallelSum(pieces.count, grain: 2, width: 2) { range in
            var result = [E.zero, .zero]
            let room = Nodes.Room(blocks: 4)
            for piece in pieces[range] {
                let quad = quads[piece.column]
                // Rows where both high children are one count for the leading coefficient only.
                let middle = min(max(piece.rows.lowerBound, quad.highLength), piece.rows.upperBound)
                for rows in [piece.rows.lowerBound..<middle, middle..<piece.rows.upperBound] where !rows.isEmpty {
                    let (table, scale) = weights.block(rows, variables: variables)
                    let factor = quad.weight * scale
                    let even = quad.low.even.block(rows, fill: fill, room: room, place: 0)
                    let odd = quad.low.odd.block(rows, fill: fill, room: room, place: 1)
                    guard rows.lowerBound < middle else {
                        result[1] += factor * layerDifferences(weights: table, even, odd)
                        continue
                    }
                    let (atOne, leading) = layerSums(
                        weights: table, a0: even, a1: quad.high.even.block(rows, fill: fill, room: room, place: 2),
                        b0: odd, b1: quad.high.odd.block(rows, fill: fill, room: room, place: 3), shift: .zero)
                    result[0] += factor * atOne
                    result[1] += factor * leading
                }
            }
            return result
        }
        let counted = quads.reduce(E.zero) { sum, quad in
            sum + quad.weight * weights.sum(below: quad.highLength, variables: variables)
        }
        return (.one + counted + sums[0], sums[1])
    }

    /// A slot's children with the side bound.
    struct Bound: Sendable {
        let even: Column
        let odd: Column
        /// Of the first round in which the rows take part.
        var first = FirstSums()

        var length: Int { max(even.length, odd.length) }
        /// ⌈log₂⌉ of the longer length.
        var log: Int { ceilLog2(length) }
    }

    /// Binds the side, over the longer of the two columns that each child comes from, if it is stored.
    static func bind(_ quads: [SideQuad], at challenge: E, _ weights: EqualityWeights) -> [Bound] {
        let sources = quads.flatMap { [($0.low.even, $0.high.even), ($0.low.odd, $0.high.odd)] }
        let longer = sources.map { $0.0.length >= $0.1.length ? $0.0 : $0.1 }
        let made = Column.columns(longer.map { if case .factors = $0 { $0.length } else { 0 } })
        let targets = zip(longer, made).map { if case .stored(let column) = $0 { column } else { $1 } }
        let bound = quads.indices.map { Bound(even: targets[2 * $0], odd: targets[2 * $0 + 1]) }
        // A piece is rows of the lower half, together with those of the upper one.
        let halves = bound.map { $0.length > 1 ? 1 << ($0.log - 1) : 1 }
        let pieces = Pieces(bound.indices.map { min(bound[$0].length, halves[$0]) }).all
        let firsts = Mutex([FirstSums](repeating: FirstSums(), count: quads.count))
        parallel(pieces.count, grain: 1) { range in
            let room = Nodes.Room(blocks: 2)
            for piece in pieces[range] {
                let (pair, half) = (bound[piece.column], halves[piece.column])
                let upper = piece.rows.lowerBound + half..<piece.rows.upperBound + half
                for child in 0..<2 {
                    let (target, source) = (targets[2 * piece.column + child], sources[2 * piece.column + child])
                    for part in [piece.rows, upper] {
                        let rows = part.clamped(to: 0..<max(target.length, part.lowerBound))
                        guard !rows.isEmpty else { continue }
                        fold(
                            source.0.block(rows, fill: Nodes.ones, room: room, place: 0),
                            source.1.block(rows, fill: Nodes.ones, room: room, place: 1), at: challenge,
                            into: target.span[rows])
                    }
                }
                let sums = FirstSums(pair, piece.rows, half: half, weights)
                let scale = weights.block(piece.rows, variables: max(pair.log - 1, 0)).scale
                firsts.withLock { $0[piece.column].add(sums, scale: scale) }
            }
        }
        return zip(bound, firsts.withLock { $0 }).map { Bound(even: $0.even, odd: $0.odd, first: $1) }
    }
}

/// What the first round in which a pair of columns takes part needs, and the rounds above: sums over the rows x of the lower
/// half, weighed by eq of the bits of x, of V = 1 + D at x, D0, and at x in the upper half, D1.
struct FirstSums: Sendable {
    /// Σ (D0 + D1)·(D0' + D1')
    private(set) var leading = E.zero
    /// Σ D0·D0', if there are rounds above.
    private(set) var low = E.zero
    /// Σ D1·D1'; if there are no rounds above, with `linear` in it.
    private(set) var high = E.zero
    /// Σ (D1 + D1')
    private(set) var linear = E.zero

    init() {}

    /// - Parameter rows: of the lower half, in one block; without the block's factor.
    init(_ pair: SideQuad.Bound, _ rows: Range<Int>, half: Int, _ weights: EqualityWeights) {
        let fill = Nodes.ones
        let middle = min(max(rows.lowerBound, pair.length - half), rows.upperBound)
        let isAbove = pair.log < weights.point.count
        for part in [rows.lowerBound..<middle, middle..<rows.upperBound] where !part.isEmpty {
            let table = weights.block(part, variables: max(pair.log - 1, 0)).table
            let (even, odd) = (pair.even.block(part, fill: fill), pair.odd.block(part, fill: fill))
            guard part.lowerBound < middle else {
                // D1 is zero.
                let both = layerDifferences(weights: table, even, odd)
                leading += both
                low += both
                continue
            }
            let upper = part.lowerBound + half..<part.upperBound + half
            let (evenUpper, oddUpper) = (pair.even.block(upper, fill: fill), pair.odd.block(upper, fill: fill))
            let sums = layerSums(
                weights: table, a0: even, a1: evenUpper, b0: odd, b1: oddUpper, shift: isAbove ? .one : .zero)
            leading += sums.1
            if isAbove {
                high += sums.0
                low += layerDifferences(weights: table, even, odd)
                linear += weightedSum(weights: table, evenUpper, oddUpper)
            } else {
                // D1·D1' + D1 + D1' = V1·V1' + 1
                high += sums.0 + sum(table)
            }
        }
    }

    mutating func add(_ other: FirstSums, scale: E) {
        leading += scale * other.leading
        low += scale * other.low
        high += scale * other.high
        linear += scale * other.linear
    }

    /// Σ V1·V1'/σ² + Σ 1/σ², for V/σ = D + 1/σ = V + `shift`.
    func atOne(shift: E) -> E { high + (.one + shift) * linear }
}
