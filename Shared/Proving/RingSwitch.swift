import BinaryFields
import Hashing

/// Step 5: the weight of entry (g, r) of the stack, Φ(eq(g*, g)·eq(r*, r)) with Φ(a) = Σ_{k<64} eq(ρ, k)·a^(2^k): from
/// a claim on bits to one on elements of K (DP24, ePrint 2024/504).
struct RingSwitch {
    /// From this number of rows on, Φ after the product with eq(g*, g) is one map, made for the run.
    private static let rowsOfOwnMap = 1 << 11

    /// The weights up to the end of the last run.
    let weights: EVector

    let rho: [E]

    init(_ trace: Trace, _ columns: ColumnClaims, rows: EqualityWeights, _ transcript: inout ProverTranscript) {
        transcript.send(columns.bits)
        rho = transcript.draw(6)
        let byPair = eqTable(columns.columnPoint)
        let images = Self.images(rho)
        let map = EMap(images)
        let weights = EVector(trace.layout.stackEnd)
        let basis = EVector(Self.basis)
        // Runs of one table share eq(r*, ·).
        for table in trace.tables where trace.height(table) > 0 {
            let length = 1 << trace.layout.tables[table].log
            let byRow = EVector(length)
            parallel(length, grain: EqualityWeights.block) { rows.write($0, into: byRow[$0]) }
            let runs = trace.runs(of: table)
            let own = length >= Self.rowsOfOwnMap
            parallel(runs.count, grain: 1) { range in
                let scaled = EVector(max(192, min(length, EqualityWeights.block)))
                for (pair, offset) in runs[range] {
                    var ownMap = map
                    if own {
                        scale(basis.span, by: byPair[pair], into: scaled[0..<192])
                        let images = EVector(192)
                        map.apply(scaled[0..<192], into: images.span)
                        ownMap = EMap(images.span.elements)
                    }
                    for block in EqualityWeights.blocks(0..<length) {
                        let target = weights[offset + block.lowerBound..<offset + block.upperBound]
                        if own {
                            ownMap.apply(byRow[block], into: target)
                        } else {
                            scale(byRow[block], by: byPair[pair], into: scaled[0..<block.count])
                            map.apply(scaled[0..<block.count], into: target)
                        }
                    }
                }
            }
        }
        self.weights = weights
    }

    /// x^i·Y^j at 64 j + i.
    private static let basis: [E] = (0..<192).map { bit in
        let word = UInt64(1) << UInt64(bit % 64)
        return E(bit / 64 == 0 ? word : 0, bit / 64 == 1 ? word : 0, bit / 64 == 2 ? word : 0)
    }

    /// Φ of the basis.
    private static func images(_ rho: [E]) -> [E] {
        let weights = eqTable(rho)
        return basis.map { element in
            var power = element
            return weights.reduce(.zero) { sum, weight in
                defer { power = power.squared() }
                return sum + weight * power
            }
        }
    }
}
