import BinaryFields

/// A column of the product tree: stored, or the factors of one message, which are made from words whenever they are read.
///
/// Factors are most of the tree's leaves, 24 bytes each, and cost less to make than to fetch from memory.
enum Nodes: Sendable {
    case stored(Column)
    /// Those of a slot, by its place among all slots.
    case factors(MessageFactors, slot: Int)

    static let none = Nodes.stored(.empty)

    /// A block of ones, which is what stands beyond any length.
    static let ones: ESpan = {
        let ones = EVector(EqualityWeights.block)
        ones.span.fill(.one)
        return ones.span
    }()

    var length: Int {
        switch self {
        case .stored(let column): column.length
        case .factors(let factors, let slot): factors.height(slot)
        }
    }

    /// The values of `rows`, which lie in one block.
    ///
    /// - Parameters:
    ///   - fill: the value beyond the length, one for factors; at least as often as there are rows.
    ///   - place: where in the room factors are put.
    func block(_ rows: Range<Int>, fill: ESpan, room: Room, place: Int) -> ESpan {
        switch self {
        case .stored(let column): return column.block(rows, fill: fill)
        case .factors(let factors, let slot):
            let stored = max(rows.lowerBound, min(rows.upperBound, factors.height(slot)))
            guard stored > rows.lowerBound else { return fill[0..<rows.count] }
            let values = room.block(place, rows.count)
            let count = stored - rows.lowerBound
            factors.write(slot, rows: rows.lowerBound..<stored, into: values[0..<count], scratch: room.words)
            if count < rows.count { values[count..<rows.count].copy(fill[count..<rows.count]) }
            return values
        }
    }

    /// Room for some blocks of factors that are read together.
    struct Room: Sendable {
        private let values: EVector
        let words = KVector(unset: EqualityWeights.block)

        init(blocks: Int) { values = EVector(unset: blocks * EqualityWeights.block) }

        func block(_ place: Int, _ count: Int) -> ESpan {
            values[place * EqualityWeights.block..<place * EqualityWeights.block + count]
        }
    }
}
