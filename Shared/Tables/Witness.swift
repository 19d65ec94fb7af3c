import BinaryFields

/// The rows of all tables, in the place from which they are proved: the stack up to the end of its last run.
///
///     let witness = Witness(layout)
///     witness[table: 2, row: 7, word: 3] = sum
///
/// Entry r of the run of a column pair g holds word 2g of row r in its low half and word 2g + 1 in its high half, so with
/// j = 2g + b word j of row r is the 32-bit number at index 2·(offset(g) + r) + b of the stack. What lies beyond a height
/// is zero and must stay so. The prover commits to the stack without copying it.
public final class Witness: Sendable {
    public let layout: Layout
    /// `layout.stackEnd` elements: those from there to 2^N are zero.
    public let stack: KVector

    /// All words zero.
    public init(_ layout: Layout) {
        self.layout = layout
        stack = KVector(layout.stackEnd)
    }

    /// - Precondition: the row lies below the table's height, the word below its width.
    public subscript(table table: Int, row row: Int, word word: Int) -> UInt32 {
        get { UInt32(truncatingIfNeeded: stack[place(table, row, word)].bits >> shift(word)) }
        set {
            let index = place(table, row, word)
            let others = stack[index].bits & ~(0xFFFF_FFFF << shift(word))
            stack[index] = K(others | UInt64(newValue) << shift(word))
        }
    }

    /// All words of a row.
    public func row(_ row: Int, of table: Int) -> [UInt32] {
        (0..<layout.system.tables[table].width).map { self[table: table, row: row, word: $0] }
    }

    private func place(_ table: Int, _ row: Int, _ word: Int) -> Int {
        precondition(
            0..<layout.tables[table].height ~= row && 0..<layout.system.tables[table].width ~= word,
            "word \(word) of row \(row) of table \(table)")
        return layout.offset(ofPair: layout.system.columnPairs[table] + word / 2, table: table) + row
    }

    private func shift(_ word: Int) -> UInt64 { UInt64(32 * (word & 1)) }
}
