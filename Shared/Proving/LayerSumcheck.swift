import BinaryFields
import Hashing
import Tables

/// The sumcheck of one layer of the product tree: Ṽ(p) = Σ eq(p, x) V(2x) V(2x + 1) over side, rows and slots, bound
/// from the top: side, rows from the highest bit, slots from the highest bit.
///
/// In the bit that is bound, the sum without its factor eq(p_k, X) is t(X), of degree two. The claim c says that
/// (1 + p_k) t(0) + p_k t(1) = c, so t(0) follows from t(1), where fewer rows are stored, and only t(1) and the leading
/// coefficient are computed: two products a row and two more for their weights.
///
/// A column is one from its length on. With D = V + 1, zero there, a bit above all stored rows scales D by 1 + X: such
/// a round costs nothing. Before the first bit that does not, V = 1 + σD is divided by σ, which takes an addition of
/// 1 + 1/σ, as V/σ = D + 1/σ: the scale then stands before the whole sum.
struct LayerSumcheck {
    /// Two columns side by side, and what they count: a slot's children.
    private struct Pair {
        var even: Column
        var odd: Column
        /// eq of the slot.
        let weight: E
        /// ⌈log₂⌉ of the longer length.
        let log: Int
        /// Σ eq(p, row) D_even D_odd over the stored rows, with the weights of `log` coordinates.
        var bothDiffer = E.zero
        /// σ² of the rounds above `log`.
        var scale = E.one
        /// What stands beyond the lengths: 1/σ.
        var beyond: EVector

        var length: Int { max(even.length, odd.length) }
    }

    private let slotPoint: [E]
    private let sidePoint: E
    private let weights: EqualityWeights
    private var sides: [[(even: Column, odd: Column)]]
    private var pairs: [Pair] = []
    private var claim: E
    private var bound: [E] = []

    init(_ layer: GrandProduct.Layer, point: [E], claim: E) {
        let slots = layer.slotVariables
        slotPoint = Array(point[..<slots])
        weights = EqualityWeights(Array(point[slots..<slots + layer.rowVariables]))
        sidePoint = point[slots + layer.rowVariables]
        sides = layer.pairs
        self.claim = claim
    }

    /// - Returns: what both children are at the point of the challenges, and this point.
    mutating func prove(_ transcript: inout ProverTranscript) -> (even: E, odd: E, point: [E]) {
        bindSide(&transcript)
        bindRows(&transcript)
        return bindSlots(&transcript)
    }

    /// Sends a round of which t(1) and the leading coefficient are known, and draws the challenge.
    private mutating func round(_ coordinate: E, _ atOne: E, _ leading: E, _ transcript: inout ProverTranscript) -> E {
        let atZero = (claim + coordinate * atOne) * (.one + coordinate).inverse()
        transcript.send([atZero + atOne, leading])
        let challenge = transcript.draw()
        claim = evaluate([atZero, atZero + atOne + leading, leading], at: challenge)
        bound.insert(challenge, at: 0)
        return challenge
    }

    // MARK: Side

    private mutating func bindSide(_ transcript: inout ProverTranscript) {
        let slotWeights = eqTable(slotPoint)
        let count = sides.map(\.count).max() ?? 0
        let ones = Self.constant(.one)
        let quads = (0..<count).map { slot in
            let (low, high) = (Self.pair(sides[0], slot), Self.pair(sides[1], slot))
            return Quad(low: low, high: high, weight: slotWeights[slot], beyond: ones)
        }
        let variables = weights.point.count
        let sums = Self.sums(quads, weights, variables: variables, rows: 1 << variables)
        let challenge = round(sidePoint, sums.atOne, sums.leading, &transcript)
        let folded = Self.fold(quads, at: challenge)
        pairs = zip(folded, slotWeights).map { columns, weight in
            Pair(
                even: columns.even, odd: columns.odd, weight: weight,
                log: ceilLog2(max(columns.even.length, columns.odd.length)), beyond: ones)
        }
        sides = []
    }

