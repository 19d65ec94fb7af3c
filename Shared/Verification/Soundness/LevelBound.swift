import Tables

/// What hangs on the slack of one level of the opening, under one theorem.
///
/// With the multiplicity the radius grows, which the queries like, and so do L and e, which all others dislike: the best
/// slack is where the two meet.
struct LevelBound {
    let record: ParameterRecord
    let level: Int
    let theorem: ProximityTheorem
    /// The greatest numerator of the messages before the opening, which count once for each member of level 0's list.
    let widestStep: Double

    func code(multiplicity: Int) -> CodeBound {
        CodeBound(
            theorem: theorem, dimensionLog: record.dimensionLog(ofLevel: level), rateLog: record.rates[level],
            multiplicity: multiplicity)
    }

    /// Not over the field: a word farther than the radius from all that satisfies the claims escapes each query with
    /// 1 − radius; each try costs the grinding.
    func queryBits(_ code: CodeBound) -> Double {
        Double(record.queries[level]) * code.bitsOfQuery + Double(record.grinding[level])
    }

    /// The weakest of all others that know of the level's code.
    func otherBits(_ code: CodeBound) -> Double {
        let folds = Soundness.foldError(code, foldsLeft: record.folds[level] - 1)
        guard level > 0 else { return fieldBits(max(folds, widestStep * code.listSize)) }
        let outOfDomain = Soundness.outOfDomainError(code, variables: record.variables(ofLevel: level))
        return fieldBits(max(folds, outOfDomain, Double(record.queries[level - 1] + 1) * code.listSize))
    }

    /// Of the weakest message at this slack.
    func bits(_ code: CodeBound) -> Double { min(queryBits(code), otherBits(code)) }

    /// The code at the best slack.
    var best: CodeBound {
        // The least multiplicity at which the queries are no longer the weakest.
        var (low, high) = (3, 1 << 20)
        while low < high {
            let middle = code(multiplicity: (low + high) / 2)
            if otherBits(middle) <= queryBits(middle) {
                high = middle.multiplicity
            } else {
                low = middle.multiplicity + 1
            }
        }
        let (before, there) = (code(multiplicity: max(low - 1, 3)), code(multiplicity: low))
        return bits(before) > bits(there) ? before : there
    }
}

extension Soundness {
    /// The least numbers of queries, level by level, with which all messages reach `target` bits under all theorems when
    /// the record stays as it is otherwise; nil if no number of queries does.
    public static func leastQueries(
        for record: ParameterRecord, system: TableSystem, target: Double = Double(ParameterRecord.securityTarget)
    ) -> [Int]? {
        let widest = StepErrors(record: record, system: system).widest
        var queries = record.folds.map { _ in 1 }
        for level in record.folds.indices {
            func reaches(_ number: Int) -> Bool {
                queries[level] = number
                guard let changed = try? record.with(queries: queries) else { return false }
                return ProximityTheorem.allCases.allSatisfy { theorem in
                    let bound = LevelBound(record: changed, level: level, theorem: theorem, widestStep: widest)
                    return bound.bits(bound.best) >= target
                }
            }
            guard let least = (1...4096).first(where: reaches) else { return nil }
            queries[level] = least
        }
        return queries
    }
}

extension ParameterRecord {
    /// The record with other numbers of queries or grinding bits.
    public func with(queries: [Int]? = nil, grinding: [Int]? = nil) throws(ParameterError) -> ParameterRecord {
        try ParameterRecord(
            version: version, stackLog: stackLog, rowLog: rowLog, folds: folds, rates: rates,
            queries: queries ?? self.queries, grinding: grinding ?? self.grinding, heightLimit: heightLimit)
    }

    /// The variables of the array that level i opens.
    func variables(ofLevel level: Int) -> Int { stackLog - folds[..<level].reduce(0, +) }

    /// The code of level i has dimension 2^dimensionLog: the array's rows, of which folding makes one.
    func dimensionLog(ofLevel level: Int) -> Int { stackLog - folds[...level].reduce(0, +) }
}
