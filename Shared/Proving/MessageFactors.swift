import BinaryFields
import Tables

/// The leaves of the product tree: γ + x0 + x1·Y to the power 2^power, for each slot on each row of its table.
///
/// A class, as a reference to it is copied for every block that is read.
final class MessageFactors: Sendable {
    let trace: Trace
    let gamma: E
    /// For each power above 0 the maps of x0 and x1.
    private let maps: [Int: [KMap]]

    init(_ trace: Trace, gamma: E) {
        self.trace = trace
        self.gamma = gamma
        let powers = Set(trace.factors.map(\.power)).subtracting([0])
        maps = Dictionary(
            uniqueKeysWithValues: powers.map { power in
                (power, Self.images(power: power, scale: .one).map { KMap($0) })
            })
    }

    /// By side and slot.
    func columns() -> [[Nodes]] {
        // Slots are numbered side by side, the pushed ones first.
        let columns = trace.factors.indices.map { Nodes.factors(self, slot: $0) }
        let pushed = trace.factors.count { $0.slot.side == .pushed }
        return [Array(columns[..<pushed]), Array(columns[pushed...])]
    }

    /// The rows of a slot's table.
    func height(_ slot: Int) -> Int { trace.height(trace.factors[slot].slot.table) }

    /// The factors of a slot on `rows`, all below its height.
    ///
    /// - Parameter scratch: as many words.
    func write(_ slot: Int, rows: Range<Int>, into values: ESpan, scratch: KVector) {
        let factor = trace.factors[slot]
        guard factor.power > 0 else {
            // Below Y^2 the planes of an element are the message's words plus γ's.
            let planes = values.planes
            factor.x0.evaluate(rows, of: trace.stack, adding: gamma.c0, into: planes.base)
            factor.x1.evaluate(rows, of: trace.stack, adding: gamma.c1, into: planes.base + planes.stride)
            (planes.base + 2 * planes.stride).update(repeating: gamma.c2, count: rows.count)
            return
        }
        values.fill(gamma.frobenius(factor.power))
        for (form, map) in zip([factor.x0, factor.x1], maps[factor.power] ?? []) {
            form.evaluate(rows, of: trace.stack, into: scratch.span.pointer)
            map.add(scratch[0..<rows.count], into: values)
        }
    }

    /// x0 and x1 as they enter scale · (x0 + x1·Y)^(2^power).
    static func images(power: Int, scale: E) -> [[E]] {
        [E.one, .y].map { basis in
            (0..<64).map { scale * (K(1 << UInt64($0)) * basis).frobenius(power) }
        }
    }
}
