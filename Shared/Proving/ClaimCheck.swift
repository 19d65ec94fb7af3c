import BinaryFields
import Tables
import Verification

/// The prover's debug mode: a verifier reads the proof, and each claim that it is left with is held against its meaning,
/// taken from the rows without any of the prover's shortcuts.
///
/// A wrong claim is otherwise noticed only where the protocol ends. Takes a product for each bit of the rows: for
/// statements of some thousand rows.
struct ClaimCheck {
    private let trace: Trace
    private var messages: MessageClaim?
    private var constraints: ConstraintClaim?
    private var rows: RowClaim?
    private var columns: ColumnClaim?
    private var stackWeight: [E] = []

    init(_ trace: Trace) { self.trace = trace }

    /// The step after which a claim is wrong, or in which the verifier refuses.
    mutating func firstWrong(in proof: [UInt8]) -> Prover.Step? {
        let (claims, refusal) = Verifier(trace.system).claims(of: trace.statement, proof: proof)
        for claim in claims {
            switch claim {
            case .messages(let claim):
                messages = claim
                guard holds(claim) else { return .messages }
            case .constraints(let claim):
                constraints = claim
                guard holds(claim) else { return .constraints }
            case .rows(let claim):
                rows = claim
                guard holds(claim) else { return .rows }
            case .columns(let claim):
                columns = claim
                guard holds(claim) else { return .columns }
            case .stack(let claim):
                guard holds(claim) else { return .ringSwitch }
            case .opening(let claim):
                guard extend(stackWeight, at: claim.point) == claim.weight else { return .opening }
            }
        }
        return refusal.map { Self.step($0) }
    }

    /// Where the verifier's check stands that refuses a proof.
    private static func step(_ refusal: VerificationError) -> Prover.Step {
        switch refusal {
        case .tables, .statement: .commitment
        case .unbalanced, .productLayer: .messages
        case .columns: .ringSwitch
        // Nonces and opened columns; a proof that this prover made has its whole length.
        case .transcript, .opening: .opening
        case .weight: .weight
        }
    }

    // MARK: Meanings

    /// a + 1 = Σ_T Σ_r U_T·D_T
    private func holds(_ claim: MessageClaim) -> Bool {
        let byRow = eqTable(rowPart(claim))
        let sum = trace.tables.reduce(E.zero) { sum, table in
            (0..<trace.height(table)).reduce(sum) { $0 + byRow[$1] * factors(claim, table: table, row: $1) }
        }
        return claim.value == sum
    }

    private func holds(_ claim: ConstraintClaim) -> Bool {
        let (byPair, byRow) = (eqTable(claim.kappa), eqTable(claim.tau))
        var sum = E.zero
        for (i, table) in trace.tableOfConstraint.enumerated() {
            for row in 0..<trace.height(table) {
                let (a, b, c) = operands(i, row, at: claim.bitWeights)
                sum += byPair[i] * byRow[row] * (a * b + c)
            }
        }
        return claim.value == sum
    }

    private func holds(_ claim: RowClaim) -> Bool {
        guard let messages, let constraints else { return false }
        let (byPair, byRow) = (eqTable(claim.pairPoint), eqTable(claim.rowPoint))
        let (kappa, tau) = (eqTable(constraints.kappa), eqTable(constraints.tau))
        var (a, b, c, weight, linear) = (E.zero, E.zero, E.zero, E.zero, E.zero)
        for (i, table) in trace.tableOfConstraint.enumerated() {
            for row in 0..<trace.height(table) {
                let place = byPair[i] * byRow[row]
                let values = operands(i, row, at: constraints.bitWeights)
                a += place * values.a
                b += place * values.b
                c += place * values.c
                weight += place * kappa[i] * tau[row]
            }
        }
        let zeta = eqTable(rowPart(messages))
        for table in trace.tables {
            var (u, d) = (E.zero, E.zero)
            for row in 0..<trace.height(table) {
                u += byRow[row] * zeta[row]
                d += byRow[row] * factors(messages, table: table, row: row)
            }
            linear += claim.phi * u * d
        }
        return (claim.a, claim.b, claim.weight) == (a, b, weight) && claim.linear == linear + weight * c
    }

