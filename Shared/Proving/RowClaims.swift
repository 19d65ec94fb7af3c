import BinaryFields
import Hashing
import Tables

/// Step 3, first half: the rounds over constraint pairs.
struct PairClaims {
    /// i*
    let point: [E]
    /// A·eq(τ, ·) and B at i* and z, by row.
    let a: Column
    let b: Column
    /// W without eq(τ, ·), by row segment.
    let omega: [E]

    init(_ trace: Trace, _ constraints: Constraints, _ transcript: inout ProverTranscript) {
        var pairs = PairSumcheck(
            trace, segments: constraints.segments, kappa: constraints.kappa, tau: constraints.tau,
            bits: constraints.bits, at: constraints.at)
        (a, b, omega) = pairs.prove(&transcript)
        point = pairs.point
    }
}

/// Step 3, second half: with the claim on the factors to claims at one row point r*.
struct RowClaims {
    /// r*
    let point: [E]
    /// eq(r*, ·)
    let weights: EqualityWeights
    /// The coefficients, at i* and z, of the bits in A and B; W̃ times those of C; and those of Σ_T Ũ_T·φ·D̃_T.
    let a: BitForms
    let b: BitForms
    let linear: [E]

    init(
        _ trace: Trace, _ messages: Messages, _ constraints: Constraints, _ pairs: PairClaims,
        _ transcript: inout ProverTranscript
    ) {
        let system = trace.system
        let phi = transcript.draw()
        let (byPair, bySlot) = (eqTable(pairs.point), messages.slotWeights(trace).map { phi * $0 })
        let forms = parallelMap(4) { number in
            switch number {
            case 0: BitForms.constraints(system, byPair: byPair, at: constraints.at, operand: \.a)
            case 1: BitForms.constraints(system, byPair: byPair, at: constraints.at, operand: \.b)
            case 2: BitForms.constraints(system, byPair: byPair, at: constraints.at, operand: \.c)
            default: BitForms.factors(system, gamma: messages.gamma, weights: bySlot)
            }
        }
        let (c, factors) = (forms[2], forms[3])
        let rows = RowValues(trace, c: c, factors: factors)
        var sumcheck = RowSumcheck(
            tau: constraints.tau, omega: constraints.segments.steps(pairs.omega),
            a: constraints.withoutWeights(pairs.a), b: pairs.b, c: rows.c, zeta: EqualityWeights(messages.rowPart),
            forms: rows.factors, variables: trace.layout.rowLog)
        let values = sumcheck.prove(&transcript)
        transcript.send([values.a, values.b])
        point = sumcheck.point
        weights = EqualityWeights(point)
        (a, b) = (forms[0], forms[1])
        let tableOfPair = trace.tables.flatMap { table in system.columnPairs(of: table).map { _ in table } }
        linear = parallelMap(64 * tableOfPair.count) { place in
            values.weight * c.coefficients[place] + values.tables[tableOfPair[place / 64]] * factors.coefficients[place]
        }
    }
}

/// C and D_T on all rows: linear in a row's words, so taken from the stack by one map for each column pair.
private struct RowValues {
    /// On the rows of the tallest table, all tables in one.
    let c: Column
    /// For each table, on its rows.
    let factors: [Column]

    init(_ trace: Trace, c: BitForms, factors: BitForms) {
        let sum = EVector(unset: trace.tallest)
        let values = Column.columns(trace.tables.map { trace.height($0) })
        let forms = trace.tables.map { table in
            (c: RowForm(c, trace, table: table), factors: RowForm(factors, trace, table: table))
        }
        parallel(trace.tallest, grain: Trace.chunk) { range in
            sum[range].fill(.zero)
            for table in trace.tables where trace.height(table) > range.lowerBound {
                let rows = range.lowerBound..<min(range.upperBound, trace.height(table))
                forms[table].c.add(rows, of: trace.stack, into: sum[rows])
                forms[table].factors.write(rows, of: trace.stack, into: values[table].span[rows])
            }
        }
        self.c = Column(sum)
        self.factors = values
    }
}

extension Constraints {
    /// `column` divided by eq(τ, ·): A is kept times these weights while pairs are bound, and without while rows are.
    ///
    /// 1/eq(τ, r) is the product of 1/(1 + τ_k) or 1/τ_k, so eq(1 + τ, r) up to a factor.
    func withoutWeights(_ column: Column) -> Column {
        let factor = tau.point.reduce(E.one) { $0 * $1 * (.one + $1) }.inverse()
        let weights = EqualityWeights(tau.point.map { .one + $0 })
        parallel(column.length, grain: EqualityWeights.block) { rows in
            let span = column.span[rows]
            for part in EqualityWeights.blocks(rows) {
                let (table, scale) = weights.block(part, variables: tau.point.count)
                let target = span[part.lowerBound - rows.lowerBound..<part.upperBound - rows.lowerBound]
                multiply(target, table, into: target)
                BinaryFields.scale(target, by: factor * scale, into: target)
            }
        }
        return column
    }
}
