import BinaryFields

/// What step 5 leaves to the later ones.
package struct StackClaim: Sendable {
    /// ρ
    package let rho: [E]
    /// Σ_y Ω(y)·q(y), the one claim on the stack q. Its weight at entry r of run g is Φ(eq(g*, g)·eq(r*, r)), with
    /// Φ(a) = Σ_{k<64} eq(ρ, k)·a^(2^k).
    package let value: E
}

// 5. Ring switch. From a claim on bit columns to a claim on the stack, whose entries are 64 bits each.
extension Verifier {
    /// Sent are ŝ_u = w̃(g*, u, r*). As Φ is GF(2)-linear, Σ_y Φ(ω(y))·q(y) = Σ_u x^u·Φ(ŝ_u) for
    /// ω = eq(g*, g)·eq(r*, r).
    ///
    /// Error over 2^192: ρ 6, for the 64 sums Σ_u x^u·s_u^(2^k) vanish together at s = 0 only (Vandermonde in the
    /// conjugates of x).
    func switchRing(_ columns: ColumnClaim, _ proof: inout ProofReader) throws(VerificationError) -> StackClaim {
        var values = try proof.elements(64)
        let got = columns.form * innerProduct(eqTable(columns.bitPoint), values)
        guard got == columns.value else { throw .columns(expected: columns.value, got: got) }
        let rho = proof.draw(6)
        var claim = E.zero
        for weight in eqTable(rho) {
            claim += weight * combineBits(values)
            values = values.map { $0.squared() }
        }
        return StackClaim(rho: rho, value: claim)
    }
}
