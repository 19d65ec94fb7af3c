import BinaryFields
import Tables

/// What step 4 leaves to the later ones.
package struct ColumnClaim: Sendable {
    /// λ, the coefficient of Ã; λ² is that of B̃.
    package let lambda: E
    /// g*
    package let columnPoint: [E]
    /// u*
    package let bitPoint: [E]
    /// Λ̃(g*, u*)
    package let form: E
    /// Λ̃(g*, u*)·w̃(g*, u*, r*), as the sumcheck claims.
    package let value: E
}

// 4. Columns. L + λ·Ã + λ²·B̃ is affine in the bits of the row r*: Σ_{g,u} Λ(g, u)·w̃(g, u, r*) and constants, which stand
// on rows below the height only.
extension Verifier {
    /// Errors over 2^192: λ 2, each round 2.
    func reduceColumns(
        _ messages: MessageClaim, _ constraints: ConstraintClaim, _ rows: RowClaim, _ shape: Shape,
        _ proof: inout ProofReader
    ) throws(VerificationError) -> ColumnClaim {
        let lambda = proof.draw()
        let operandScales = [lambda, lambda.squared(), rows.weight]  // of A, B, C
        let slotScales = scalesOfSlots(messages, rows, shape)
        let scales = scalesOfForms(operandScales, slotScales, eqTable(rows.pairPoint))
        let weights = forms.weights(bitWeights: constraints.bitWeights)

        var constants = forms.constants(scales: scales, weights: weights, tables: system.tables.count)
        for (slot, scale) in zip(system.slots, slotScales) {
            constants[slot.table] += scale * (messages.gamma + .one).frobenius(system.message(in: slot).power)
        }
        let live = shape.liveRows(at: rows.rowPoint)

        var claim = rows.linear + operandScales[0] * rows.a + operandScales[1] * rows.b + innerProduct(constants, live)
        let point = try proof.sumcheck(rounds: system.columnLog + 6, degree: 2, claim: &claim)
        let (bitPoint, columnPoint) = (Array(point.prefix(6)), Array(point.dropFirst(6)))
        let form = forms.value(
            scales: scales, weights: weights, byBit: eqTable(bitPoint), byPair: eqTable(columnPoint))
        return ColumnClaim(
            lambda: lambda, columnPoint: columnPoint, bitPoint: bitPoint, form: form, value: claim)
    }

    /// For each slot φ·Ũ_T(r*)·eq(slot and side part of ζ, slot), with Ũ_T(r*) = Σ_{r < h} eq(row part of ζ, r)·eq(r*, r).
    private func scalesOfSlots(_ messages: MessageClaim, _ rows: RowClaim, _ shape: Shape) -> [E] {
        let zeta = messages.point
        let bySlot = eqTable(Array(zeta.prefix(system.slotLog)))
        let bySide = eqTable([zeta[zeta.count - 1]])
        let rowPart = Array(zeta[system.slotLog..<zeta.count - 1])
        let byRow = shape.equalityBelowHeights(rowPart, rows.rowPoint).map { rows.phi * $0 }
        return system.slots.map { bySlot[$0.number] * bySide[$0.side.rawValue] * byRow[$0.table] }
    }

    /// For each operand, in the order of ``LinearForms``, the factor of its positions' weights: of A, B, C times
    /// eq(i*, i); of a slot times 1, x³², Y, x³²·Y for its four words, all to the power 2^k.
    private func scalesOfForms(_ operandScales: [E], _ slotScales: [E], _ byPair: [E]) -> [E] {
        var scales: [E] = []
        scales.reserveCapacity(forms.forms.count)
        for (t, table) in system.tables.enumerated() {
            for c in table.constraints.indices {
                let weight = byPair[system.constraintPairs[t] + c / 2]
                scales += operandScales.map { $0 * weight }
            }
        }
        let basis = [E.one, E(1 << 32, 0, 0), E(0, 1, 0), E(0, 1 << 32, 0)]
        for (slot, scale) in zip(system.slots, slotScales) {
            let power = system.message(in: slot).power
            scales += basis.map { scale * $0.frobenius(power) }
        }
        return scales
    }
}
