import BinaryFields
import Hashing
import Tables

/// Step 3, second half: the rounds over rows of Σ_r W(r)·(A·B + C) + Σ_T Σ_r U_T(r)·D_T(r), all tables in one.
///
/// W = eq(τ, ·)·ω and U_T = eq(ζ's row part, ·)·[r < h] need no arrays: with top bits bound each is eq of the other
/// bits, times a function with a step at each height, or at what a height leaves of the bits.
///
/// A bit above all rows of an array scales it by 1 + X, so one sum serves all such rounds.
struct RowSumcheck {
    /// A·B + C, or without A and B: a sum of products with eq(point, ·)·steps as their weight.
    private struct Part {
        let weights: EqualityWeights
        /// What weighs beside eq.
        var steps: StepFunction
        /// a, b, c; or c alone.
        var arrays: [Column]
        /// ⌈log₂⌉ of the length.
        let log: Int
        /// Σ weight · a·b and Σ weight · c, of eq of `log` coordinates, and both with the factor Π (1 + point[k]), k ≥ log.
        var product = E.zero
        var linear = E.zero

        var length: Int { arrays.map(\.length).max() ?? 0 }
    }

    private let variables: Int
    private var parts: [Part]
    private(set) var point: [E] = []

    /// - Parameters:
    ///   - a, b, c: on the rows of the tallest table.
    ///   - forms: D_T for each table, on its rows.
    init(
        tau: EqualityWeights, omega: StepFunction, a: Column, b: Column, c: Column, zeta: EqualityWeights,
        forms: [Column], variables: Int
    ) {
        self.variables = variables
        parts = [Part(weights: tau, steps: omega, arrays: [a, b, c], log: ceilLog2(c.length))]
        parts += forms.map { form in
            Part(
                weights: zeta, steps: StepFunction(.one, below: form.length), arrays: [form],
                log: ceilLog2(form.length))
        }
    }

    /// - Returns: A and B at the row point, W there, and U_T of each table.
    mutating func prove(_ transcript: inout ProverTranscript) -> (a: E, b: E, weight: E, tables: [E]) {
        for index in parts.indices where parts[index].log < variables && parts[index].length > 0 {
            prepare(&parts[index])
        }
        var above = E.one  // Π (1 + challenge)
        for k in (0..<variables).reversed() {
            var s = [E](repeating: .zero, count: 4)
            for index in parts.indices where parts[index].length > 0 {
                if k >= parts[index].log {
                    // weight and each array have a factor above · (1 + X)
                    let linear = above.squared() * parts[index].linear
                    let cubic = above.squared() * above * parts[index].product
                    s[0] += linear + cubic
                    s[2] += linear + cubic
                    s[3] += cubic
                } else {
                    if k == parts[index].log - 1 { enter(&parts[index], above: above) }
                    Self.add(Self.sums(parts[index], k), to: &s)
                }
            }
            transcript.send([s[0], s[2], s[3]])
            let challenge = transcript.draw()
            point.insert(challenge, at: 0)
            above *= .one + challenge
            for index in parts.indices where k < parts[index].log { Self.bind(&parts[index], k, at: challenge) }
        }
        for index in parts.indices where parts[index].log == 0 { enter(&parts[index], above: above) }
        let values = parts[0].arrays.map { $0.length > 0 ? $0.values[$0.start] : .zero }
        return (values[0], values[1], parts[0].steps.value(at: 0), parts.dropFirst().map { $0.steps.value(at: 0) })
    }

    private static func add(_ round: [E], to s: inout [E]) {
        for k in s.indices { s[k] += round[k] }
    }

    /// Π (1 + point[k]) over the bits above the array.
    private func outside(_ part: Part) -> E {
        part.weights.point[part.log..<variables].reduce(.one) { $0 * (.one + $1) }
    }

    private func prepare(_ part: inout Part) {
        let outside = outside(part)
        for step in part.steps.steps {
            let sums = Self.sums(part, step.rows, partner: nil, variables: part.log)
            part.linear += outside * step.value * sums.linear
            part.product += outside * step.value * sums.atZero
        }
    }

