/// What a mistyped word was probably meant to be.
enum Suggestions {
    /// The candidate nearest to `word`, if it is near enough: at most a third of the letters differ, or one begins with
    /// the other.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let scored = candidates.map { candidate in (candidate, distance(word, candidate)) }
        if let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= max(1, best.0.count / 3) {
            return best.0
        }
        guard word.count >= 3 else { return nil }
        return candidates.first { $0.hasPrefix(word) || word.hasPrefix($0) }
    }

    /// Damerau's distance with adjacent transpositions (optimal string alignment): insertions, deletions, substitutions
    /// and swaps of neighbours that turn `a` into `b`.
    static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a), Array(b))
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
