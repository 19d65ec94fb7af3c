import BinaryFields
import Hashing

/// The sumcheck of Σ left(x)·right(x), whose rounds are quadratic: columns, opening and weight end in it. Arrays are zero
/// beyond their end, the highest bit is bound first, both are written over.
struct ProductSumcheck {
    private(set) var left: Column
    private(set) var right: Column
    /// Bits that are not bound yet.
    private(set) var variables: Int
    private(set) var point: [E] = []

    init(left: EVector, right: EVector, variables: Int) {
        self.left = Column(left)
        self.right = Column(right)
        self.variables = variables
    }

    /// Some rounds are over.
    init(left: Column, right: Column, variables: Int, point: [E]) {
        self.left = left
        self.right = right
        self.variables = variables
        self.point = point
    }

    var leftSpan: ESpan { left.span }
    var rightSpan: ESpan { right.span }

    /// Writes the zeros beyond the ends out: whoever reads or changes whole arrays needs them.
    mutating func pad() {
        left = left.padded(to: 1 << variables)
        right = right.padded(to: 1 << variables)
    }

    mutating func prove(rounds: Int, _ transcript: inout ProverTranscript) {
        for _ in 0..<rounds {
            variables -= 1
            let halves = (left.halves(1 << variables), right.halves(1 << variables))
            let sums = Self.sums(halves.0, halves.1)
            transcript.send([sums.0, sums.1])
            let challenge = transcript.draw()
            point.insert(challenge, at: 0)
            left = Self.bind(halves.0, at: challenge)
            right = Self.bind(halves.1, at: challenge)
        }
    }

    private typealias Halves = (low: Column, high: Column)

    /// Σ left·right over the low half, and of the sums of both halves.
    private static func sums(_ left: Halves, _ right: Halves) -> (E, E) {
        let zeros = EVector(EqualityWeights.block)
        let pieces = Pieces([min(left.low.length, right.low.length)]).all
        let sums = parallelSum(pieces.count, grain: 8, width: 2) { range in
            let scratch = EVector(4 * EqualityWeights.block)
            var result = [E.zero, .zero]
            for piece in pieces[range] {
                let blocks = [left.low, left.high, right.low, right.high].enumerated().map { index, column in
                    let start = index * EqualityWeights.block
                    return column.block(
                        piece.rows, fill: zeros.span, scratch: scratch[start..<start + EqualityWeights.block])
                }
                let sums = weightedSums(a0: blocks[0], a1: blocks[1], b0: blocks[2], b1: blocks[3])
                result[0] += sums.0
                result[1] += sums.1
            }
            return result
        }
        return (sums[0], sums[1])
    }

    private static func bind(_ halves: Halves, at challenge: E) -> Column {
        let zeros = EVector(EqualityWeights.block)
        let pieces = Pieces([halves.low.length]).all
        parallel(pieces.count, grain: 8) { range in
            let scratch = EVector(EqualityWeights.block)
            for piece in pieces[range] {
                let low = halves.low.block(piece.rows, fill: zeros.span, scratch: scratch.span)
                let high = halves.high.block(piece.rows, fill: zeros.span, scratch: scratch[0..<piece.rows.count])
                fold(low, high, at: challenge, into: low)
            }
        }
        return halves.low
    }
}
