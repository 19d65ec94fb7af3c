import Tables

extension RowWriter {
    mutating func readInput(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        beginSystem(clock, i)
        token(r.tokens, slot: 0, clock)
        word(r.rdOld)
        word(r.result)
        token(r.tokens >> 20, slot: 2, clock)
        finish()
    }

    mutating func cycleCount(_ r: CycleRecord, _ i: Instruction, _ clock: Clock) {
        beginSystem(clock, i)
        token(r.tokens, slot: 0, clock)
        word(r.value2)
        token(r.tokens >> 10, slot: 1, clock)
        word(r.rdOld)
        bits(r.result >> 1, 31)
        token(r.tokens >> 20, slot: 2, clock)
        finish()
    }

    /// A row that ends a run: fields by name, hints by the order of the table's ANDs.
    mutating func final(_ row: FinalRow, of table: Table) {
        var words = [UInt32](repeating: 0, count: table.width)
        for field in table.fields {
            if let value = row.values[field.name] { field.write(value, to: &words) }
        }
        HintOrder(of: table).solve(&words)
        for value in words { word(value) }
    }
}