    private static func pair(_ side: [(even: Column, odd: Column)], _ slot: Int) -> (even: Column, odd: Column) {
        slot < side.count ? side[slot] : (.empty, .empty)
    }

    // MARK: Rows

    private mutating func bindRows(_ transcript: inout ProverTranscript) {
        let variables = weights.point.count
        for index in pairs.indices where pairs[index].log < variables {
            pairs[index].bothDiffer = differences(pairs[index])
        }
        var scale = E.one  // σ
        for k in (0..<variables).reversed() {
            let stored = pairs.indices.filter { pairs[$0].length > 0 && k < pairs[$0].log }
            for index in stored where k == pairs[index].log - 1 && k < variables - 1 {
                enter(&pairs[index], scale: scale)
            }
            let quads = stored.map { index in
                let pair = pairs[index]
                let (even, odd) = (pair.even.halves(1 << k), pair.odd.halves(1 << k))
                return Quad(
                    low: (even.low, odd.low), high: (even.high, odd.high), weight: pair.weight, scale: pair.scale,
                    beyond: pair.beyond)
            }
            var sums = Self.sums(quads, weights, variables: k, rows: 1 << k)
            for pair in pairs where pair.length > 0 && k >= pair.log {
                let above = weights.point[pair.log..<k].reduce(E.one) { $0 * (.one + $1) }
                sums.leading += pair.weight * scale.squared() * above * pair.bothDiffer
            }
            let challenge = round(weights.point[k], sums.atOne, sums.leading, &transcript)
            scale *= .one + challenge
            for (index, columns) in zip(stored, Self.fold(quads, at: challenge)) {
                pairs[index].even = columns.even
                pairs[index].odd = columns.odd
            }
        }
        // One row is left of each column, V = 1 + σD, or V/σ.
        for index in pairs.indices where pairs[index].length > 0 {
            if pairs[index].log == 0 && variables > 0 {
                enter(&pairs[index], scale: scale)
            }
        }
    }

    /// Divides by σ.
    private func enter(_ pair: inout Pair, scale: E) {
        let inverse = scale.inverse()
        pair.beyond = Self.constant(inverse)
        pair.scale = scale.squared()
        let shift = Self.constant(.one + inverse).span
        for column in [pair.even, pair.odd] {
            for rows in EqualityWeights.blocks(0..<column.length) {
                let block = column.values[column.start + rows.lowerBound..<column.start + rows.upperBound]
                add(shift[0..<rows.count], into: block)
            }
        }
    }

    private func differences(_ pair: Pair) -> E {
        let rows = min(pair.even.length, pair.odd.length)
        let ones = Self.constant(.one).span
        return EqualityWeights.blocks(0..<rows).reduce(.zero) { sum, rows in
            let (table, scale) = weights.block(rows, variables: pair.log)
            let even = pair.even.block(rows, fill: ones, scratch: ones)
            let odd = pair.odd.block(rows, fill: ones, scratch: ones)
            let ones = ones[0..<rows.count]
            return sum + scale * layerSums(weights: table, a0: even, a1: ones, b0: odd, b1: ones).1
        }
    }

    // MARK: Slots

    private mutating func bindSlots(_ transcript: inout ProverTranscript) -> (even: E, odd: E, point: [E]) {
        var even = [E](repeating: .one, count: 1 << slotPoint.count)
        var odd = even
        for (slot, pair) in pairs.enumerated() where pair.length > 0 {
            // σ, as its square stands before the sum
            let scale = pair.beyond[0].inverse()
            even[slot] = pair.even.length > 0 ? scale * pair.even.values[pair.even.start] : .one
            odd[slot] = pair.odd.length > 0 ? scale * pair.odd.values[pair.odd.start] : .one
        }
        for k in (0..<slotPoint.count).reversed() {
            let half = 1 << k
            var (atOne, leading) = (E.zero, E.zero)
            for (x, weight) in eqTable(Array(slotPoint[..<k])).enumerated() {
                atOne += weight * (even[x + half] * odd[x + half])
                leading += weight * ((even[x] + even[x + half]) * (odd[x] + odd[x + half]))
            }
            let challenge = round(slotPoint[k], atOne, leading, &transcript)
            for x in 0..<half {
                even[x] += challenge * (even[x] + even[x + half])
                odd[x] += challenge * (odd[x] + odd[x + half])
            }
        }
        return (even[0], odd[0], bound)
    }

