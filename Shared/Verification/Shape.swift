import BinaryFields
import Tables

/// A bit of heights or layout: data that selects between values and never between instructions. In a circuit it is a
/// wire, and a selection one product.
struct LayoutBit {
    private let mask: UInt64

    init(_ isSet: Bool) {
        mask = isSet ? .max : 0
    }

    /// `one` where the bit is set, `zero` elsewhere.
    func select(_ one: E, else zero: E) -> E {
        E(
            zero.c0 ^ mask & (zero.c0 ^ one.c0), zero.c1 ^ mask & (zero.c1 ^ one.c1),
            zero.c2 ^ mask & (zero.c2 ^ one.c2))
    }
}

/// A layout as the verifier's arithmetic sees it.
package struct Shape {
    let system: TableSystem
    /// N
    let stackLog: Int
    /// n
    let rowLog: Int
    let leafLog: Int
    private let layout: Layout
    /// For each table the n bits of its height, which is below 2^n.
    private let heights: [[LayoutBit]]

    package init(_ layout: Layout) {
        system = layout.system
        stackLog = layout.stackLog
        rowLog = layout.rowLog
        leafLog = layout.leafLog
        self.layout = layout
        heights = layout.tables.map { table in (0..<layout.rowLog).map { LayoutBit(table.height >> $0 & 1 == 1) } }
    }

    /// For each table, Σ_{r < h} Π_k (one[k] where bit k of r is set, zero[k] elsewhere): the rows below h are, for each
    /// set bit k of h, those that agree with h above k, have 0 at k, and anything below.
    func sumsBelowHeights(zero: [E], one: [E]) -> [E] {
        var free = [E.one]  // free[k]: the sum over all values of the k lowest bits
        for k in 0..<rowLog {
            free.append(free[k] * (zero[k] + one[k]))
        }
        return heights.map { height in
            var (sum, prefix) = (E.zero, E.one)
            for k in (0..<rowLog).reversed() {
                let stay = prefix * zero[k]
                sum += height[k].select(stay * free[k], else: .zero)
                prefix = height[k].select(prefix * one[k], else: stay)
            }
            return sum
        }
    }

    /// For each table, Σ_{r < h} eq(left, r) eq(right, r).
    package func equalityBelowHeights(_ left: [E], _ right: [E]) -> [E] {
        sumsBelowHeights(
            zero: zip(left, right).map { (.one + $0) * (.one + $1) }, one: zip(left, right).map { $0 * $1 })
    }

    /// For each table, Σ_{r < h} eq(point, r).
    package func liveRows(at point: [E]) -> [E] {
        sumsBelowHeights(zero: point.map { .one + $0 }, one: point)
    }

    /// Σ over all runs of eq(run, high part of y) · byPair[g] · byLog[n_T]. A run of 2^n_T entries is where the
    /// coordinates of y from n_T on are the bits of its place.
    package func sumOverRuns(_ y: [E], byPair: [E], byLog: [E]) -> E {
        var sum = E.zero
        for (t, table) in layout.tables.enumerated() {
            var selectors = E.zero
            for pair in system.columnPairs(of: t) {
                let offset = layout.offset(ofPair: pair, table: t)
                var selector = byPair[pair]
                for (k, coordinate) in y.enumerated() {
                    let equal = LayoutBit(offset >> k & 1 == 1).select(coordinate, else: .one + coordinate)
                    selector *= LayoutBit(k < table.log).select(.one, else: equal)
                }
                selectors += selector
            }
            sum += LayoutBit(table.height > 0).select(selectors * byLog[table.log], else: .zero)
        }
        return sum
    }
}