    /// Before the first bit that is not above the array: the factors that the bits above have left.
    private func enter(_ part: inout Part, above: E) {
        guard part.log < variables else { return }
        part.steps.scale(by: outside(part) * above)
        for column in part.arrays {
            let span = column.values[column.start..<column.start + column.length]
            scale(span, by: above, into: span)
        }
    }

    /// The coefficients of the part's share of a round in bit k.
    private static func sums(_ part: Part, _ k: Int) -> [E] {
        let coordinate = part.weights.point[k]
        var s = [E](repeating: .zero, count: 4)
        for (rows, low, high) in part.steps.halves(1 << k) {
            let sums = sums(part, rows, partner: 1 << k, variables: k)
            let weight = (.one + coordinate) * low
            let step = weight + coordinate * high
            let q0 = sums.atZero + sums.linear
            let q1 = q0 + sums.atOne + sums.linearAtOne + sums.leading
            add(
                [weight * q0, weight * q1 + step * q0, weight * sums.leading + step * q1, step * sums.leading], to: &s)
        }
        return s
    }

    /// Sums of eq times a·b and times c, at 0 (the rows) and at 1 (the rows `partner` further), and of the leading
    /// coefficient.
    private struct Sums {
        var atZero = E.zero
        var atOne = E.zero
        var leading = E.zero
        var linear = E.zero
        var linearAtOne = E.zero
    }

    private static func sums(_ part: Part, _ rows: Range<Int>, partner: Int?, variables: Int) -> Sums {
        let zeros = EVector(EqualityWeights.block)
        let blocks = EqualityWeights.blocks(rows)
        let sums = parallelSum(blocks.count, grain: 4, width: 5) { range in
            let scratch = EVector(unset: part.arrays.count == 3 ? 2 * EqualityWeights.block : 0)
            var sums = Sums()
            for rows in blocks[range] {
                let (table, scale) = part.weights.block(rows, variables: variables)
                func span(_ place: Int) -> ESpan {
                    scratch[place * EqualityWeights.block..<place * EqualityWeights.block + rows.count]
                }
                let low = part.arrays.map { array in
                    array.block(rows, fill: zeros.span)
                }
                sums.linear += scale * innerProduct(table, low[low.count - 1])
                var high: [ESpan] = []
                if let partner {
                    let rows = rows.lowerBound + partner..<rows.upperBound + partner
                    high = part.arrays.map { array in
                        array.block(rows, fill: zeros.span)
                    }
                    sums.linearAtOne += scale * innerProduct(table, high[high.count - 1])
                }
                guard low.count == 3 else { continue }
                let (left, right) = (span(0), span(1))
                multiply(low[0], low[1], into: left)
                sums.atZero += scale * innerProduct(table, left)
                guard partner != nil else { continue }
                multiply(high[0], high[1], into: left)
                sums.atOne += scale * innerProduct(table, left)
                left.copy(low[0])
                BinaryFields.add(high[0], into: left)
                right.copy(low[1])
                BinaryFields.add(high[1], into: right)
                multiply(left, right, into: left)
                sums.leading += scale * innerProduct(table, left)
            }
            return [sums.atZero, sums.atOne, sums.leading, sums.linear, sums.linearAtOne]
        }
        return Sums(atZero: sums[0], atOne: sums[1], leading: sums[2], linear: sums[3], linearAtOne: sums[4])
    }

    private static func bind(_ part: inout Part, _ k: Int, at challenge: E) {
        let half = 1 << k
        let coordinate = part.weights.point[k]
        part.steps = part.steps.bound(half, low: (.one + coordinate) * (.one + challenge), high: coordinate * challenge)
        let zeros = EVector(EqualityWeights.block)
        let arrays = part.arrays.map { $0.halves(half) }
        let pieces = Pieces(arrays.map(\.low.length)).all
        parallel(pieces.count, grain: 8) { range in
            for piece in pieces[range] {
                let (low, high) = arrays[piece.column]
                let target = low.block(piece.rows, fill: zeros.span)
                fold(target, high.block(piece.rows, fill: zeros.span), at: challenge, into: target)
            }
        }
        part.arrays = arrays.map(\.low)
    }
}
