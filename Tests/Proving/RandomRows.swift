import BinaryFields
import Oracles
import Proving
import Tables

/// Tables without messages whose rows are random and satisfy nothing: a piece of the prover sums whatever stands there.
struct RandomRows {
    let statement: Statement
    let layout: Layout
    let witness: Witness
    let trace: Trace

    typealias Shape = (width: Int, constraints: Int, height: Int)

    /// - Parameter spare: variables of rows and of the stack beyond those needed.
    init(_ shapes: [Shape], spare: Int = 1, seed: UInt64 = 1) throws {
        var random = SeededGenerator(seed: seed)
        func word() -> UInt32 { UInt32(truncatingIfNeeded: random.next()) }
        func operand(_ width: Int) -> Operand {
            let terms = (0..<Int(word() % 4)).map { _ in
                Term(
                    word: Int(word()) % width,
                    kind: word() % 2 == 0 ? .rotation(Int(word() % 32)) : .spread(Int(word() % 32)),
                    mask: word() % 2 == 0 ? .max : word())
            }
            return Operand(constant: word() % 2 == 0 ? 0 : word(), terms: terms)
        }
        let tables = shapes.map { shape in
            let constraints = (0..<shape.constraints).map { _ in
                Constraint(operand(shape.width), operand(shape.width), operand(shape.width))
            }
            return Table(name: "random", width: shape.width, constraints: constraints, pushes: [], pulls: [])
        }
        let (system, heights) = (TableSystem(tables), shapes.map(\.height))
        let least = Layout(system: system, heights: heights, stackLog: 0, rowLog: 0)
        let record = try ParameterRecord(
            version: 1, stackLog: max(least.neededStackLog, 4) + spare, rowLog: max(least.neededRowLog, 3) + spare,
            folds: [3], rates: [1], queries: [1], grinding: [0], heightLimit: 24)
        statement = Statement(
            record: record, system: system, heights: heights, boundary: Boundary(pushed: [], pulled: []))
        layout = try Layout(statement)
        witness = Witness(layout)
        for (table, shape) in shapes.enumerated() {
            for row in 0..<shape.height {
                for place in 0..<shape.width { witness[table: table, row: row, word: place] = word() }
            }
        }
        trace = Trace(statement, layout: layout, stack: witness.stack)
    }

    var system: TableSystem { layout.system }

    /// The table of constraint pair i and its constraints, one or two.
    func constraints(ofPair i: Int) -> (table: Int, constraints: ArraySlice<Constraint>)? {
        for (number, table) in system.tables.enumerated() where system.constraintPairs(of: number).contains(i) {
            return (number, table.constraints[(2 * (i - system.constraintPairs[number]))...].prefix(2))
        }
        return nil
    }

    /// A, B or C of constraint pair i on a row: the bits of the first constraint with the weights 0 to 31, those of the
    /// second with 32 to 63.
    func value(_ operand: KeyPath<Constraint, Operand>, ofPair i: Int, row: Int, weights: [E]) -> E {
        guard let (table, constraints) = constraints(ofPair: i), row < layout.tables[table].height else { return .zero }
        let words = witness.row(row, of: table)
        return constraints.enumerated().reduce(.zero) { sum, constraint in
            let bits = constraint.element[keyPath: operand].value(on: words)
            return (0..<32).reduce(sum) {
                bits >> UInt32($1) & 1 == 1 ? $0 + weights[32 * constraint.offset + $1] : $0
            }
        }
    }

    /// W, A, B and C on all pairs and rows, index i << n | r.
    func constraintSum(kappa: [E], tau: [E], weights: [E]) -> NaiveSum {
        let (byPair, byRow) = (eqTable(kappa), eqTable(tau))
        var part = NaiveSum.Part(weight: [], a: [], b: [], c: [])
        for i in byPair.indices {
            let height = constraints(ofPair: i).map { layout.tables[$0.table].height } ?? 0
            for row in byRow.indices {
                part.weight.append(row < height ? byPair[i] * byRow[row] : .zero)
                part.a.append(value(\.a, ofPair: i, row: row, weights: weights))
                part.b.append(value(\.b, ofPair: i, row: row, weights: weights))
                part.c.append(value(\.c, ofPair: i, row: row, weights: weights))
            }
        }
        return NaiveSum([part])
    }

    /// The runs of all tables: the pair g, where it begins and its length.
    var runs: [(pair: Int, offset: Int, length: Int)] {
        system.tables.indices.filter { layout.tables[$0].height > 0 }.flatMap { table in
            system.columnPairs(of: table).map {
                ($0, layout.offset(ofPair: $0, table: table), 1 << layout.tables[table].log)
            }
        }
    }

    /// Ω(y) = Σ_k eq(ρ, k)·(eq(g*, g)·eq(r*, r))^(2^k) at entry r of run g, on the whole stack.
    func stackWeights(rho: [E], columnPoint: [E], rowPoint: [E]) -> [E] {
        let (byPower, byPair, byRow) = (eqTable(rho), eqTable(columnPoint), eqTable(rowPoint))
        var weights = [E](repeating: .zero, count: 1 << layout.stackLog)
        for run in runs {
            for row in 0..<run.length {
                var power = byPair[run.pair] * byRow[row]
                for factor in byPower {
                    weights[run.offset + row] += factor * power
                    power = power.squared()
                }
            }
        }
        return weights
    }

    /// The stack as elements of E.
    var stack: [E] {
        (0..<1 << layout.stackLog).map { $0 < witness.stack.count ? E(witness.stack[$0]) : .zero }
    }
}