    private static func constant(_ value: E) -> EVector {
        let vector = EVector(EqualityWeights.block)
        vector.span.fill(value)
        return vector
    }
}

extension LayerSumcheck {
    /// Two pairs of children, between which a bit is bound.
    struct Quad: Sendable {
        let low: (even: Column, odd: Column)
        let high: (even: Column, odd: Column)
        let weight: E
        var scale = E.one
        /// What stands beyond the stored rows: its square times `scale` is one.
        let beyond: EVector

        var lowLength: Int { max(low.even.length, low.odd.length) }
        var highLength: Int { max(high.even.length, high.odd.length) }
        var length: Int { max(lowLength, highLength) }
    }

    /// t(1) = Σ over quads and rows of the weights times the product of the high children, which is one for all quads and
    /// rows that are not stored, and the leading coefficient, where these are zero.
    static func sums(
        _ quads: [Quad], _ weights: EqualityWeights, variables: Int, rows: Int
    ) -> (atOne: E, leading: E) {
        let pieces = Pieces(quads.map(\.length)).all
        let sums = parallelSum(pieces.count, grain: 4, width: 2) { range in
            let scratch = EVector(4 * EqualityWeights.block)
            var result = [E.zero, .zero]
            for piece in pieces[range] {
                let quad = quads[piece.column]
                // Rows where both high children are one count for the leading coefficient only.
                let middle = min(max(piece.rows.lowerBound, quad.highLength), piece.rows.upperBound)
                for rows in [piece.rows.lowerBound..<middle, middle..<piece.rows.upperBound] where !rows.isEmpty {
                    let columns = [quad.low.even, quad.high.even, quad.low.odd, quad.high.odd].enumerated().map {
                        let start = $0.offset * EqualityWeights.block
                        return $0.element.block(
                            rows, fill: quad.beyond.span, scratch: scratch[start..<start + EqualityWeights.block])
                    }
                    let (table, scale) = weights.block(rows, variables: variables)
                    let (atOne, leading) = layerSums(
                        weights: table, a0: columns[0], a1: columns[1], b0: columns[2], b1: columns[3])
                    let factor = quad.weight * quad.scale * scale
                    if rows.lowerBound < quad.highLength { result[0] += factor * atOne }
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

    /// Both children with the bit bound. They are written over the longer of the two columns that they come from.
    static func fold(_ quads: [Quad], at challenge: E) -> [(even: Column, odd: Column)] {
        func target(_ low: Column, _ high: Column) -> Column {
            let target = low.length >= high.length ? low : high
            return target
        }
        let sources = quads.flatMap { quad in
            [(quad.low.even, quad.high.even, quad.beyond), (quad.low.odd, quad.high.odd, quad.beyond)]
        }
        let targets = sources.map { target($0.0, $0.1) }
        let pieces = Pieces(targets.map(\.length)).all
        parallel(pieces.count, grain: 4) { range in
            let scratch = EVector(2 * EqualityWeights.block)
            for piece in pieces[range] {
                let (low, high, beyond) = sources[piece.column]
                let (target, count) = (targets[piece.column], piece.rows.count)
                BinaryFields.fold(
                    low.block(piece.rows, fill: beyond.span, scratch: scratch[0..<count]),
                    high.block(piece.rows, fill: beyond.span, scratch: scratch[count..<2 * count]), at: challenge,
                    into: target.values[target.start + piece.rows.lowerBound..<target.start + piece.rows.upperBound])
            }
        }
        return stride(from: 0, to: targets.count, by: 2).map { (targets[$0], targets[$0 + 1]) }
    }
}
