import BinaryFields

/// The weight of each entry of the stack in the claim of step 5: Φ(eq(g*, g)·eq(r*, r)) for entry r of run g, with the
/// GF(2)-linear Φ(a) = Σ_{k<64} eq(ρ, k)·a^(2^k).
///
/// 24 bytes for the eight of an entry: they are made in blocks as they are needed.
package struct StackWeights: Sendable {
    struct Run: Sendable {
        let start: Int
        let length: Int
        /// eq(g*, g), unless it is part of the map.
        let scale: E?
        let map: EMap
        /// Those of the basis under the run's own map, if it has one.
        let images: [E]?
    }

    /// From this number of rows on, Φ after the product with eq(g*, g) is one map, made for the run.
    static let rowsOfOwnMap = 1 << 11

    /// By rising place; they leave no gaps.
    let runs: [Run]
    /// eq(r*, ·)
    let rows: EqualityWeights
    /// The stack's end: beyond it all is zero.
    let end: Int

    package init(_ trace: Trace, rho: [E], columnPoint: [E], rows: EqualityWeights) {
        self.rows = rows
        end = trace.layout.stackEnd
        let byPair = eqTable(columnPoint)
        let map = EMap(Self.images(rho))
        let places = trace.tables.flatMap { table in
            trace.runs(of: table).map { (start: $0.offset, length: 1 << trace.layout.tables[table].log, pair: $0.pair) }
        }.sorted { $0.start < $1.start }
        runs = parallelMap(places.count) { number in
            let (start, length, pair) = places[number]
            guard length >= Self.rowsOfOwnMap else {
                return Run(start: start, length: length, scale: byPair[pair], map: map, images: nil)
            }
            let scaled = EVector(Self.basis.map { byPair[pair] * $0 })
            map.apply(scaled.span, into: scaled.span)
            let images = scaled.span.elements
            return Run(start: start, length: length, scale: nil, map: EMap(images), images: images)
        }
    }

    /// The number of the run that holds an entry: the last one that does not begin after it.
    func run(of entry: Int) -> Int {
        var (low, high) = (0, runs.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if runs[middle].start <= entry { low = middle } else { high = middle }
        }
        return low
    }

    /// The weights of `entries`, which lie below the end.
    func write(_ entries: Range<Int>, into weights: ESpan) {
        var entry = entries.lowerBound
        for run in runs[run(of: entry)...] where entry < entries.upperBound {
            let next = min(run.start + run.length, entries.upperBound)
            let target = weights[entry - entries.lowerBound..<next - entries.lowerBound]
            rows.write(entry - run.start..<next - run.start, into: target)
            if let factor = run.scale { scale(target, by: factor, into: target) }
            run.map.apply(target, into: target)
            entry = next
        }
    }

    /// x^i·Y^j at 64 j + i.
    private static let basis: [E] = (0..<192).map { bit in
        let word = UInt64(1) << UInt64(bit % 64)
        return E(bit / 64 == 0 ? word : 0, bit / 64 == 1 ? word : 0, bit / 64 == 2 ? word : 0)
    }

    /// Φ of the basis.
    private static func images(_ rho: [E]) -> [E] {
        let weights = eqTable(rho)
        return basis.map { element in
            var power = element
            return weights.reduce(.zero) { sum, weight in
                defer { power = power.squared() }
                return sum + weight * power
            }
        }
    }
}
