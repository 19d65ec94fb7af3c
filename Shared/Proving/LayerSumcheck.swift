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
        /// σ² of the rounds above `log`.
        var scale = E.one
        /// What stands beyond the lengths: 1/σ.
        var beyond: EVector

        var length: Int { max(even.length, odd.length) }
    }

    /// Pairs of one length together, as there are few different ones.
    private struct Group {
        let length: Int
        let log: Int
        /// Σ of the pairs' weights.
        var weight = E.zero
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
        let ones = Self.constant(.one)
        let quads = (0..<count).map { slot in
            let (low, high) = (Self.pair(sides[0], slot), Self.pair(sides[1], slot))
            return Quad(low: low, high: high, weight: slotWeights[slot], beyond: ones)
        }
        let variables = weights.point.count
        let sums = Self.sums(quads, weights, variables: variables)
        let challenge = round(sidePoint, sums.atOne, sums.leading, &transcript)
        let folded = Self.fold(quads, at: challenge, differencesBy: weights)
        pairs = zip(folded, slotWeights).map { columns, weight in
            Pair(
                even: columns.even, odd: columns.odd, weight: weight,
                log: ceilLog2(max(columns.even.length, columns.odd.length)), beyond: ones)
        }
        sides = []
        group(folded.map(\.bothDiffer))
    }

    private mutating func group(_ differences: [E]) {
        var places: [Int: Int] = [:]
        for (pair, bothDiffer) in zip(pairs, differences) where pair.length > 0 {
            let place = places[pair.length] ?? groups.count
            if place == groups.count {
                places[pair.length] = place
                let above = weights.point[pair.log...].reduce(into: [E.one]) {
                    $0.append($0[$0.count - 1] * (.one + $1))
                }
                groups.append(Group(length: pair.length, log: pair.log, above: above))
            }
            groups[place].weight += pair.weight
            groups[place].bothDiffer += pair.weight * bothDiffer
        }
    }

    private static func pair(_ side: [(even: Nodes, odd: Nodes)], _ slot: Int) -> (even: Nodes, odd: Nodes) {
        slot < side.count ? side[slot] : (.none, .none)
    }

    // MARK: Rows

    private mutating func bindRows(_ transcript: inout ProverTranscript) {
        let variables = weights.point.count
        var scale = E.one  // σ
        for k in (0..<variables).reversed() {
            if k + 1 < variables { enter(pairs.indices.filter { pairs[$0].log == k + 1 }, scale: scale) }
            var sums = bindAndSum(k)
            for group in groups where k >= group.log {
                sums.leading += scale.squared() * group.above[k - group.log] * group.bothDiffer
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
            (pairs[index].even, pairs[index].odd) = (columns.even, columns.odd)
        }
        if variables > 0 { enter(pairs.indices.filter { pairs[$0].length > 0 && pairs[$0].log == 0 }, scale: scale) }
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
            guard pairs[index].log > k + 1 else { continue }
            pairs[index].even.length = min(pairs[index].even.length, 2 * half)
            pairs[index].odd.length = min(pairs[index].odd.length, 2 * half)
        }
        for group in groups where group.log > k {
            counted += group.weight * weights.sum(below: min(group.length, 2 * half) - half, variables: k)
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
    ///
    /// - Parameter weights: if given, Σ eq(p, row) D_even D_odd over the rows of both, with the weights of as many
    ///   coordinates as they have bits, is taken for those that some bits are above.
    private static func fold(
        _ quads: [Quad], at challenge: E, differencesBy weights: EqualityWeights? = nil
    ) -> [(even: Column, odd: Column, bothDiffer: E)] {
        let sources = quads.flatMap { [($0.low.even, $0.high.even), ($0.low.odd, $0.high.odd)] }
        let longer = sources.map { $0.0.length >= $0.1.length ? $0.0 : $0.1 }
        let made = Column.columns(
            longer.map { if case .factors = $0 { $0.length } else { 0 } })
        let targets = zip(longer, made).map { if case .stored(let column) = $0 { column } else { $1 } }
        let lengths = quads.indices.map { max(targets[2 * $0].length, targets[2 * $0 + 1].length) }
        let pieces = Pieces(lengths).all
        let differences = Mutex([E](repeating: .zero, count: quads.count))
        parallel(pieces.count, grain: 4) { range in
            let room = Nodes.Room(blocks: 2)
            for piece in pieces[range] {
                let fill = quads[piece.column].beyond.span
                for child in 2 * piece.column..<2 * piece.column + 2 {
                    let rows = piece.rows.clamped(to: 0..<targets[child].length)
                    guard !rows.isEmpty else { continue }
                    BinaryFields.fold(
                        sources[child].0.block(rows, fill: fill, room: room, place: 0),
                        sources[child].1.block(rows, fill: fill, room: room, place: 1), at: challenge,
                        into: targets[child].span[rows])
                }
                let (even, odd) = (targets[2 * piece.column], targets[2 * piece.column + 1])
                let rows = piece.rows.clamped(to: 0..<min(even.length, odd.length))
                let log = ceilLog2(lengths[piece.column])
                guard let weights, log < weights.point.count, !rows.isEmpty else { continue }
                let (table, scale) = weights.block(rows, variables: log)
                let sum = layerDifferences(weights: table, even.span[rows], odd.span[rows])
                differences.withLock { $0[piece.column] += scale * sum }
            }
        }
        let sums = differences.withLock { $0 }
        return quads.indices.map { (targets[2 * $0], targets[2 * $0 + 1], sums[$0]) }
    }
}
