import BinaryFields
import Tables

/// GF(2)-linear functions of a row's words with values in E: a coefficient for each bit of each column pair, 64 a pair,
/// and a constant for each table, which counts on the rows below the height.
struct BitForms: Sendable {
    /// At 64 g + u: the coefficient of bit u of column pair g.
    private(set) var coefficients: [E]
    private(set) var constants: [E]
    private let system: TableSystem

    init(_ system: TableSystem) {
        self.system = system
        coefficients = [E](repeating: .zero, count: 64 * (system.columnPairs.last ?? 0))
        constants = [E](repeating: .zero, count: system.tables.count)
    }

    /// Adds Σ weights[b]·(bit b of the operand).
    mutating func add(_ operand: Operand, of table: Int, weights: [E]) {
        for position in 0..<32 where operand.constant >> UInt32(position) & 1 == 1 {
            constants[table] += weights[position]
        }
        let first = 64 * system.columnPairs[table]
        for term in operand.terms {
            for position in 0..<32 {
                guard let source = term.source(at: position) else { continue }
                coefficients[first + 32 * term.word + source] += weights[position]
            }
        }
    }

    mutating func add(constant: E, of table: Int) { constants[table] += constant }

    /// The coefficients of one column pair's bits.
    func images(of pair: Int) -> ArraySlice<E> { coefficients[64 * pair..<64 * pair + 64] }

    /// Σ over constraint pairs of byPair[i] · Σ over the bits s of at[s]·(bit s of the operand).
    ///
    /// - Parameter operand: A, B or C of a constraint.
    static func constraints(
        _ system: TableSystem, byPair: [E], at: [E], operand: (Constraint) -> Operand
    ) -> BitForms {
        var form = BitForms(system)
        for (t, table) in system.tables.enumerated() {
            for (number, constraint) in table.constraints.enumerated() {
                let scale = byPair[system.constraintPairs[t] + number / 2]
                let half = 32 * (number % 2)
                form.add(operand(constraint), of: t, weights: at[half..<half + 32].map { scale * $0 })
            }
        }
        return form
    }

    /// D_T = Σ over the table's slots of weight · (γ + 1 + x0 + x1·Y)^(2^power).
    ///
    /// - Parameter weights: one for each slot.
    static func factors(_ system: TableSystem, gamma: E, weights: [E]) -> BitForms {
        var form = BitForms(system)
        for (slot, weight) in zip(system.slots, weights) {
            let message = system.message(in: slot)
            form.add(constant: weight * (gamma + .one).frobenius(message.power), of: slot.table)
            let images = MessageFactors.images(power: message.power, scale: weight)
            for (position, operand) in message.words.enumerated() {
                let half = 32 * (position % 2)
                form.add(operand, of: slot.table, weights: Array(images[position / 2][half..<half + 32]))
            }
        }
        return form
    }
}

/// ``BitForms`` made ready to be taken on many rows of one table.
struct RowForm: Sendable {
    private let constant: E
    private let maps: [(offset: Int, map: KMap)]

    init(_ forms: BitForms, _ trace: Trace, table: Int) {
        constant = forms.constants[table]
        let runs = trace.runs(of: table)
        maps = parallelMap(runs.count) { number -> (offset: Int, map: KMap)? in
            let images = forms.images(of: runs[number].pair)
            return images.allSatisfy(\.isZero) ? nil : (runs[number].offset, KMap(Array(images)))
        }.compactMap { $0 }
    }

    /// Adds the values on `rows`, which lie below the table's height.
    func add(_ rows: Range<Int>, of stack: KVector, into values: ESpan) {
        if !constant.isZero { BinaryFields.add(constant, to: values) }
        addMaps(rows, of: stack, into: values)
    }

    /// Writes the values on `rows`.
    func write(_ rows: Range<Int>, of stack: KVector, into values: ESpan) {
        values.fill(constant)
        addMaps(rows, of: stack, into: values)
    }

    private func addMaps(_ rows: Range<Int>, of stack: KVector, into values: ESpan) {
        for (offset, map) in maps {
            map.add(stack[offset + rows.lowerBound..<offset + rows.upperBound], into: values)
        }
    }
}