    /// The value is Λ·w̃ at the point, w̃ from the bits of the stack.
    private func holds(_ claim: ColumnClaim) -> Bool {
        guard let rows else { return false }
        let (byPair, byBit, byRow) = (eqTable(claim.columnPoint), eqTable(claim.bitPoint), eqTable(rows.rowPoint))
        var value = E.zero
        for table in trace.tables {
            for (pair, offset) in trace.runs(of: table) {
                for row in 0..<trace.height(table) {
                    let word = trace.stack[offset + row].bits
                    let bits = (0..<64).reduce(E.zero) { word >> UInt64($1) & 1 == 1 ? $0 + byBit[$1] : $0 }
                    value += byPair[pair] * byRow[row] * bits
                }
            }
        }
        return claim.value == claim.form * value
    }

    private mutating func holds(_ claim: StackClaim) -> Bool {
        guard let rows, let columns else { return false }
        let (byPower, byPair, byRow) = (eqTable(claim.rho), eqTable(columns.columnPoint), eqTable(rows.rowPoint))
        stackWeight = [E](repeating: .zero, count: 1 << trace.layout.stackLog)
        var value = E.zero
        for table in trace.tables {
            for (pair, offset) in trace.runs(of: table) {
                for row in 0..<1 << trace.layout.tables[table].log {
                    var power = byPair[pair] * byRow[row]
                    for weight in byPower {
                        stackWeight[offset + row] += weight * power
                        power = power.squared()
                    }
                    value += stackWeight[offset + row] * trace.stack[offset + row]
                }
            }
        }
        return claim.value == value
    }

    // MARK: Rows

    private func rowPart(_ claim: MessageClaim) -> [E] {
        Array(claim.point[trace.system.slotLog..<claim.point.count - 1])
    }

    private func words(_ table: Int, _ row: Int) -> [UInt32] {
        trace.runs(of: table).flatMap { _, offset in
            let word = trace.stack[offset + row].bits
            return [UInt32(truncatingIfNeeded: word), UInt32(truncatingIfNeeded: word >> 32)]
        }
    }

    /// A, B and C of constraint pair i at z.
    private func operands(_ i: Int, _ row: Int, at weights: [E]) -> (a: E, b: E, c: E) {
        let table = trace.tableOfConstraint[i]
        let first = 2 * (i - trace.system.constraintPairs[table])
        let words = words(table, row)
        var (a, b, c) = (E.zero, E.zero, E.zero)
        for (half, constraint) in trace.system.tables[table].constraints[first...].prefix(2).enumerated() {
            for bit in 0..<32 {
                let weight = weights[32 * half + bit]
                func value(_ operand: Operand) -> E {
                    operand.value(on: words) >> UInt32(bit) & 1 == 1 ? weight : .zero
                }
                a += value(constraint.a)
                b += value(constraint.b)
                c += value(constraint.c)
            }
        }
        return (a, b, c)
    }

    /// Σ over the table's slots of eq(slot)·(factor + 1).
    private func factors(_ claim: MessageClaim, table: Int, row: Int) -> E {
        let words = words(table, row)
        let bySlot = eqTable(Array(claim.point[..<trace.system.slotLog]))
        let side = claim.point[claim.point.count - 1]
        return trace.system.slots.filter { $0.table == table }.reduce(E.zero) { sum, slot in
            let message = trace.system.message(in: slot)
            let m = message.words.map { UInt64($0.value(on: words)) }
            let factor = claim.gamma + E(m[0] | m[1] << 32, m[2] | m[3] << 32, 0)
            let weight = bySlot[slot.number] * (slot.side == .pulled ? side : .one + side)
            return sum + weight * (factor.frobenius(message.power) + .one)
        }
    }
}
