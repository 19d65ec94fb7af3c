import Machine

/// How often what was executed.
struct ExecutionCounts {
    /// The cycle that ended the program.
    struct Ending {
        /// The table that proves it.
        var table: TableKind
        /// The table of the instruction's row, had it not ended the program; none of a call or a fetch.
        var instead: TableKind?
        /// The program counter, where it stays.
        var address: UInt32
    }

    /// By number in the code index: completed executions, and the last cycle when an instruction (not its fetch) ended
    /// the program there.
    var executed: [UInt64] = []
    /// By the same number: branches taken.
    var taken: [UInt64] = []
    var readInputs = 0
    var cycleCounts = 0
    var ending: Ending?

    mutating func makeRoom(for count: Int) {
        guard executed.count < count else { return }
        let more = repeatElement(UInt64(0), count: count - executed.count)
        executed.append(contentsOf: more)
        taken.append(contentsOf: more)
    }

    mutating func clear() {
        for number in executed.indices { executed[number] = 0 }
        for number in taken.indices { taken[number] = 0 }
        readInputs = 0
        cycleCounts = 0
        ending = nil
    }
}
