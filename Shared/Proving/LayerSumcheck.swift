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
/// a round costs nothing, and makes V = 1 + σD, σ the product of these scales. The other rounds are of V/σ = D + 1/σ, and
/// σ² stands before their sums. That is what was stored and a *shift* of 1 + 1/σ, which is added in the sums alone: binding
/// commutes with adding a constant.
///
/// Memory decides about time, so a layer is read twice as a whole: for the sums of the side, and to bind the side
/// (`SideQuad`). With the latter go the sums of each column's first round.
struct LayerSumcheck {
    /// Two columns side by side, and what they count: a slot's children.
    private struct Pair: Sendable {
        var even: Column
        var odd: Column
        /// eq of the slot.
        let weight: E
        /// ⌈log₂⌉ of the longer length.
        let log: Int
        let first: FirstSums
        /// σ, of the rounds above `log`.
        var scale = E.one
        /// 1 + 1/σ
        var shift = E.zero

        var length: Int { max(even.length, odd.length) }
    }

    /// Pairs of one length together, as there are few different ones.
    private struct Group {
        let length: Int
        let log: Int
        /// Σ of the pairs' weights times Σ eq(p, row) D_even D_odd over the stored rows, with the weights of `log`
        /// coordinates.
        var bothDiffer = E.zero
        /// Π (1 + p_j) over `log` ≤ j < `log` + place.
        let above: [E]
    }

    private let slotPoint: [E]
    private let sidePoint: E
    private let weights: EqualityWeights
    private var sides: [[(even: Nodes, odd: Nodes)]]
    private var pairs: [Pair] = []
    private var groups: [Group] = []
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
        let quads = (0..<count).map { slot in
            SideQuad(low: Self.pair(sides[0], slot), high: Self.pair(sides[1], slot), weight: slotWeights[slot])
        }
        let sums = SideQuad.sums(quads, weights)
        let challenge = round(sidePoint, sums.atOne, sums.leading, &transcript)
        let bound = SideQuad.bind(quads, at: challenge, weights)
        pairs = zip(bound, slotWeights).map { pair, weight in
            Pair(even: pair.even, odd: pair.odd, weight: weight, log: pair.log, first: pair.first)
        }
        sides = []
        group()
    }

    private static func pair(_ side: [(even: Nodes, odd: Nodes)], _ slot: Int) -> (even: Nodes, odd: Nodes) {
        slot < side.count ? side[slot] : (.none, .none)
    }

    private mutating func group() {
        var places: [Int: Int] = [:]
        for pair in pairs where pair.length > 0 && pair.log < weights.point.count {
            let place = places[pair.length] ?? groups.count
            if place == groups.count {
                places[pair.length] = place
                let above = weights.point[pair.log...].reduce(into: [E.one]) {
                    $0.append($0[$0.count - 1] * (.one + $1))
                }
                groups.append(Group(length: pair.length, log: pair.log, above: above))
            }
            let (low, high) = (pair.first.low, pair.first.high)
            let bothDiffer = pair.log > 0 ? low + weights.point[pair.log - 1] * (low + high) : low
            groups[place].bothDiffer += pair.weight * bothDiffer
        }
    }

    // MARK: Rows

    private mutating func bindRows(_ transcript: inout ProverTranscript) {
        let variables = weights.point.count
        var scale = E.one  // σ
        for k in (0..<variables).reversed() {
            if k + 1 < variables { enter(log: k + 1, scale: scale) }
            var sums = bindAndSum(k)
            for group in groups where k >= group.log {
                sums.leading += scale.squared() * group.above[k - group.log] * group.bothDiffer
            }
            let challenge = round(weights.point[k], sums.atOne, sums.leading, &transcript)
            scale *= .one + challenge
        }
        if variables > 0 { enter(log: 0, scale: scale) }
    }

    /// Divides pairs of this length by σ.
    private mutating func enter(log: Int, scale: E) {
        let shift = .one + scale.inverse()
        for index in pairs.indices where pairs[index].log == log {
            pairs[index].scale = scale
            pairs[index].shift = shift
        }
    }

    /// Binds bit k + 1, where it is not above the stored rows, and takes t(1) and the leading coefficient for bit k, in
    /// one pass; of the pairs whose first bit is k the sums are known.
    private mutating func bindAndSum(_ k: Int) -> (atOne: E, leading: E) {
        let (half, weights, challenge) = (1 << k, weights, bound.first ?? .zero)
        let active = pairs.filter { $0.length > 0 && $0.log > k + 1 }
        // Of the longer column, all rows below 2 · half are stored when bit k + 1 is bound.
        let pieces = Pieces(active.map { _ in half }).all
        let ones = Nodes.ones
        let sums = parallelSum(pieces.count, grain: 1, width: 2) { range in
            var result = [E.zero, .zero]
            for piece in pieces[range] {
                let pair = active[piece.column]
                let (table, scale) = weights.block(piece.rows, variables: k)
                let sums = Self.bindAndSum(pair, piece.rows, quarter: half, table, ones: ones, at: challenge)
                let factor = pair.weight * pair.scale.squared() * scale
                result[0] += factor * sums.0
                result[1] += factor * sums.1
            }
            return result
        }
        // Beside what is counted, t(1) is one.
        var (atOne, leading) = (.one + sums[0], sums[1])
        for index in pairs.indices where pairs[index].length > 0 && pairs[index].log > k {
            let pair = pairs[index]
            if pair.log > k + 1 {
                atOne += pair.weight
                pairs[index].even.length = min(pairs[index].even.length, 2 * half)
                pairs[index].odd.length = min(pairs[index].odd.length, 2 * half)
            } else {
                let factor = pair.weight * pair.scale.squared()
                atOne += factor * pair.first.atOne(shift: pair.shift)
                leading += factor * pair.first.leading
            }
        }
        return (atOne, leading)
    }

    /// Binds `rows` of the quarters and takes the two sums of the halves.
    private static func bindAndSum(
        _ pair: Pair, _ rows: Range<Int>, quarter: Int, _ table: ESpan, ones: ESpan, at challenge: E
    ) -> (E, E) {
        if min(pair.even.length, pair.odd.length) >= 3 * quarter + rows.upperBound {
            let reach = rows.lowerBound..<rows.upperBound + 3 * quarter
            return layerFoldSums(
                weights: table, pair.even.span[reach], pair.odd.span[reach], quarter: quarter, at: challenge,
                shift: pair.shift)
        }
        let even = pair.even.fold(rows, quarter: quarter, fill: ones, at: challenge)
        let odd = pair.odd.fold(rows, quarter: quarter, fill: ones, at: challenge)
        return layerSums(weights: table, a0: even.0, a1: even.1, b0: odd.0, b1: odd.1, shift: pair.shift)
    }

    // MARK: Slots

    private mutating func bindSlots(_ transcript: inout ProverTranscript) -> (even: E, odd: E, point: [E]) {
        var even = [E](repeating: .one, count: 1 << slotPoint.count)
        var odd = even
        for (slot, pair) in pairs.enumerated() {
            // The last bit of the rows, if the pair has any, is still to be bound.
            let last = pair.log > 0 ? bound.first : nil
            even[slot] = pair.scale * (pair.even.last(at: last, beyond: .one) + pair.shift)
            odd[slot] = pair.scale * (pair.odd.last(at: last, beyond: .one) + pair.shift)
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
}
