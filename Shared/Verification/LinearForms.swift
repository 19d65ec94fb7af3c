import BinaryFields
import Tables

/// All operands of a system's tables as sparse linear forms in the bits of a row, prepared once so that step 4 costs one
/// product for each term and one for each operand.
///
/// A term of an operand puts bit s(b) of a word on position b, and position b has a weight. At the points u* and g* it
/// counts eq(g*, pair of the word) · Σ_b weight[b]·eq(u*, s(b)). The sum depends on the table only through few
/// *views*: which weights, which half of the pair, which rotation or spread bit, which mask. Terms share them, and the
/// masks of one rotation share the prefix sums of its 32 products.
struct LinearForms: Sendable {
    /// Where the weights of an operand's 32 positions come from.
    enum Family: Hashable, Sendable {
        /// An operand of the first or of the second constraint of a pair: Lagrange weights of z, 0 to 31 or 32 to 63.
        case constraint(half: Int)
        /// A word of a message that counts 2^power times: 1, x, x², … to the power 2^power.
        case message(power: Int)
    }

    /// An operand: a constant and terms `readings` of ``pairs`` and ``views``.
    struct Form: Sendable {
        let table: Int
        /// Index into ``families``.
        let family: Int
        let constant: UInt32
        let readings: Range<Int>
    }

    /// Terms that differ only in word and mask.
    private struct Group: Hashable, Sendable {
        let family: Int
        /// Whether the word is the first or the second of its pair.
        let half: Int
        let kind: Term.Kind
    }

    private struct View: Hashable, Sendable {
        let group: Int
        let mask: UInt32
    }

    /// Operands in the order: tables, constraints, A, B, C; then slots, words.
    private(set) var forms: [Form] = []
    private(set) var families: [Family] = []
    private var groups: [Group] = []
    /// For each view its group and the runs of ones of its mask.
    private var viewGroups: [Int] = []
    private var viewRuns: [[Range<Int>]] = []
    /// For each term its column pair and its view.
    private var pairs: [Int] = []
    private var views: [Int] = []

    init(_ system: TableSystem) {
        var indices = Indices()
        for (t, table) in system.tables.enumerated() {
            for (c, constraint) in table.constraints.enumerated() {
                for operand in [constraint.a, constraint.b, constraint.c] {
                    append(operand, .constraint(half: c % 2), table: t, system, &indices)
                }
            }
        }
        for slot in system.slots {
            let message = system.message(in: slot)
            for operand in message.words {
                append(operand, .message(power: message.power), table: slot.table, system, &indices)
            }
        }
    }

    private struct Indices {
        var families: [Family: Int] = [:]
        var groups: [Group: Int] = [:]
        var views: [View: Int] = [:]
    }

    private mutating func append(
        _ operand: Operand, _ family: Family, table: Int, _ system: TableSystem, _ indices: inout Indices
    ) {
        let family = indices.families.number(of: family) { families.append($0) }
        let start = pairs.count
        for term in operand.terms {
            let group = indices.groups.number(of: Group(family: family, half: term.word % 2, kind: term.kind)) {
                groups.append($0)
            }
            let view = indices.views.number(of: View(group: group, mask: term.mask)) {
                viewGroups.append($0.group)
                viewRuns.append(runsOfOnes($0.mask))
            }
            pairs.append(system.columnPairs[table] + term.word / 2)
            views.append(view)
        }
        forms.append(
            Form(table: table, family: family, constant: operand.constant, readings: start..<pairs.count))
    }

    /// For each family the weights of its 32 positions.
    func weights(bitWeights: [E]) -> [[E]] {
        families.map { family in
            switch family {
            case .constraint(let half): Array(bitWeights[32 * half..<32 * half + 32])
            case .message(let power): (0..<32).map { E(K(1 << UInt64($0)).frobenius(power)) }
            }
        }
    }

    /// For each table, Σ over its operands of scale · Σ_b weight[b]·(bit b of the constant).
    ///
    /// `scales`: one for each of ``forms``.
    func constants(scales: [E], weights: [[E]], tables: Int) -> [E] {
        var sums = [E](repeating: .zero, count: tables)
        for (form, scale) in zip(forms, scales) where form.constant != 0 {
            var (bits, sum) = (form.constant, E.zero)
            while bits != 0 {
                sum += weights[form.family][bits.trailingZeroBitCount]
                bits &= bits - 1
            }
            sums[form.table] += scale * sum
        }
        return sums
    }

    /// The extension, at u* and g*, of the coefficients that the operands give to bits: Σ over operands of scale ·
    /// Σ over terms.
    ///
    /// `scales`: one for each of ``forms``; `byBit`: eq(u*, ·), 64 values; `byPair`: eq(g*, ·).
    func value(scales: [E], weights: [[E]], byBit: [E], byPair: [E]) -> E {
        let seen = viewValues(weights: weights, byBit: byBit)
        var result = E.zero
        for (form, scale) in zip(forms, scales) {
            var sum = E.zero
            for reading in form.readings {
                sum += byPair[pairs[reading]] * seen[views[reading]]
            }
            result += scale * sum
        }
        return result
    }

    /// For each view, Σ over the positions b of its mask of weight[b]·eq(u*, s(b)).
    private func viewValues(weights: [[E]], byBit: [E]) -> [E] {
        let prefixSums = groups.map { group in
            var sums = [E.zero]
            for (b, weight) in weights[group.family].enumerated() {
                let source =
                    switch group.kind {
                    case .rotation(let left): (b - left) & 31
                    case .spread(let bit): bit
                    }
                sums.append(sums[b] + weight * byBit[32 * group.half + source])
            }
            return sums
        }
        return zip(viewGroups, viewRuns).map { group, runs in
            runs.reduce(.zero) { $0 + prefixSums[group][$1.lowerBound] + prefixSums[group][$1.upperBound] }
        }
    }
}

extension Dictionary where Value == Int {
    /// The number of a key: numbers are given in the order of first appearance, when `insert` is called.
    fileprivate mutating func number(of key: Key, insert: (Key) -> Void) -> Int {
        if let number = self[key] { return number }
        insert(key)
        self[key] = count
        return count - 1
    }
}

/// The maximal ranges of set bits of a mask.
private func runsOfOnes(_ mask: UInt32) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var position = 0
    while position < 32, mask >> UInt32(position) != 0 {
        let start = position + (mask >> UInt32(position)).trailingZeroBitCount
        let end = start + (~(mask >> UInt32(start))).trailingZeroBitCount
        runs.append(start..<min(end, 32))
        position = end
    }
    return runs
}
