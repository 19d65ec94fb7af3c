import Machine

/// What proving a run costs, by table: the rows that its segments' forecasts foresee, and what these are made of.
///
///     var cost = WitnessCost()
///     while let step = segmenter.next() { cost.add(step.forecast) }
///     cost.total.bits == cost.of(.paging).bits + ...
public struct WitnessCost: Sendable, Hashable {
    /// Some rows, and what they take.
    public struct Amount: Sendable, Hashable {
        public var rows = 0
        /// Bits of their words, which the prover commits to.
        public var bits = 0
        /// ANDs of two bits: 32 for each constraint of a row.
        public var ands = 0
        /// Messages that they push and pull.
        public var messages = 0

        public init() {}

        /// So many rows of one table.
        public init(_ table: TableKind, rows: Int) {
            self.rows = rows
            bits = 32 * table.words * rows
            ands = 32 * table.constraints * rows
            messages = table.messages * rows
        }

        public static func += (sum: inout Amount, other: Amount) {
            sum.rows += other.rows
            sum.bits += other.bits
            sum.ands += other.ands
            sum.messages += other.messages
        }
    }

    private var rows = [Int](repeating: 0, count: TableKind.allCases.count)

    public init() {}

    /// Adds a segment.
    public mutating func add(_ forecast: WitnessForecast) {
        for table in TableKind.allCases { rows[table.rawValue] += forecast[table] }
    }

    public subscript(table: TableKind) -> Amount { Amount(table, rows: rows[table.rawValue]) }

    public func of(_ tableClass: TableClass) -> Amount {
        TableKind.allCases.filter { $0.tableClass == tableClass }.reduce(into: Amount()) { $0 += self[$1] }
    }

    public var total: Amount { TableKind.allCases.reduce(into: Amount()) { $0 += self[$1] } }

    /// Tables that have rows, in canonical order.
    public var tables: [TableKind] { TableKind.allCases.filter { rows[$0.rawValue] > 0 } }
}
