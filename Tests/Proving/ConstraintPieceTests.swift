import BinaryFields
import Hashing
import Oracles
import Proving
import Tables
import Testing

/// The pieces of steps 2 and 3 alone, against sums over all constraint pairs and rows.
struct ConstraintPieceTests {
    private static let state = Digest(words: [3, 1, 4, 1, 5, 9, 2, 6])

    /// Tables of other heights, some of them empty, without constraints or with an odd number of them; from one pair, so no
    /// round at all, to more than the bits that are bound before anything is stored.
    static let shapes: [[RandomRows.Shape]] = [
        [(3, 1, 5)], [(3, 2, 1)], [(2, 3, 0)], [(4, 3, 9), (1, 0, 20)], [(3, 5, 8), (2, 2, 3)],
        [(5, 7, 33), (3, 9, 70), (2, 1, 0)], [(4, 10, 64), (3, 1, 65), (6, 13, 17), (2, 0, 7), (2, 3, 64)],
    ]

    @Test(arguments: shapes.indices) func theUnivariateRound(number: Int) throws {
        let rows = try RandomRows(Self.shapes[number], spare: number % 2)
        var random = SeededGenerator(seed: UInt64(number))
        let (kappa, tau) = points(rows, &random)
        let univariate = Univariate(
            rows.trace, segments: RowSegments(rows.trace), kappa: kappa, tau: EqualityWeights(tau))
        for (place, value) in zip(UnivariateDomain.coset.points, univariate.values) {
            let weights = lagrange(.domain, E(place))
            #expect(value == rows.constraintSum(kappa: kappa, tau: tau, weights: weights).value)
        }
    }

    /// Each round's polynomial is the sum's, and what is left is eq(τ, ·)·A, B and W at the point. The last three have more
    /// rows than a block.
    @Test(arguments: shapes.indices.map { ($0, 0) } + [(5, 500), (4, 4100), (6, 2100)]) func theRoundsOverPairs(
        number: Int, more: Int
    )
        throws
    {
        let shapes = Self.shapes[number].map { ($0.width, $0.constraints, $0.height + more) }
        let rows = try RandomRows(shapes, spare: number % 2)
        var random = SeededGenerator(seed: UInt64(100 + number))
        let (kappa, tau) = points(rows, &random)
        let weights = lagrange(.domain, random.element())
        let segments = RowSegments(rows.trace)
        let univariate = Univariate(rows.trace, segments: segments, kappa: kappa, tau: EqualityWeights(tau))
        var pairs = PairSumcheck(
            rows.trace, segments: segments, kappa: kappa, tau: EqualityWeights(tau), bits: univariate.bits, at: weights)
        var transcript = ProverTranscript(state: Self.state)
        let left = pairs.prove(&transcript)

        var naive = rows.constraintSum(kappa: kappa, tau: tau, weights: weights)
        var verifier = VerifierTranscript(state: Self.state, proof: transcript.proof)
        let point = try naive.follow(rounds: kappa.count, degree: 3, &verifier)
        try verifier.finish()
        #expect(pairs.point == point)
        let (part, byRow) = (naive.parts[0], eqTable(tau))
        func padded(_ column: Column) -> [E] {
            column.span.elements + [E](repeating: .zero, count: byRow.count - column.span.count)
        }
        #expect(padded(left.a) == zip(part.a, byRow).map { $0 * $1 })
        #expect(padded(left.b) == part.b)
        #expect(left.weights.count == segments.ends.count)
        for row in byRow.indices {
            let segment = segments.ends.firstIndex { row < $0 }
            #expect(part.weight[row] == (segment.map { left.weights[$0] } ?? .zero) * byRow[row], "row \(row)")
        }
    }

    /// Columns of any lengths, as tables of any heights have them.
    @Test(arguments: [
        (variables: 0, steps: [Int](), a: 0, c: 0, forms: [Int]()), (0, [1], 1, 1, [1, 0]), (1, [1], 1, 2, [2]),
        (3, [], 0, 5, [5, 3]), (3, [2, 5], 5, 7, [7, 1, 0]), (4, [8], 8, 8, [8, 9]),
        (6, [1, 3, 31, 33], 33, 33, [33, 32]),
        (9, [100], 100, 300, [300, 17, 256]), (13, [5, 2048, 4097], 4097, 5000, [5000, 2049, 1, 4096]),
        (13, [2047, 2100], 2100, 2100, [300]), (14, [3], 3, 3, [8191]),
    ])
    func theRoundsOverRows(variables: Int, steps: [Int], a: Int, c: Int, forms: [Int]) throws {
        var random = SeededGenerator(seed: UInt64(variables + 100 * c))
        let (tau, zeta) = (random.point(variables), random.point(variables))
        let omega = random.point(steps.count)
        let columns = [random.point(a), random.point(a), random.point(c)]
        let tables = forms.map { random.point($0) }
        let stepFunction = StepFunction(
            zip(zip([0] + steps, steps), omega).map { .init(rows: $0.0..<$0.1, value: $1) })
        func column(_ values: [E]) -> Column { Column(EVector(values)) }
        var sumcheck = RowSumcheck(
            tau: EqualityWeights(tau), omega: stepFunction, a: column(columns[0]), b: column(columns[1]),
            c: column(columns[2]), zeta: EqualityWeights(zeta), forms: tables.map(column), variables: variables)
        var transcript = ProverTranscript(state: Self.state)
        let values = sumcheck.prove(&transcript)

        let (byTau, byZeta) = (eqTable(tau), eqTable(zeta))
        func padded(_ values: [E]) -> [E] { values + [E](repeating: .zero, count: byTau.count - values.count) }
        let weights = byTau.indices.map { row in
            (steps.firstIndex { row < $0 }.map { omega[$0] } ?? .zero) * byTau[row]
        }
        let zeros = padded([])
        var naive = NaiveSum(
            [.init(weight: weights, a: padded(columns[0]), b: padded(columns[1]), c: padded(columns[2]))]
                + tables.map { form in
                    .init(weight: padded(Array(byZeta.prefix(form.count))), a: zeros, b: zeros, c: padded(form))
                })
        var verifier = VerifierTranscript(state: Self.state, proof: transcript.proof)
        let point = try naive.follow(rounds: variables, degree: 3, &verifier)
        try verifier.finish()
        #expect(sumcheck.point == point)
        #expect(values.a == naive.parts[0].a[0] && values.b == naive.parts[0].b[0])
        #expect(values.weight == naive.parts[0].weight[0])
        #expect(values.tables == naive.parts.dropFirst().map { $0.weight[0] })
    }

    /// κ, and τ with its fixed coordinates.
    private func points(_ rows: RandomRows, _ random: inout SeededGenerator) -> (kappa: [E], tau: [E]) {
        let fixed = UnivariateDomain.fixedTau.map { E($0) }
        return (
            random.point(rows.system.constraintLog), fixed + random.point(rows.layout.rowLog - fixed.count)
        )
    }
}
