import BinaryFields
import Tables

/// What step 3 leaves to the later ones.
package struct RowClaim: Sendable {
    /// i*
    package let pairPoint: [E]
    /// r*
    package let rowPoint: [E]
    /// φ, the coefficient of the messages.
    package let phi: E
    /// Ã(z, i*, r*), as sent.
    package let a: E
    /// B̃(z, i*, r*), as sent.
    package let b: E
    /// W̃(i*, r*), which is also the coefficient of C̃.
    package let weight: E
    /// L = W̃·C̃ + φ·Σ_T Ũ_T·D̃_T at this point: what the claim is beside W̃·Ã·B̃.
    package let linear: E
}

// 3. Row sumcheck. The sum of step 2 over i; then both sums, of constraints and of messages, over the rows of all tables
// at once. It ends at one row point.
extension Verifier {
    /// φ is drawn when i is bound: a constant added to a round polynomial is not seen in s(0) + s(1), and could be chosen
    /// to cancel what joins later, were its coefficient known.
    ///
    /// The last identity is not checked, it defines L. Errors over 2^192: φ 1, each round 3.
    func reduceRows(
        _ messages: MessageClaim, _ constraints: ConstraintClaim, _ shape: Shape, _ proof: inout ProofReader
    ) throws(VerificationError) -> RowClaim {
        var claim = constraints.value
        let pairPoint = try proof.sumcheck(rounds: shape.system.constraintLog, degree: 3, claim: &claim)
        let phi = proof.draw()
        claim += phi * messages.value
        let rowPoint = try proof.sumcheck(rounds: shape.rowLog, degree: 3, claim: &claim)
        let sent = try proof.elements(2)

        // W̃ = Σ_T (Σ_{i of T} eq(κ, i)·eq(i*, i)) · Σ_{r < h} eq(τ, r)·eq(r*, r)
        let byPair = zip(eqTable(constraints.kappa), eqTable(pairPoint)).map { $0 * $1 }
        let byRow = shape.equalityBelowHeights(constraints.tau, rowPoint)
        let weight = system.tables.indices.reduce(E.zero) { sum, t in
            sum + byPair[system.constraintPairs(of: t)].reduce(.zero, +) * byRow[t]
        }
        return RowClaim(
            pairPoint: pairPoint, rowPoint: rowPoint, phi: phi, a: sent[0], b: sent[1], weight: weight,
            linear: claim + weight * sent[0] * sent[1])
    }
}
