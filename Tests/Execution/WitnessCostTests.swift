import Execution
import Machine
import Testing

@Suite struct WitnessCostTests {
    /// Against the rows that the trace has, and the tables as they are described.
    @Test func costsAreThoseOfTheTablesRows() throws {
        let steps = try SegmenterTests.segments(
            SegmenterTests.example(turns: 1200), InputStream(words: [5, 6]), limitLog: 13
        ).steps
        #expect(steps.count > 1)
        var cost = WitnessCost(), bits = 0
        var heights = [Int](repeating: 0, count: TableKind.allCases.count)
        for step in steps {
            cost.add(step.forecast)
            bits += step.forecast.bits
            for (table, height) in try Trace(step.segment).heights.enumerated() { heights[table] += height }
        }
        var sum = WitnessCost.Amount()
        for kind in TableKind.allCases {
            let table = MachineTables.standard[kind], amount = cost[kind], rows = amount.rows
            let height = heights[kind.rawValue]
            #expect(kind == .refresh ? height <= rows : height == rows, "\(kind)")
            #expect(amount.bits == rows * 32 * table.width, "\(kind)")
            #expect(amount.ands == rows * 32 * table.constraints.count, "\(kind)")
            #expect(amount.messages == rows * (table.pushes.count + table.pulls.count), "\(kind)")
            #expect(cost.tables.contains(kind) == (rows > 0))
            sum += amount
        }
        #expect(cost.total == sum && sum.bits == bits)
    }

    /// Every table is in one class, and the classes of instructions have the cycles.
    @Test func classesAddUp() throws {
        let step = try #require(
            try SegmenterTests.segments(SegmenterTests.example(turns: 200), .empty, limitLog: 13).steps.first)
        var cost = WitnessCost()
        cost.add(step.forecast)
        let all = TableClass.allCases.reduce(into: WitnessCost.Amount()) { $0 += cost.of($1) }
        #expect(all == cost.total)
        let instructions: [TableClass] = [.arithmetic, .jumps, .memory, .multiplication, .calls]
        for table in TableKind.allCases {
            #expect(table.isCycle == instructions.contains(table.tableClass), "\(table)")
        }
        #expect(instructions.reduce(0) { $0 + cost.of($1).rows } == Int(step.segment.cycles))
        #expect(cost.of(.calls).rows == 201 && cost.of(.multiplication).rows == 400)
        #expect(
            cost.of(.code).rows
                == TableKind.allCases.filter { $0.tableClass == .code }.reduce(0) { $0 + step.forecast[$1] })
        #expect(cost.of(.paging).rows >= 16 * step.forecast.touchedPages)
    }
}
