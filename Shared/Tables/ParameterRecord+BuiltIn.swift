extension ParameterRecord {
    /// Every message of a proof under a built-in record has at least so many bits (docs/soundness.md).
    public static let securityTarget = 128

    /// The size classes that version 1 has: log₂ of the stack.
    public static let classes = 16...28

    /// The record of a class, or nil if there is none: parameters are looked up, never read from a proof.
    ///
    /// A class of stack 2^m has heights below 2^(m − 3). The array sent in clear has 2^8 elements.
    public static func builtIn(version: Int, stackLog: Int) -> ParameterRecord? {
        version == 1 ? versionOne[stackLog] : nil
    }

    private static let versionOne: [Int: ParameterRecord] = {
        let levels: [Int: (folds: [Int], rates: [Int])] = [
            16: ([5, 3], [1, 3]),
            17: ([5, 4], [1, 3]),
            18: ([5, 3, 2], [1, 3, 5]),
            19: ([5, 3, 3], [1, 3, 5]),
            20: ([5, 3, 4], [1, 3, 5]),
            21: ([5, 4, 4], [1, 3, 5]),
            22: ([5, 3, 3, 3], [1, 3, 5, 7]),
            23: ([5, 3, 3, 4], [1, 3, 5, 7]),
            24: ([5, 3, 4, 4], [1, 3, 5, 8]),
            25: ([5, 4, 4, 4], [1, 3, 5, 8]),
            26: ([5, 3, 3, 4, 3], [1, 3, 5, 7, 10]),
            27: ([5, 3, 4, 4, 3], [1, 3, 5, 7, 10]),
            28: ([5, 4, 4, 4, 3], [1, 3, 5, 7, 10]),
        ]
        // Of a rate 2^-R with 20 bits of grinding: what reaches 128 bits in the largest class.
        let queries = [1: 220, 3: 73, 5: 44, 7: 31, 8: 28, 10: 22]
        return levels.reduce(into: [:]) { records, entry in
            let (stackLog, (folds, rates)) = entry
            // The numbers above are within the bounds that init checks; a test makes every record.
            records[stackLog] = try? ParameterRecord(
                version: 1, stackLog: stackLog, rowLog: stackLog - 3, folds: folds, rates: rates,
                queries: rates.compactMap { queries[$0] }, grinding: rates.map { _ in 20 }, heightLimit: 24)
        }
    }()
}
