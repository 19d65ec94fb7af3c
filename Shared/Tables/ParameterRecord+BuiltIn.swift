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

    private struct Opening {
        let folds: [Int]
        let rates: [Int]
        /// The least that reach the target under both theorems, each level by itself.
        let queries: [Int]
        /// The same at every level.
        let grinding: Int
    }

    private static let versionOne: [Int: ParameterRecord] = {
        // With 20 bits of grinding proofs would be 2.5 % shorter and take 11 % longer: figures in docs/soundness.md, where
        // the queries are worked out too.
        let openings: [Int: Opening] = [
            16: Opening(folds: [5, 3], rates: [1, 3], queries: [225, 75], grinding: 16),
            17: Opening(folds: [5, 4], rates: [1, 3], queries: [226, 75], grinding: 16),
            18: Opening(folds: [5, 3, 2], rates: [1, 3, 5], queries: [226, 75, 45], grinding: 16),
            19: Opening(folds: [5, 3, 3], rates: [1, 3, 5], queries: [226, 75, 45], grinding: 16),
            20: Opening(folds: [5, 3, 4], rates: [1, 3, 5], queries: [226, 75, 45], grinding: 16),
            21: Opening(folds: [5, 4, 4], rates: [1, 3, 5], queries: [226, 75, 45], grinding: 16),
            22: Opening(folds: [5, 3, 3, 3], rates: [1, 3, 5, 7], queries: [227, 75, 45, 33], grinding: 16),
            23: Opening(folds: [5, 3, 3, 4], rates: [1, 3, 5, 7], queries: [227, 75, 45, 33], grinding: 16),
            24: Opening(folds: [5, 3, 4, 4], rates: [1, 3, 5, 8], queries: [227, 75, 45, 29], grinding: 16),
            25: Opening(folds: [5, 4, 4, 4], rates: [1, 3, 5, 8], queries: [228, 76, 45, 29], grinding: 16),
            26: Opening(
                folds: [5, 3, 3, 4, 3], rates: [1, 3, 5, 7, 10], queries: [228, 76, 46, 33, 23], grinding: 16),
            27: Opening(
                folds: [5, 3, 4, 4, 3], rates: [1, 3, 5, 7, 10], queries: [229, 76, 46, 33, 23], grinding: 16),
            28: Opening(
                folds: [5, 4, 4, 4, 3], rates: [1, 3, 5, 7, 10], queries: [230, 76, 46, 33, 23], grinding: 16),
        ]
        return openings.reduce(into: [:]) { records, entry in
            let (stackLog, opening) = entry
            // The numbers are within the bounds that init checks; a test makes every record.
            records[stackLog] = try? ParameterRecord(
                version: 1, stackLog: stackLog, rowLog: stackLog - 3, folds: opening.folds, rates: opening.rates,
                queries: opening.queries, grinding: opening.rates.map { _ in opening.grinding }, heightLimit: 24)
        }
    }()
}
