import BinaryFields

// 7. Weight. Ω(y) = Σ_k Σ_g eq(ρ, k)·eq(g*, g)^(2^k) · eq(run g, high part of y)·eq(r*^(2^k), low part of y), as
// Frobenius passes through eq. It is public, but a pass over runs for each k: a sumcheck over k and g makes it one pass
// over the 64 powers and one over the runs.
extension Verifier {
    /// Errors over 2^192: each round 2. No list of stacks counts here.
    func checkWeight(
        _ opening: OpeningClaim, _ stack: StackClaim, _ columns: ColumnClaim, _ rows: RowClaim, _ shape: Shape,
        _ proof: inout ProofReader
    ) throws(VerificationError) {
        var claim = opening.weight
        let point = try proof.sumcheck(rounds: 6 + system.columnLog, degree: 2, claim: &claim)
        let (pairPart, powerPart) = (Array(point.prefix(system.columnLog)), Array(point.dropFirst(system.columnLog)))

        // The first factor, Σ_k eq(k*, k)·eq(ρ, k)·eq(g*^(2^k), point), and in the second what depends on k.
        let mostRowVariables = min(shape.rowLog, shape.stackLog)
        var (first, lows) = (E.zero, [E](repeating: .zero, count: mostRowVariables + 1))
        var (columnPoint, rowPoint) = (columns.columnPoint, rows.rowPoint)
        for (byPower, byRho) in zip(eqTable(powerPart), eqTable(stack.rho)) {
            first += byPower * byRho * eq(columnPoint, pairPart)
            for (log, low) in equalities(rowPoint, opening.point, upTo: mostRowVariables).enumerated() {
                lows[log] += byPower * low
            }
            columnPoint = columnPoint.map { $0.squared() }
            rowPoint = rowPoint.map { $0.squared() }
        }
        let second = shape.sumOverRuns(opening.point, byPair: eqTable(pairPart), byLog: lows)
        guard first * second == claim else { throw .weight(expected: first * second, got: claim) }
    }

    /// For each run length 2^log, eq of the row point and of the lowest `log` coordinates of y with zeros above: that of
    /// a row below 2^log.
    private func equalities(_ rowPoint: [E], _ y: [E], upTo most: Int) -> [E] {
        var zeros = [E](repeating: .one, count: rowPoint.count + 1)  // zeros[k]: that all bits from k on are 0
        for k in rowPoint.indices.reversed() {
            zeros[k] = zeros[k + 1] * (.one + rowPoint[k])
        }
        var (equal, result) = (E.one, [zeros[0]])
        for k in 0..<most {
            equal *= .one + rowPoint[k] + y[k]
            result.append(equal * zeros[k + 1])
        }
        return result
    }
}
