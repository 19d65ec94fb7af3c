import BinaryFields
import Tables

/// What step 2 leaves to the later ones.
package struct ConstraintClaim: Sendable {
    /// κ, which weighs constraint pairs.
    package let kappa: [E]
    /// τ, which weighs rows.
    package let tau: [E]
    package let z: E
    /// The Lagrange weights of z: of the 64 bits of a constraint pair.
    package let bitWeights: [E]
    /// P(z) = Σ_i Σ_r W(i, r)·(A·B + C)(z, i, r), with W(i, r) = eq(κ, i)·eq(τ, r)·[r < h].
    package let value: E
}

// 2. Constraints. The 64 bits s of a constraint pair are values at the points of S; A, B, C, interpolated, have degree 63
// in Z. If every constraint holds, P(Z) = Σ_i Σ_r W(i, r)·(A·B + C)(Z, i, r) vanishes on S: P = V_S·Q, deg Q < 64.
extension Verifier {
    /// Q is sent by P's values on the coset, where V_S is constant: P(z) = V_S(z) / V_S(coset) · Σ_c L_c(z)·P(c). Nothing
    /// has to be checked: that P vanishes on S is how it is read.
    ///
    /// Errors over 2^192: κ and τ the number of coordinates drawn; z 127. The first three coordinates of τ are fixed:
    /// the weights of eight rows are then independent over GF(2), and no sum of bits cancels.
    func reduceConstraints(_ shape: Shape, _ proof: inout ProofReader) throws(VerificationError) -> ConstraintClaim {
        let fixed = UnivariateDomain.fixedTau.prefix(shape.rowLog).map { E($0) }
        let drawn = proof.draw(shape.system.constraintLog + shape.rowLog - fixed.count)
        let sent = try proof.elements(64)
        let z = proof.draw()
        return ConstraintClaim(
            kappa: Array(drawn.prefix(shape.system.constraintLog)),
            tau: fixed + drawn.dropFirst(shape.system.constraintLog),
            z: z,
            bitWeights: lagrange(.domain, z),
            value: vanishing(z) * UnivariateDomain.inverseOnCoset * innerProduct(lagrange(.coset, z), sent))
    }
}
