import BinaryFields
import Hashing
import Tables

/// Step 6: Σ weight(y)·q(y) by Ligerito's form of WHIR (ePrint 2025/1187, 2024/1586): every level encodes the folded array
/// anew, interleaved, at its own rate, and each query of a level is one more weighted claim on the array.
struct Opening {
    /// The point of all challenges.
    let point: [E]

    /// - Parameters:
    ///   - stack: up to the end of the last run.
    init(
        _ record: ParameterRecord, _ first: consuming Commitment, stack: KVector, weights: StackWeights,
        _ transcript: inout ProverTranscript
    ) {
        // A commitment, and the memory of its codeword, is gone when it is opened.
        var commitment: Commitment? = consume first
        var variables = record.stackLog
        var sumcheck = PackedRounds.prove(
            weights, stack, variables: variables, rounds: record.folds[0], &transcript)
        for (level, folds) in record.folds.enumerated() {
            variables -= folds
            sumcheck.prove(rounds: sumcheck.variables - variables, &transcript)
            sumcheck.pad()
            var claims: [Claim] = []
            var following: Commitment?
            if level + 1 < record.folds.count {
                let next = Commitment(
                    sumcheck.rightSpan, variables: variables, folds: record.folds[level + 1],
                    rate: record.rates[level + 1])
                transcript.send(next.root)
                let outside = transcript.draw(variables)
                transcript.send([Self.extension(sumcheck.rightSpan, at: outside)])
                claims.append(.outside(outside))
                following = next
            } else {
                transcript.send(sumcheck.rightSpan.elements)
            }
            transcript.grind(bits: record.grinding[level])
            let indices = transcript.drawIndices(record.queries[level], log: variables + record.rates[level])
            commitment?.open(at: indices, &transcript)
            claims += indices.map { .query($0) }
            Self.add(
                claims, step: transcript.draw(), variables: variables, rate: record.rates[level],
                to: sumcheck.leftSpan)
            commitment = following
        }
        sumcheck.prove(rounds: variables, &transcript)
        point = sumcheck.point
    }

    private enum Claim {
        case outside([E])
        case query(Int)
    }

    /// Adds step^j times the weights of claim j, counted from 1.
    private static func add(_ claims: [Claim], step: E, variables: Int, rate: Int, to weight: ESpan) {
        var scale = step
        var queries: [(index: Int, scale: E)] = []
        for claim in claims {
            switch claim {
            case .outside(let point): add(EqualityWeights(point), scale: scale, to: weight)
            case .query(let index): queries.append((index, scale))
            }
            scale *= step
        }
        addCodeWeights(queries, variables: variables, rate: rate, to: weight)
    }

    private static func add(_ weights: EqualityWeights, scale: E, to weight: ESpan) {
        let blocks = EqualityWeights.blocks(0..<weight.count)
        parallel(blocks.count, grain: 4) { range in
            for rows in blocks[range] {
                let (table, factor) = weights.block(rows, variables: weights.point.count)
                scaleAdd(table, by: scale * factor, into: weight[rows])
            }
        }
    }

    private static func `extension`(_ array: ESpan, at point: [E]) -> E {
        let weights = EqualityWeights(point)
        let blocks = EqualityWeights.blocks(0..<array.count)
        return parallelSum(blocks.count, grain: 8, width: 1) { range in
            [
                blocks[range].reduce(.zero) { sum, rows in
                    let (table, scale) = weights.block(rows, variables: point.count)
                    return sum + scale * innerProduct(table, array[rows])
                }
            ]
        }[0]
    }
}
