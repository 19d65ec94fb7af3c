import BinaryFields
import Tables

/// What every step of the prover reads: the statement's layout, the stack, and the tables' operands over it.
package struct Trace: Sendable {
    /// Rows that are evaluated together: their words stay in the first-level cache.
    static let chunk = 512

    /// A pair of constraints of one table.
    struct ConstraintPair: Sendable {
        let a: PlacedForm
        let b: PlacedForm
        let c: PlacedForm
    }

    /// A message: the factor of a row is (γ + x0 + x1·Y)^(2^power).
    struct Factor: Sendable {
        let slot: Slot
        let x0: PlacedForm
        let x1: PlacedForm
        let power: Int
    }

    let statement: Statement
    let layout: Layout
    let stack: KVector
    /// All constraint pairs i, with the table of each.
    let constraints: [ConstraintPair]
    let tableOfConstraint: [Int]
    /// One for each slot.
    let factors: [Factor]

    var system: TableSystem { layout.system }
    var record: ParameterRecord { statement.record }
    var tables: Range<Int> { system.tables.indices }
    /// The rows of the tallest table.
    var tallest: Int { layout.tables.map(\.height).max() ?? 0 }

    package init(_ statement: Statement, layout: Layout, stack: KVector) {
        self.statement = statement
        self.layout = layout
        self.stack = stack
        let system = layout.system
        @Sendable func placed(_ operands: [Operand], _ table: Int) -> PlacedForm {
            WordForm(operands).placed(offset: layout.tables[table].offset, log: layout.tables[table].log)
        }
        let firsts = system.tables.enumerated().flatMap { index, table in
            stride(from: 0, to: table.constraints.count, by: 2).map { (table: index, first: $0) }
        }
        constraints = parallelMap(firsts.count) { number in
            let (index, first) = firsts[number]
            let all = system.tables[index].constraints
            let pair = all[first..<min(first + 2, all.count)]
            return ConstraintPair(
                a: placed(pair.map(\.a), index), b: placed(pair.map(\.b), index), c: placed(pair.map(\.c), index))
        }
        tableOfConstraint = system.tables.indices.flatMap { table in
            system.constraintPairs(of: table).map { _ in table }
        }
        factors = parallelMap(system.slots.count) { number in
            let slot = system.slots[number]
            let message = system.message(in: slot)
            return Factor(
                slot: slot, x0: placed(Array(message.words[..<2]), slot.table),
                x1: placed(Array(message.words[2...]), slot.table), power: message.power)
        }
    }

    func height(_ table: Int) -> Int { layout.tables[table].height }

    /// The runs of a table: its column pairs g, and where in the stack each begins.
    func runs(of table: Int) -> [(pair: Int, offset: Int)] {
        guard height(table) > 0 else { return [] }
        return system.columnPairs(of: table).map { ($0, layout.offset(ofPair: $0, table: table)) }
    }
}
