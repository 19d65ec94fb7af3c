import Hashing

/// The tables of a product, numbered through: all of a layout that depends neither on heights nor on a class.
///
/// Constraints are taken in pairs i, columns in pairs g, the messages of each side are slots; all three are numbered
/// over all tables in their order, whether a table has rows or not. A pair never spans two tables: the last one of a
/// table with an odd count has an empty second half.
public final class TableSystem: Sendable {
    public let tables: [Table]
    /// The digest of all tables: the first thing that a transcript hashes.
    public let digest: Digest
    /// The constraint pairs of table t are `constraintPairs[t]..<constraintPairs[t + 1]`.
    public let constraintPairs: [Int]
    /// The column pairs of table t are `columnPairs[t]..<columnPairs[t + 1]`.
    public let columnPairs: [Int]
    /// 2^constraintLog is the least power of two that holds all constraint pairs.
    public let constraintLog: Int
    /// 2^columnLog is the least power of two that holds all column pairs.
    public let columnLog: Int
    /// All messages, the pushed ones first.
    public let slots: [Slot]
    /// 2^slotLog is the least power of two that holds the slots of either side.
    public let slotLog: Int

    /// - Precondition: each table has a word; operands read words of the row, through rotations by and bits of 0 to 31;
    ///   a message has four words and a power below 32.
    public init(_ tables: [Table]) {
        precondition(tables.allSatisfy(\.isWellFormed), "a table that cannot be proved")
        self.tables = tables
        digest = Blake3.hash(Self.canonicalBytes(tables), mode: Domain.tables)
        constraintPairs = Self.runningPairs(tables.map(\.constraints.count))
        columnPairs = Self.runningPairs(tables.map(\.width))
        constraintLog = ceilLog2(constraintPairs[tables.count])
        columnLog = ceilLog2(columnPairs[tables.count])
        slots = Side.allCases.flatMap { side in
            tables.indices
                .flatMap { t in tables[t].messages(of: side).indices.map { (table: t, message: $0) } }
                .enumerated()
                .map { Slot(side: side, number: $0.offset, table: $0.element.table, message: $0.element.message) }
        }
        slotLog = ceilLog2((slots.map(\.number).max() ?? 0) + 1)
    }

    /// The constraint pairs of a table.
    public func constraintPairs(of table: Int) -> Range<Int> { constraintPairs[table]..<constraintPairs[table + 1] }

    /// The column pairs of a table.
    public func columnPairs(of table: Int) -> Range<Int> { columnPairs[table]..<columnPairs[table + 1] }

    /// The message that stands in a slot.
    public func message(in slot: Slot) -> Message { tables[slot.table].messages(of: slot.side)[slot.message] }

    private static func runningPairs(_ counts: [Int]) -> [Int] {
        counts.reduce(into: [0]) { sums, count in sums.append(sums[sums.count - 1] + (count + 1) / 2) }
    }
}

/// Whether a message is sent or received.
public enum Side: Int, CaseIterable, Hashable, Sendable {
    case pushed = 0
    case pulled = 1
}

/// The place of one table's message among all messages of its side.
public struct Slot: Hashable, Sendable {
    public let side: Side
    /// Counted from 0 over all tables of the system, a side for itself.
    public let number: Int
    public let table: Int
    /// Index into the pushes or pulls of the table.
    public let message: Int
}

extension Table {
    /// The pushes, or the pulls.
    public func messages(of side: Side) -> [Message] { side == .pushed ? pushes : pulls }

    fileprivate var isWellFormed: Bool {
        let messages = pushes + pulls
        let operands = constraints.flatMap { [$0.a, $0.b, $0.c] } + messages.flatMap(\.words)
        return width > 0 && messages.allSatisfy { $0.words.count == 4 && 0..<32 ~= $0.power }
            && operands.allSatisfy { $0.terms.allSatisfy { 0..<width ~= $0.word && 0..<32 ~= $0.kind.place } }
    }
}

extension Term.Kind {
    /// How far a word is turned, or which of its bits is spread.
    fileprivate var place: Int {
        switch self {
        case .rotation(let left): left
        case .spread(let bit): bit
        }
    }
}

/// ⌈log₂ count⌉, and 0 for a count of 0.
package func ceilLog2(_ count: Int) -> Int { count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount }
