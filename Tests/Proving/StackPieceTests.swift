import BinaryFields
import Hashing
import Oracles
import Proving
import Tables
import Testing

/// The weights of the stack and the sumchecks over them, of steps 5 to 7, alone, against their definition.
struct StackPieceTests {
    private static let state = Digest(words: [2, 7, 1, 8, 2, 8, 1, 8])

    /// Runs of one entry, short ones, and those that are long enough for a map of their own; stacks that end everywhere.
    static let shapes: [[RandomRows.Shape]] = [
        [(1, 0, 1)], [(3, 0, 0), (2, 0, 7)], [(7, 0, 9), (2, 0, 1), (4, 0, 3)], [(5, 0, 300), (1, 0, 129), (2, 0, 2)],
        [(3, 0, 5000), (5, 0, 2100), (2, 0, 700), (1, 0, 3)], [(9, 0, 2048), (2, 0, 4096), (3, 0, 1025)],
    ]

    private struct Sample {
        let rows: RandomRows
        let rho: [E]
        let columnPoint: [E]
        let rowPoint: [E]
        var random: SeededGenerator

        init(_ number: Int) throws {
            rows = try RandomRows(StackPieceTests.shapes[number], spare: number % 2)
            random = SeededGenerator(seed: UInt64(number))
            rho = random.point(6)
            columnPoint = random.point(rows.system.columnLog)
            rowPoint = random.point(rows.layout.rowLog)
        }

        var weights: StackWeights {
            StackWeights(rows.trace, rho: rho, columnPoint: columnPoint, rows: EqualityWeights(rowPoint))
        }

        var naive: [E] { rows.stackWeights(rho: rho, columnPoint: columnPoint, rowPoint: rowPoint) }
    }

    /// With top bits bound an entry is the sum over the parts, whatever their scales.
    @Test(arguments: shapes.indices, 0...4) func foldedWeights(number: Int, bits: Int) throws {
        var sample = try Sample(number)
        let scales = sample.random.point(1 << bits)
        let part = 1 << (sample.rows.layout.stackLog - bits)
        let folded = FoldedWeights(sample.weights, part: part, scales: scales)
        let naive = sample.naive
        let expected = (0..<part).map { entry in
            scales.indices.reduce(E.zero) { $0 + scales[$1] * naive[$1 * part + entry] }
        }
        // Nothing is written beyond the stack's end, so nothing is read there.
        let end = min(part, sample.rows.layout.stackEnd)
        for block in [1000, 1024] {
            for start in stride(from: 0, to: end, by: block) {
                let range = start..<min(start + block, end)
                let (values, room) = (EVector(range.count), EVector(range.count))
                folded.write(range, into: values.span, room: room.span)
                #expect(values.span.elements == Array(expected[range]), "\(range)")
            }
        }
    }

    /// The first rounds of the opening, over an array of K, and what they leave.
    @Test(arguments: shapes.indices, 1...4) func packedRounds(number: Int, rounds: Int) throws {
        let sample = try Sample(number)
        let variables = sample.rows.layout.stackLog
        var transcript = ProverTranscript(state: Self.state)
        let rest = PackedRounds.prove(
            sample.weights, sample.rows.witness.stack, variables: variables, rounds: rounds, &transcript)
        var naive = NaiveSum(left: sample.naive, right: sample.rows.stack)
        var verifier = VerifierTranscript(state: Self.state, proof: transcript.proof)
        let point = try naive.follow(rounds: variables - rest.variables, degree: 2, &verifier)
        try verifier.finish()
        #expect(rest.point == point && point.count == min(rounds, 3))
        for (span, whole) in [(rest.leftSpan, naive.parts[0].weight), (rest.rightSpan, naive.parts[0].c)] {
            #expect(span.elements == Array(whole.prefix(span.count)))
            #expect(whole.dropFirst(span.count).allSatisfy { $0.isZero })
        }
    }

    /// Step 7 sends the weight at a point, and proves it as the sum over powers and runs.
    @Test(arguments: shapes.indices) func theWeight(number: Int) throws {
        var sample = try Sample(number)
        let stackPoint = sample.random.point(sample.rows.layout.stackLog)
        var transcript = ProverTranscript(state: Self.state)
        WeightSumcheck.prove(
            sample.rows.trace, rho: sample.rho, columnPoint: sample.columnPoint, rowPoint: sample.rowPoint,
            stackPoint: stackPoint, &transcript)

        let (byPower, byPair) = (eqTable(sample.rho), eqTable(sample.columnPoint))
        let (byRow, byEntry) = (eqTable(sample.rowPoint), eqTable(stackPoint))
        var (left, right) = ([E](), [E]())
        for (k, power) in byPower.enumerated() {
            left += byPair.map { power * $0.frobenius(k) }
            var places = [E](repeating: .zero, count: byPair.count)
            for run in sample.rows.runs {
                places[run.pair] = (0..<run.length).reduce(.zero) {
                    $0 + byEntry[run.offset + $1] * byRow[$1].frobenius(k)
                }
            }
            right += places
        }
        var naive = NaiveSum(left: left, right: right)
        var verifier = VerifierTranscript(state: Self.state, proof: transcript.proof)
        let weight = try verifier.read()
        #expect(weight == naive.value && weight == extend(sample.naive, at: stackPoint))
        _ = try naive.follow(rounds: 6 + byPair.count.trailingZeroBitCount, degree: 2, &verifier)
        try verifier.finish()
    }
}
