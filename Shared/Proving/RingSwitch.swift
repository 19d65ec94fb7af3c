import BinaryFields
import Hashing

/// Step 5: from a claim on bits to one on elements of K, Σ_y Φ(ω(y))·q(y) (DP24, ePrint 2024/504).
struct RingSwitch {
    let weights: StackWeights
    let rho: [E]

    init(_ trace: Trace, _ columns: ColumnClaims, rows: EqualityWeights, _ transcript: inout ProverTranscript) {
        transcript.send(columns.bits)
        rho = transcript.draw(6)
        weights = StackWeights(trace, rho: rho, columnPoint: columns.columnPoint, rows: rows)
    }
}
