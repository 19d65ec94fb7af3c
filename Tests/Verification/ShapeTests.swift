import BinaryFields
import Tables
import Testing
import Verification

/// What the verifier works out of heights and layout, against sums over all rows and entries.
struct ShapeTests {
    /// Rule 13: right at 0, at every power of two and its neighbours, and everywhere else.
    @Test(arguments: 0...6) func sumsBelowEveryHeight(rowLog: Int) {
        var random = SeededElements(seed: 13)
        let system = TableSystem([Table(name: "one", width: 1, constraints: [], pushes: [], pulls: [])])
        let (left, right) = (random.point(rowLog), random.point(rowLog))
        let products = zip(eqTable(left), eqTable(right)).map { $0 * $1 }
        for height in 0..<1 << rowLog {
            let shape = Shape(Layout(system: system, heights: [height], stackLog: rowLog + 1, rowLog: rowLog))
            #expect(shape.equalityBelowHeights(left, right) == [products.prefix(height).reduce(.zero, +)])
            #expect(shape.liveRows(at: left) == [eqTable(left).prefix(height).reduce(.zero, +)])
        }
    }

    /// A height of 2^n is beyond the class: the sums would not see it.
    @Test func heightsReachTheClassExclusively() throws {
        let table = Table(name: "one", width: 1, constraints: [], pushes: [], pulls: [])
        let system = TableSystem([table])
        for rowLog in 0...4 {
            let record = try ParameterRecord(
                version: 1, stackLog: 8, rowLog: rowLog, folds: [3], rates: [1], queries: [1], grinding: [0],
                heightLimit: 24)
            func layout(_ height: Int) throws -> Layout {
                try Layout(
                    Statement(
                        record: record, system: system, heights: [height], boundary: Boundary(pushed: [], pulled: [])))
            }
            _ = try layout((1 << rowLog) - 1)
            #expect(throws: StatementError.tableTooTall(classLog: rowLog, neededLog: rowLog + 1)) {
                try layout(1 << rowLog)
            }
        }
    }

    @Test(arguments: 0..<8) func sumsOverRunsSeeEachRunOnce(seed: UInt64) {
        var random = SeededElements(seed: seed)
        let widths = (0..<4).map { _ in Int(random.generator.next() % 7) + 1 }
        let heights = (0..<4).map { _ in Int(random.generator.next() % 20) }
        let system = TableSystem(widths.map { Table(name: "", width: $0, constraints: [], pushes: [], pulls: []) })
        let needed = Layout(system: system, heights: heights, stackLog: 0, rowLog: 0)
        let (stackLog, rowLog) = (needed.neededStackLog + 1, needed.neededRowLog)
        let layout = Layout(system: system, heights: heights, stackLog: stackLog, rowLog: rowLog)
        let y = random.point(stackLog)
        let byPair = (0..<1 << system.columnLog).map { _ in random.element() }
        let byLog = (0...min(stackLog, rowLog)).map { _ in random.element() }

        var naive = E.zero
        for t in heights.indices where heights[t] > 0 {
            let log = layout.tables[t].log
            for pair in system.columnPairs(of: t) {
                let place = layout.offset(ofPair: pair, table: t) >> log
                naive += eq(Array(y.dropFirst(log)), index: place) * byPair[pair] * byLog[log]
            }
        }
        #expect(Shape(layout).sumOverRuns(y, byPair: byPair, byLog: byLog) == naive, "seed \(seed)")
    }

    /// Runs are aligned, lie one after the other from 0 on, the longest first, and are as many as column pairs.
    @Test(arguments: 0..<20) func runsTileTheStack(seed: UInt64) {
        var random = SeededElements(seed: seed)
        let widths = (0..<6).map { _ in Int(random.generator.next() % 7) + 1 }
        let heights = (0..<6).map { _ in Int(random.generator.next() % 40) }
        let system = TableSystem(widths.map { Table(name: "", width: $0, constraints: [], pushes: [], pulls: []) })
        let layout = Layout(system: system, heights: heights, stackLog: 20, rowLog: 6)
        var runs: [(offset: Int, log: Int)] = []
        for t in heights.indices where heights[t] > 0 {
            #expect(1 << layout.tables[t].log >= heights[t] && 1 << layout.tables[t].log < 2 * heights[t])
            runs += system.columnPairs(of: t).map { (layout.offset(ofPair: $0, table: t), layout.tables[t].log) }
        }
        runs.sort { $0.offset < $1.offset }
        var end = 0
        for (i, run) in runs.enumerated() {
            #expect(run.offset == end && run.offset % (1 << run.log) == 0, "seed \(seed)")
            #expect(i == 0 || runs[i - 1].log >= run.log, "seed \(seed)")
            end += 1 << run.log
        }
        #expect(layout.stackEnd == end)
    }
}
