import BinaryFields
import Hashing

/// Step 4: L + λ·v_A + λ²·v_B as one sum over column pairs g and bits u of Λ(g, u)·w̃(g, u, r*), and its sumcheck.
struct ColumnClaims {
    /// ŝ_u = w̃(g*, u, r*)
    let bits: [E]
    /// g*
    let columnPoint: [E]

    init(_ trace: Trace, _ rows: RowClaims, _ transcript: inout ProverTranscript) {
        let lambda = transcript.draw()
        let square = lambda.squared()
        let columns = BitColumns.sums(trace, rows: rows.weights)
        let forms = EVector(columns.count)
        parallel(rows.linear.count, grain: 256) { range in
            for place in range {
                forms[place] =
                    rows.linear[place] + lambda * rows.a.coefficients[place] + square * rows.b.coefficients[place]
            }
        }
        let columnLog = trace.system.columnLog
        var sumcheck = ProductSumcheck(left: forms, right: columns, variables: columnLog + 6)
        sumcheck.prove(rounds: columnLog, &transcript)
        columnPoint = sumcheck.point
        bits = sumcheck.rightSpan.elements
        sumcheck.prove(rounds: 6, &transcript)
    }
}
