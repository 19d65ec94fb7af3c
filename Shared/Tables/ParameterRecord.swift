/// The parameters of one size class: they fix the number of rounds of every step of a proof, and its strength.
///
/// Records are built into prover and verifier. A proof names the version and the class of its record and never brings
/// one of its own; the record is absorbed before the first challenge.
public struct ParameterRecord: Hashable, Sendable {
    public let version: Int
    /// N: the stack has 2^N elements of K.
    public let stackLog: Int
    /// n: every height is below 2^n.
    public let rowLog: Int
    /// Variables bound at each level of the opening. At least one is left over: the array of the rest is sent in clear.
    public let folds: [Int]
    /// Level i of the opening is encoded at rate 2^-rates[i].
    public let rates: [Int]
    /// Columns drawn at each level, with repetition.
    public let queries: [Int]
    /// Zero bits that each level's nonce must bring about.
    public let grinding: [Int]
    /// No height is above 2^heightLimit.
    public let heightLimit: Int

    /// Throws `ParameterError` for a record under which no proof could exist: levels of different number, a level that
    /// binds nothing or more than is left, an index wider than the 32 bits that are drawn for it.
    public init(
        version: Int, stackLog: Int, rowLog: Int, folds: [Int], rates: [Int], queries: [Int], grinding: [Int],
        heightLimit: Int
    ) throws(ParameterError) {
        func require(_ value: Int, in range: ClosedRange<Int>, _ field: String) throws(ParameterError) {
            guard range.contains(value) else { throw .outOfRange(field: field, expected: range, got: value) }
        }
        try require(version, in: 0...Int(UInt32.max), "version")
        try require(stackLog, in: 1...32, "stackLog")
        try require(rowLog, in: 0...32, "rowLog")
        try require(heightLimit, in: 0...31, "heightLimit")
        try require(folds.count, in: 1...16, "folds.count")
        for (field, levels) in [("rates", rates.count), ("queries", queries.count), ("grinding", grinding.count)] {
            try require(levels, in: folds.count...folds.count, "\(field).count")
        }
        var left = stackLog
        for level in folds.indices {
            try require(folds[level], in: 1...max(left - 1, 1), "folds[\(level)]")
            left -= folds[level]
            try require(left, in: 1...32, "variables left after level \(level)")
            try require(rates[level], in: 1...max(32 - left, 1), "rates[\(level)]")
            try require(left + rates[level], in: 1...32, "depth of level \(level)")
            try require(queries[level], in: 1...(1 << 16), "queries[\(level)]")
            try require(grinding[level], in: 0...32, "grinding[\(level)]")
        }
        self.version = version
        self.stackLog = stackLog
        self.rowLog = rowLog
        self.folds = folds
        self.rates = rates
        self.queries = queries
        self.grinding = grinding
        self.heightLimit = heightLimit
    }

    /// The variables of the array that the last level sends in clear.
    public var finalVariables: Int { stackLog - folds.reduce(0, +) }

    /// The eight fields in the order of their declaration.
    public var canonicalValue: CanonicalValue {
        func number(_ value: Int) -> CanonicalValue { .number(UInt32(value)) }
        func list(_ values: [Int]) -> CanonicalValue { .list(values.map(number)) }
        return .list([
            number(version), number(stackLog), number(rowLog), list(folds), list(rates), list(queries),
            list(grinding), number(heightLimit),
        ])
    }
}

/// Why numbers are not a parameter record.
public enum ParameterError: Error, Equatable, Sendable {
    case outOfRange(field: String, expected: ClosedRange<Int>, got: Int)
}
