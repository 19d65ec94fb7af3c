import Tables

/// The machine as tables: one of each ``TableKind``, in that order.
public final class MachineTables: Sendable {
    public let shape: MachineShape
    /// The tables, numbered through; its digest is the first thing that a transcript hashes.
    public let system: TableSystem

    public init(_ shape: MachineShape) {
        self.shape = shape
        let groups = [
            ArithmeticTables.all(shape), JumpTables.all(shape), MemoryTables.all(shape), MultiplyTables.all(shape),
            CallTables.all(shape), FaultTables.all(shape), ClockTables.all(shape), CodeTables.all(shape),
            [Blake3Table.table()], PageTables.all(shape),
        ]
        system = TableSystem(groups.flatMap { $0 })
    }

    /// The tables of every receipt.
    public static let standard = MachineTables(.standard)

    public subscript(_ kind: TableKind) -> Table { system.tables[kind.rawValue] }
}
