/// Where everything of a statement lies: a function of tables, heights and record alone.
///
/// The stack is one array of 2^N elements of K. Each column pair g of a table with h > 0 rows has a run of 2^n_T
/// entries, n_T = ⌈log₂ h⌉; the runs lie by falling n_T, then by rising g, without gaps, so each is aligned to its
/// length. Entry r of a run is word 2g of row r in the low half and word 2g + 1 in the high half.
///
/// That a layout exists says that its statement passed step 0 of the protocol: the heights are within their bounds, no
/// multiset can have 2^32 members, and the class holds the runs.
public struct Layout: Sendable {
    /// Where one table lies in the stack.
    public struct Run: Hashable, Sendable {
        /// h, the rows that count.
        public let height: Int
        /// n_T: the run of a column pair has 2^log entries. 0 also for a height of 0.
        public let log: Int
        /// Where the table's first run begins; 0 for a table without rows, which has no run.
        public let offset: Int
    }

    public let system: TableSystem
    /// N
    public let stackLog: Int
    /// n
    public let rowLog: Int
    /// One for each table of the system.
    public let tables: [Run]

    /// Throws `StatementError` unless the statement passes step 0.
    public init(_ statement: Statement) throws(StatementError) {
        let (system, record, heights) = (statement.system, statement.record, statement.heights)
        guard heights.count == system.tables.count else {
            throw .numberOfHeights(expected: system.tables.count, got: heights.count)
        }
        let limit = 1 << record.heightLimit
        for (table, height) in heights.enumerated() where !(0...limit).contains(height) {
            throw .height(table: table, limit: limit, got: height)
        }
        for side in Side.allCases {
            let own = UInt128(statement.boundary.messages(of: side).count)
            let members = zip(system.tables, heights).reduce(own) { members, table in
                table.0.messages(of: side).reduce(members) { $0 + UInt128(table.1) << UInt128($1.power) }
            }
            guard members < 1 << 32 else { throw .tooManyMessages(side: side) }
        }
        self.init(system: system, heights: heights, stackLog: record.stackLog, rowLog: record.rowLog)
        guard neededStackLog <= stackLog else {
            throw .stackTooLarge(classLog: stackLog, neededLog: neededStackLog)
        }
        guard neededRowLog <= rowLog else { throw .tableTooTall(classLog: rowLog, neededLog: neededRowLog) }
    }

    /// The layout of these heights, of which nothing is checked. Whoever looks for the class that holds heights, and
    /// tests whose prover is to be refused, make one without a statement.
    package init(system: TableSystem, heights: [Int], stackLog: Int, rowLog: Int) {
        let logs = heights.map(ceilLog2)
        var offsets = [Int](repeating: 0, count: heights.count)
        var end = 0
        let present = heights.indices.filter { heights[$0] > 0 }
        // A stable order: tables of one n_T keep theirs, as the run of a lower g comes first.
        for table in present.sorted(by: { (-logs[$0], $0) < (-logs[$1], $1) }) {
            offsets[table] = end
            end += system.columnPairs(of: table).count << logs[table]
        }
        self.system = system
        self.stackLog = stackLog
        self.rowLog = rowLog
        tables = heights.indices.map { Run(height: heights[$0], log: logs[$0], offset: offsets[$0]) }
        stackEnd = end
    }

    /// The entries of the stack that runs occupy.
    public let stackEnd: Int

    /// The least N whose stack holds the runs.
    public var neededStackLog: Int { ceilLog2(stackEnd) }

    /// The least n such that every height is below 2^n.
    public var neededRowLog: Int { tables.map { Int.bitWidth - $0.height.leadingZeroBitCount }.max() ?? 0 }

    /// Where the run of column pair `pair`, numbered over all tables, of `table` begins.
    public func offset(ofPair pair: Int, table: Int) -> Int {
        tables[table].offset + (pair - system.columnPairs[table]) << tables[table].log
    }

    /// The tree of factors has 2^leafLog leaves, numbered by side, row and slot from the top bit down.
    public var leafLog: Int { system.slotLog + rowLog + 1 }
}
