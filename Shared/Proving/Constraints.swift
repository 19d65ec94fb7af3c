import BinaryFields
import Hashing

/// Step 2: the univariate round, and what of it the rounds over pairs and rows need.
struct Constraints {
    let segments: RowSegments
    let kappa: [E]
    /// eq(τ, ·); the first three coordinates of τ are fixed.
    let tau: EqualityWeights
    let bits: BitSums
    /// The Lagrange weights of z on S.
    let at: [E]

    init(_ trace: Trace, _ transcript: inout ProverTranscript) {
        let (variables, rows) = (trace.system.constraintLog, trace.layout.rowLog)
        let drawn = transcript.draw(variables + max(rows - 3, 0))
        kappa = Array(drawn[..<variables])
        tau = EqualityWeights(UnivariateDomain.fixedTau.prefix(rows).map { E($0) } + drawn[variables...])
        segments = RowSegments(trace)
        let univariate = Univariate(trace, segments: segments, kappa: kappa, tau: tau)
        bits = univariate.bits
        transcript.send(univariate.values)
        at = lagrange(.domain, transcript.draw())
    }
}
