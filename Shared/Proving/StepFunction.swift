import BinaryFields

/// A function on rows that is constant between few steps and zero from its end on.
package struct StepFunction: Sendable {
    package struct Step: Sendable {
        let rows: Range<Int>
        let value: E

        package init(rows: Range<Int>, value: E) {
            self.rows = rows
            self.value = value
        }
    }

    /// Without gaps from row 0.
    private(set) var steps: [Step]

    package init(_ steps: [Step]) { self.steps = steps }

    /// `value` on the rows below `height`.
    init(_ value: E, below height: Int) {
        steps = height > 0 ? [Step(rows: 0..<height, value: value)] : []
    }

    var end: Int { steps.last?.rows.upperBound ?? 0 }

    /// The rows below `half`, cut so that the function is constant on each piece and on the same rows beyond `half`.
    func halves(_ half: Int) -> [(rows: Range<Int>, low: E, high: E)] {
        let cuts = steps.map(\.rows.upperBound).flatMap { [$0, $0 - half] }.filter { 0 < $0 && $0 < half }
        let ends = Set(cuts + [min(half, end)]).sorted()
        return zip([0] + ends, ends).map { start, end in
            (start..<end, value(at: start), value(at: start + half))
        }.filter { !$0.rows.isEmpty }
    }

    /// The function of the rows below `half` with values low · f(r) + high · f(r + half).
    func bound(_ half: Int, low: E, high: E) -> StepFunction {
        StepFunction(halves(half).map { Step(rows: $0.rows, value: low * $0.low + high * $0.high) })
    }

    mutating func scale(by factor: E) {
        steps = steps.map { Step(rows: $0.rows, value: factor * $0.value) }
    }

    func value(at row: Int) -> E { steps.first { $0.rows.contains(row) }?.value ?? .zero }
}
