import BinaryFields
import Hashing
import Tables

/// Step 3, second half: the rounds over rows of Σ_r W(r)·(A·B + C) + Σ_T Σ_r U_T(r)·D_T(r), all tables in one.
///
/// W = eq(τ, ·)·ω and U_T = eq(ζ's row part, ·)·[r < h] need no arrays: with top bits bound each is eq of the other
/// bits, times a function with a step at each height, or at what a height leaves of the bits.
///
/// A bit above all rows of an array scales it by 1 + X, so one sum serves all such rounds. What is left of these scales is
/// never multiplied into the array but into the sums of the other rounds. In these a bit is bound and the sums for the next
/// one are taken in one pass, block by block, over the arrays of all parts.
package struct RowSumcheck {
    /// A·B + C, or without A and B: a sum of products with eq(point, ·)·steps as their weight.
    private struct Part {
        let weights: EqualityWeights
        /// What weighs beside eq.
        var steps: StepFunction
        /// a, b, c; or c alone.
        var arrays: [Column]
        /// ⌈log₂⌉ of the length.
        let log: Int
        /// What each array is to be multiplied by.
        var scale = E.one
        /// Σ weight · a·b and Σ weight · c, of eq of `log` coordinates, and both with the factor Π (1 + point[k]), k ≥ log.
        var product = E.zero
        var linear = E.zero

        init(weights: EqualityWeights, steps: StepFunction, arrays: [Column]) {
            self.weights = weights
            self.steps = steps
            self.arrays = arrays
            log = ceilLog2(arrays.map(\.length).max() ?? 0)
        }

        var isEmpty: Bool { arrays.allSatisfy { $0.length == 0 } }

        /// Π (1 + point[k]) over the bits above the arrays.
        var outside: E { weights.point[log...].reduce(.one) { $0 * (.one + $1) } }
    }

    private let variables: Int
    private var parts: [Part]
    package private(set) var point: [E] = []

    /// - Parameters:
    ///   - a, b, c: on the rows of the tallest table.
    ///   - forms: D_T for each table, on its rows.
    package init(
        tau: EqualityWeights, omega: StepFunction, a: Column, b: Column, c: Column, zeta: EqualityWeights,
        forms: [Column], variables: Int
    ) {
        self.variables = variables
        parts = [Part(weights: tau, steps: omega, arrays: [a, b, c])]
        parts += forms.map { form in
            Part(weights: zeta, steps: StepFunction(.one, below: form.length), arrays: [form])
        }
    }

    /// - Returns: A and B at the row point, W there, and U_T of each table.
    package mutating func prove(_ transcript: inout ProverTranscript) -> (a: E, b: E, weight: E, tables: [E]) {
        takeSumsAbove()
        var above = E.one  // Π (1 + challenge)
        for k in (0..<variables).reversed() {
            enter(log: k + 1, above: above)
            var s = bindAndSum(k)
            for part in parts where k >= part.log && !part.isEmpty {
                // weight and each array have a factor above · (1 + X)
                let linear = above.squared() * part.linear
                let cubic = above.squared() * above * part.product
                s[0] += linear + cubic
                s[2] += linear + cubic
                s[3] += cubic
            }
            transcript.send([s[0], s[2], s[3]])
            let challenge = transcript.draw()
            point.insert(challenge, at: 0)
            above *= .one + challenge
            for index in parts.indices where k < parts[index].log {
                let coordinate = parts[index].weights.point[k]
                parts[index].steps = parts[index].steps.bound(
                    1 << k, low: (.one + coordinate) * (.one + challenge), high: coordinate * challenge)
            }
        }
        enter(log: 0, above: above)
        let last = parts[0].log > 0 ? point.first : nil
        let values = parts[0].arrays.map { parts[0].scale * $0.last(at: last, beyond: .zero) }
        return (values[0], values[1], parts[0].steps.value(at: 0), parts.dropFirst().map { $0.steps.value(at: 0) })
    }

    /// Before the first bit that is not above the arrays: the factors that the bits above have left.
    private mutating func enter(log: Int, above: E) {
        guard log < variables else { return }
        for index in parts.indices where parts[index].log == log {
            parts[index].steps.scale(by: parts[index].outside * above)
            parts[index].scale = above
        }
    }

    // MARK: Sums

    /// Rows of a part that are in one block.
    private typealias Piece = (part: Int, rows: Range<Int>)

    /// For the rounds above each part.
    private mutating func takeSumsAbove() {
        let parts = parts
        let pieces: [(piece: Piece, value: E)] = parts.indices.filter { parts[$0].log < variables }.flatMap { index in
            parts[index].steps.steps.flatMap { step in
                EqualityWeights.blocks(step.rows).map { ((index, $0), step.value) }
            }
        }
        let sums = parallelSum(pieces.count, grain: 1, width: 2 * parts.count) { range in
            var result = [E](repeating: .zero, count: 2 * parts.count)
            let room = EVector(unset: 2 * EqualityWeights.block)
            for ((index, rows), value) in pieces[range] {
                let part = parts[index]
                let (table, scale) = part.weights.block(rows, variables: part.log)
                let arrays = part.arrays.map { $0.block(rows, fill: Self.zeros) }
                let factor = part.outside * value * scale
                result[2 * index] += factor * innerProduct(table, arrays[arrays.count - 1])
                guard arrays.count == 3 else { continue }
                let weighted = room[0..<rows.count]
                multiply(arrays[0], table, into: weighted)
                result[2 * index + 1] += factor * innerProduct(weighted, arrays[1])
            }
            return result
        }
        for index in parts.indices {
            self.parts[index].linear = sums[2 * index]
            self.parts[index].product = sums[2 * index + 1]
        }
    }

    /// Binds bit k + 1, where it is not above the arrays, and takes the coefficients of the round in bit k of all parts that
    /// it is not above.
    private mutating func bindAndSum(_ k: Int) -> [E] {
        let (parts, half, challenge) = (parts, 1 << k, point.first ?? .zero)
        let active = parts.indices.filter { parts[$0].log > k }
        let lengths = active.map { index in min(half, parts[index].arrays.map(\.length).max() ?? 0) }
        let pieces = Pieces(lengths).all
        let halves = active.map { parts[$0].steps.halves(half) }
        let sums = parallelSum(pieces.count, grain: 1, width: 4) { range in
            var s = [E](repeating: .zero, count: 4)
            let room = EVector(unset: 2 * EqualityWeights.block)
            for piece in pieces[range] {
                let part = parts[active[piece.column]]
                let arrays = part.arrays.map { array in
                    part.log > k + 1
                        ? array.fold(piece.rows, quarter: half, fill: Self.zeros, at: challenge)
                        : (
                            array.block(piece.rows, fill: Self.zeros),
                            array.dropping(half).block(piece.rows, fill: Self.zeros)
                        )
                }
                for (rows, low, high) in halves[piece.column] where rows.overlaps(piece.rows) {
                    Self.add(part, k, arrays, piece.rows, rows.clamped(to: piece.rows), low, high, room, to: &s)
                }
            }
            return s
        }
        for index in active where parts[index].log > k + 1 {
            for array in parts[index].arrays.indices {
                self.parts[index].arrays[array].length = min(parts[index].arrays[array].length, 2 * half)
            }
        }
        return sums
    }

    private static let zeros = EVector(EqualityWeights.block).span

    /// Adds the coefficients of some rows' share of a round in bit k.
    ///
    /// - Parameters:
    ///   - arrays: on the rows of `block` and as many in the upper half.
    ///   - low, high: what weighs beside eq on `rows`, which lie in the block, and in the upper half.
    private static func add(
        _ part: Part, _ k: Int, _ arrays: [(ESpan, ESpan)], _ block: Range<Int>, _ rows: Range<Int>, _ low: E,
        _ high: E, _ room: EVector, to s: inout [E]
    ) {
        let (table, scale) = part.weights.block(rows, variables: k)
        let places = rows.lowerBound - block.lowerBound..<rows.upperBound - block.lowerBound
        let arrays = arrays.map { ($0[places], $1[places]) }
        let (c0, c1) = arrays[arrays.count - 1]
        let linear = part.scale * scale
        var q0 = linear * innerProduct(table, c0)
        var q1 = linear * innerProduct(table, c1)
        var leading = E.zero
        if arrays.count == 3 {
            let (a0, a1) = (room[0..<rows.count], room[EqualityWeights.block..<EqualityWeights.block + rows.count])
            multiply(arrays[0].0, table, into: a0)
            multiply(arrays[0].1, table, into: a1)
            let products = productSums(a0: a0, a1: a1, b0: arrays[1].0, b1: arrays[1].1)
            let square = part.scale * linear
            q0 += square * products.0
            q1 += square * products.1
            leading = square * products.2
        }
        // q0 + q1·X + leading·X² times weight + step·X
        q1 += q0 + leading
        let coordinate = part.weights.point[k]
        let weight = (.one + coordinate) * low
        let step = weight + coordinate * high
        s[0] += weight * q0
        s[1] += weight * q1 + step * q0
        s[2] += weight * leading + step * q1
        s[3] += step * leading
    }
}
