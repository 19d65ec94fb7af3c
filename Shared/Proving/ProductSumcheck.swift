import BinaryFields
import Hashing

/// The sumcheck of Σ left(x)·right(x), whose rounds are quadratic: columns, opening and weight end in it. Arrays are zero
/// beyond their end, the highest bit is bound first, both are written over.
///
/// A bit is bound and the sums of the next round are taken in one pass over memory.
package struct ProductSumcheck {
    private var left: Column
    private var right: Column
    /// Bits that are not bound yet.
    package private(set) var variables: Int
    package private(set) var point: [E]

    package init(left: EVector, right: EVector, variables: Int) {
        self.init(left: Column(left), right: Column(right), variables: variables, point: [])
    }

    /// Some rounds are over.
    init(left: Column, right: Column, variables: Int, point: [E]) {
        self.left = left
        self.right = right
        self.variables = variables
        self.point = point
    }

    package var leftSpan: ESpan { left.span }
    package var rightSpan: ESpan { right.span }

    /// Writes the zeros beyond the ends out, as whoever reads or changes whole arrays needs them, and gives the memory of
    /// what is bound back.
    mutating func pad() {
        left = left.padded(to: 1 << variables)
        right = right.padded(to: 1 << variables)
    }

    /// Some rounds in turn; between calls the arrays may be changed.
    package mutating func prove(rounds: Int, _ transcript: inout ProverTranscript) {
        var next: (E, E)?
        for round in 0..<rounds {
            let sums = next ?? sums()
            transcript.send([sums.0, sums.1])
            let challenge = transcript.draw()
            point.insert(challenge, at: 0)
            variables -= 1
            next = bind(at: challenge, summing: round + 1 < rounds)
        }
    }

    /// Σ left·right over the low half, and of the sums of both halves.
    private func sums() -> (E, E) {
        let (left, right) = (left.halves(1 << (variables - 1)), right.halves(1 << (variables - 1)))
        let zeros = EVector(EqualityWeights.block)
        let pieces = Pieces([min(left.low.length, right.low.length)]).all
        let sums = parallelSum(pieces.count, grain: 8, width: 2) { range in
            var result = [E.zero, .zero]
            for piece in pieces[range] {
                let sums = weightedSums(
                    a0: left.low.block(piece.rows, fill: zeros.span), a1: left.high.block(piece.rows, fill: zeros.span),
                    b0: right.low.block(piece.rows, fill: zeros.span),
                    b1: right.high.block(piece.rows, fill: zeros.span))
                result[0] += sums.0
                result[1] += sums.1
            }
            return result
        }
        return (sums[0], sums[1])
    }

    /// Binds the top bit, of 2^(variables + 1) entries, and takes the sums of the round that follows.
    private mutating func bind(at challenge: E, summing: Bool) -> (E, E)? {
        let half = 1 << variables
        guard summing, min(left.length, right.length) > 2 * EqualityWeights.block else {
            left = Self.bind(left.halves(half), at: challenge)
            right = Self.bind(right.halves(half), at: challenge)
            return summing ? sums() : nil
        }
        let quarter = half / 2
        let (left, right) = (left, right)
        let lengths = [left, right].map { min($0.length, half) }
        let zeros = EVector(EqualityWeights.block)
        let pieces = Pieces([min(max(lengths[0], lengths[1]), quarter)], block: EqualityWeights.block).all
        let sums = parallelSum(pieces.count, grain: 8, width: 2) { range in
            var result = [E.zero, .zero]
            for rows in pieces[range].map(\.rows) {
                let sums: (E, E)
                if min(left.length, right.length) >= 3 * quarter + rows.upperBound {
                    sums = weightedFoldSums(
                        left.span[rows.lowerBound..<rows.upperBound + 3 * quarter],
                        right.span[rows.lowerBound..<rows.upperBound + 3 * quarter], quarter: quarter,
                        count: rows.count, at: challenge)
                } else {
                    let a = left.fold(rows, quarter: quarter, fill: zeros.span, at: challenge)
                    let b = right.fold(rows, quarter: quarter, fill: zeros.span, at: challenge)
                    sums = weightedSums(a0: a.0, a1: a.1, b0: b.0, b1: b.1)
                }
                result[0] += sums.0
                result[1] += sums.1
            }
            return result
        }
        self.left = left.halves(half).low
        self.right = right.halves(half).low
        return (sums[0], sums[1])
    }

    private static func bind(_ halves: (low: Column, high: Column), at challenge: E) -> Column {
        let zeros = EVector(EqualityWeights.block)
        let pieces = Pieces([halves.low.length]).all
        parallel(pieces.count, grain: 8) { range in
            for piece in pieces[range] {
                let low = halves.low.block(piece.rows, fill: zeros.span)
                BinaryFields.fold(low, halves.high.block(piece.rows, fill: zeros.span), at: challenge, into: low)
            }
        }
        return halves.low
    }
}
