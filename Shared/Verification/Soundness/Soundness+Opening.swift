import Tables

// Step 6: the round-by-round errors of WHIR in Ligerito's form, in the Johnson regime (leanVM-b, annex on the polynomial
// commitment scheme, theorem "RBR soundness"; WHIR, ePrint 2024/1586, Theorem 5.2; Ligerito, ePrint 2025/1187).
extension Soundness {
    /// 2·L + 2^left·e: the round polynomial is of degree 2, for each member of the list; and no new member may appear in
    /// the list of the folded word, which has 2^left rows.
    static func foldError(_ code: CodeBound, foldsLeft: Int) -> Double {
        2 * code.listSize + Double(1 << foldsLeft) * code.exceptionalChallenges
    }

    /// v·L²/2: no two members of the list may agree at the drawn point.
    static func outOfDomainError(_ code: CodeBound, variables: Int) -> Double {
        Double(variables) * code.listSize * code.listSize / 2
    }

    static func opening(
        record: ParameterRecord, levels: [CodeBound], theorem: ProximityTheorem
    ) -> [MessageBound] {
        let annex = "leanVM-b, annex on the commitment scheme, theorem RBR soundness"
        let johnson = "\(annex), Johnson bound"
        var messages: [MessageBound] = []
        for (level, code) in levels.enumerated() {
            let (folds, queries, grinding) = (record.folds[level], record.queries[level], record.grinding[level])
            func add(_ name: String, _ bits: Double, _ formula: String, _ source: String) {
                messages.append(
                    MessageBound(name: "level \(level): \(name)", bits: bits, formula: formula, source: source))
            }
            for fold in 1...folds {
                let left = folds - fold
                add(
                    "fold \(fold)", fieldBits(foldError(code, foldsLeft: left)),
                    "(2·L\(level) + 2^\(left)·e\(level)) / 2^192", "\(annex); e: \(theorem.citation)")
            }
            let isLast = level + 1 == levels.count
            if !isLast {
                let variables = record.variables(ofLevel: level + 1)
                add(
                    "out of domain", fieldBits(outOfDomainError(levels[level + 1], variables: variables)),
                    "\(variables)·L\(level + 1)^2 / 2 / 2^192", johnson)
            }
            let bound = LevelBound(record: record, level: level, theorem: theorem, widestStep: 0)
            add(
                "grinding and queries", bound.queryBits(code), "(1 - radius\(level))^\(queries) / 2^\(grinding)",
                "\(annex); radius: \(theorem.citation); grinding: docs/protocol.md, step 6")
            // To the claim that is left come one for each query and, but for the last level, one out of domain; a power of
            // beta each. The last array is sent: it is one, not a list.
            let joined = isLast ? queries : queries + 1
            add(
                "beta", fieldBits(Double(joined) * (isLast ? 1 : levels[level + 1].listSize)),
                isLast ? "\(joined) / 2^192" : "\(joined)·L\(level + 1) / 2^192", isLast ? annex : johnson)
        }
        for round in 1...record.finalVariables {
            messages.append(
                MessageBound(
                    name: "last array: round \(round)", bits: fieldBits(2), formula: "2 / 2^192",
                    source: "\(annex); sumcheck of degree 2"))
        }
        return messages
    }
}
