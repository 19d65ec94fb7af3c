import Machine

/// The witness that a segment will have: how many rows of each table, foreseen from what was executed and touched.
///
/// Every count is exact but one: the rows of `refresh` are bounded from above, by one for each epoch and register in use. So
/// no segment's witness is larger than its forecast.
public struct WitnessForecast: Sendable, Hashable {
    /// Rows by `TableKind`.
    public private(set) var rows = [Int](repeating: 0, count: TableKind.allCases.count)
    /// Pages touched, and of these, pages that are not what they were.
    public internal(set) var touchedPages = 0
    public internal(set) var dirtyPages = 0

    public subscript(table: TableKind) -> Int {
        get { rows[table.rawValue] }
        set { rows[table.rawValue] = newValue }
    }

    /// Bits of all words of all rows.
    public var bits: Int { Self.tables.reduce(0) { $0 + 32 * $1.words * self[$1] } }

    /// 64-bit entries of the stack: each pair of a table's columns is a run of 2^⌈log₂ height⌉.
    public var entries: Int {
        Self.tables.reduce(0) { $0 + (self[$1] == 0 ? 0 : $1.entries << Self.logarithm(self[$1])) }
    }

    /// Greatest height of a table.
    public var height: Int { rows.max() ?? 0 }

    /// The least size class, from 2^16 on, that holds the stack and in which every height is below 2^(class - 3).
    public var stackLog: Int {
        max(SizeClass.least, Self.logarithm(max(entries, 1)), SizeClass.rowGap + Self.logarithm(height + 1))
    }

    /// Whether a segment of at most 2^limitLog cycles may have this witness.
    public func fits(limitLog: Int) -> Bool { stackLog <= SizeClass.greatest(limitLog: limitLog) }

    /// ⌈log₂ value⌉ of a positive value.
    private static func logarithm(_ value: Int) -> Int { Int.bitWidth - (value - 1).leadingZeroBitCount }

    private static let tables = TableKind.allCases
}

/// The classes of stacks that there are parameters for: 2^m entries of 64 bits, tables of less than 2^(m-3) rows.
public enum SizeClass {
    public static let least = 16
    public static let rowGap = 3

    /// The greatest class for segments of at most 2^limitLog cycles.
    public static func greatest(limitLog: Int) -> Int { max(limitLog + 4, 19) }
}
