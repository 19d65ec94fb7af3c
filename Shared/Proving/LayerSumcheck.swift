import BinaryFields
import Hashing
import Synchronization
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
    private struct Pair: Sendable {
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
    private var sides: [[(even: Nodes, odd: Nodes)]]
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
        let sums = Self.sums(quads, weights, variables: variables)
        let challenge = round(sidePoint, sums.atOne, sums.leading, &transcript)
        let folded = Self.fold(quads, at: challenge)
        pairs = zip(folded, slotWeights).map { columns, weight in
            Pair(
                even: columns.even, odd: columns.odd, weight: weight,
                log: ceilLog2(max(columns.even.length, columns.odd.length)), beyond: ones)
        }
        sides = []
    }

    private static func pair(_ side: [(even: Nodes, odd: Nodes)], _ slot: Int) -> (even: Nodes, odd: Nodes) {
        slot < side.count ? side[slot] : (.none, .none)
    }

    // MARK: Rows

    private mutating func bindRows(_ transcript: inout ProverTranscript) {
        let variables = weights.point.count
        takeDifferences()
        var scale = E.one  // σ
        for k in (0..<variables).reversed() {
            if k + 1 < variables { enter(pairs.indices.filter { pairs[$0].log == k + 1 }, scale: scale) }
            var sums = bindAndSum(k)
            for pair in pairs where pair.length > 0 && k >= pair.log {
                let above = weights.point[pair.log..<k].reduce(E.one) { $0 * (.one + $1) }
                sums.leading += pair.weight * scale.squared() * above * pair.bothDiffer
            }
            let challenge = round(weights.point[k], sums.atOne, sums.leading, &transcript)
            scale *= .one + challenge
        }
        // One row is left of each column, V = 1 + σD, or V/σ, after the last bit is bound.
        let stored = pairs.indices.filter { pairs[$0].length > 0 && pairs[$0].log > 0 }
        let last = stored.map { index in
            let (even, odd) = (pairs[index].even.halves(1), pairs[index].odd.halves(1))
            return Quad(
                low: (.stored(even.low), .stored(odd.low)), high: (.stored(even.high), .stored(odd.high)),
                weight: .one, beyond: pairs[index].beyond)
        }
        for (index, columns) in zip(stored, Self.fold(last, at: bound.first ?? .zero)) {
            (pairs[index].even, pairs[index].odd) = columns
        }
        if variables > 0 { enter(pairs.indices.filter { pairs[$0].length > 0 && pairs[$0].log == 0 }, scale: scale) }
    }

    /// For the pairs with bits above their rows.
    private mutating func takeDifferences() {
        let (pairs, weights) = (pairs, weights)
        let low = pairs.map { $0.log < weights.point.count ? min($0.even.length, $0.odd.length) : 0 }
        let pieces = Pieces(low).all
        let sums = Mutex([E](repeating: .zero, count: pairs.count))
        parallel(pieces.count, grain: 4) { range in
            for piece in pieces[range] {
                let pair = pairs[piece.column]
                let (table, scale) = weights.block(piece.rows, variables: pair.log)
                let sum = layerDifferences(weights: table, pair.even.span[piece.rows], pair.odd.span[piece.rows])
                sums.withLock { $0[piece.column] += scale * sum }
            }
        }
        for (index, sum) in sums.withLock({ $0 }).enumerated() { self.pairs[index].bothDiffer = sum }
    }

    /// Binds bit k + 1, where it is not above the stored rows, and takes t(1) and the leading coefficient for bit k, in
    /// one pass; of the pairs whose first bit is k the columns are as they should be.
    private mutating func bindAndSum(_ k: Int) -> (atOne: E, leading: E) {
        let (half, weights, challenge) = (1 << k, weights, bound.first ?? .zero)
        let active = pairs.filter { $0.length > 0 && $0.log > k }
        let bind = active.map { $0.log > k + 1 }
        let pieces = Pieces(active.map { min($0.length, half) }).all
        let sums = parallelSum(pieces.count, grain: 4, width: 2) { range in
            var result = [E.zero, .zero]
            for piece in pieces[range] {
                let pair = active[piece.column]
                let (table, scale) = weights.block(piece.rows, variables: k)
                let sums: (E, E)
                if bind[piece.column] {
                    sums = Self.foldAndSum(pair, piece.rows, quarter: half, table, at: challenge)
                } else {
                    sums = Self.sums(pair, piece.rows, half: half, table)
                }
                let factor = pair.weight * pair.scale * scale
                result[0] += factor * sums.0
                result[1] += factor * sums.1
            }
            return result
        }
        var counted = E.zero
        for index in pairs.indices where pairs[index].length > 0 && pairs[index].log > k {
            if pairs[index].log > k + 1 {
                pairs[index].even.length = min(pairs[index].even.length, 2 * half)
                pairs[index].odd.length = min(pairs[index].odd.length, 2 * half)
            }
            counted += pairs[index].weight * weights.sum(below: pairs[index].length - half, variables: k)
        }
        return (.one + counted + sums[0], sums[1])
    }

    /// The two sums over `rows` of both halves; where neither high child is stored, only for the leading coefficient.
    private static func sums(_ pair: Pair, _ rows: Range<Int>, half: Int, _ table: ESpan) -> (E, E) {
        let fill = pair.beyond.span
        let (even, odd) = (pair.even.dropping(half), pair.odd.dropping(half))
        let middle = min(max(rows.lowerBound, even.length, odd.length), rows.upperBound)
        var result = (E.zero, E.zero)
        for part in [rows.lowerBound..<middle, middle..<rows.upperBound] where !part.isEmpty {
            let sums = layerSums(
                weights: table[part.lowerBound - rows.lowerBound..<part.upperBound - rows.lowerBound],
                a0: pair.even.block(part, fill: fill), a1: even.block(part, fill: fill),
                b0: pair.odd.block(part, fill: fill), b1: odd.block(part, fill: fill))
            if part.lowerBound < middle { result.0 += sums.0 }
            result.1 += sums.1
        }
        return result
    }

    /// Folds `rows` of the quarters and takes the two sums of the halves.
    private static func foldAndSum(
        _ pair: Pair, _ rows: Range<Int>, quarter: Int, _ table: ESpan, at challenge: E
    ) -> (E, E) {
        if min(pair.even.length, pair.odd.length) >= 3 * quarter + rows.upperBound {
            let reach = rows.lowerBound..<rows.upperBound + 3 * quarter
            return layerFoldSums(
                weights: table, pair.even.span[reach], pair.odd.span[reach], quarter: quarter, at: challenge)
        }
        let even = pair.even.fold(rows, quarter: quarter, fill: pair.beyond.span, at: challenge)
        let odd = pair.odd.fold(rows, quarter: quarter, fill: pair.beyond.span, at: challenge)
        return layerSums(weights: table, a0: even.0, a1: even.1, b0: odd.0, b1: odd.1)
    }

    /// Divides by σ.
    private mutating func enter(_ indices: [Int], scale: E) {
        guard !indices.isEmpty else { return }
        let inverse = scale.inverse()
        let (beyond, shift) = (Self.constant(inverse), Self.constant(.one + inverse).span)
        for index in indices {
            pairs[index].beyond = beyond
            pairs[index].scale = scale.squared()
        }
        let columns = indices.flatMap { [pairs[$0].even, pairs[$0].odd] }
        let pieces = Pieces(columns.map(\.length)).all
        parallel(pieces.count, grain: 8) { range in
            for piece in pieces[range] {
                add(shift[0..<piece.rows.count], into: columns[piece.column].span[piece.rows])
            }
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
    private struct Quad: Sendable {
        let low: (even: Nodes, odd: Nodes)
        let high: (even: Nodes, odd: Nodes)
        let weight: E
        /// What stands beyond the stored rows.
        let beyond: EVector

        var highLength: Int { max(high.even.length, high.odd.length) }
        var length: Int { max(low.even.length, low.odd.length, highLength) }
    }

    /// t(1) = Σ over slots and rows of the weights times the product of the high children, which is one for all that are
    /// not stored, and the leading coefficient, where these are zero.
    private static func sums(
        _ quads: [Quad], _ weights: EqualityWeights, variables: Int
    ) -> (atOne: E, leading: E) {
        let pieces = Pieces(quads.map(\.length)).all
        let sums = parallelSum(pieces.count, grain: 8, width: 2) { range in
            var result = [E.zero, .zero]
            let room = Nodes.Room(blocks: 4)
            for piece in pieces[range] {
                let quad = quads[piece.column]
                let fill = quad.beyond.span
                // Rows where both high children are one count for the leading coefficient only.
                let middle = min(max(piece.rows.lowerBound, quad.highLength), piece.rows.upperBound)
                for rows in [piece.rows.lowerBound..<middle, middle..<piece.rows.upperBound] where !rows.isEmpty {
                    let (table, scale) = weights.block(rows, variables: variables)
                    let (atOne, leading) = layerSums(
                        weights: table, a0: quad.low.even.block(rows, fill: fill, room: room, place: 0),
                        a1: quad.high.even.block(rows, fill: fill, room: room, place: 1),
                        b0: quad.low.odd.block(rows, fill: fill, room: room, place: 2),
                        b1: quad.high.odd.block(rows, fill: fill, room: room, place: 3))
                    let factor = quad.weight * scale
                    if rows.lowerBound < middle { result[0] += factor * atOne }
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

    /// Both children with the bit bound, written over the longer of the two columns that each comes from, if it is stored.
    private static func fold(_ quads: [Quad], at challenge: E) -> [(even: Column, odd: Column)] {
        let sources = quads.flatMap { quad in
            [(quad.low.even, quad.high.even, quad.beyond), (quad.low.odd, quad.high.odd, quad.beyond)]
        }
        let longer = sources.map { $0.0.length >= $0.1.length ? $0.0 : $0.1 }
        let made = Column.columns(
            longer.map { if case .factors = $0 { $0.length } else { 0 } })
        let targets = zip(longer, made).map { if case .stored(let column) = $0 { column } else { $1 } }
        let pieces = Pieces(targets.map(\.length)).all
        parallel(pieces.count, grain: 8) { range in
            let room = Nodes.Room(blocks: 2)
            for piece in pieces[range] {
                let (low, high, beyond) = sources[piece.column]
                BinaryFields.fold(
                    low.block(piece.rows, fill: beyond.span, room: room, place: 0),
                    high.block(piece.rows, fill: beyond.span, room: room, place: 1), at: challenge,
                    into: targets[piece.column].span[piece.rows])
            }
        }
        return stride(from: 0, to: targets.count, by: 2).map { (targets[$0], targets[$0 + 1]) }
    }
}
