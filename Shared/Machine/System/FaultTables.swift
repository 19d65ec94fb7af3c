import Tables

/// Faults: a state with status 2 and the cause is pushed and pc stays. Nothing pulls such a state but the claim.
enum FaultTables {
    static func all(_ shape: MachineShape) -> [Table] {
        [jump(shape), fetch(shape), alignment(shape), store(shape)]
    }

    /// Fault 0: bit 1 of pc is one, after a jump to a misaligned address.
    static func jump(_ shape: MachineShape) -> Table {
        let row = InstructionRow(clocked: "fault_pc", shape)
        let pc = row.row.field("pc", width: 30) << 2 ^ 2
        row.state(from: pc, to: pc, status: RunStatus.faulted, code: 0)
        return row.row.table
    }

    /// Faults 1 (the word at pc is writable), 2 (illegal) and 3 (breakpoint). Reads the word as a load does.
    static func fetch(_ shape: MachineShape) -> Table {
        let row = InstructionRow(clocked: "fault_fetch", shape)
        let pc = row.row.field("pc", width: 30) << 2
        let word = row.row.field("word")
        let writable = row.row.field("writable", width: 1)
        row.memory(address: pc, writable: writable, old: word, new: word)
        var legality = Legality(row.row, word)
        let legal = legality.legal()
        let (isBreakpoint, isCall) = legality.system(writable: writable)
        row.row.and(writable ^ 1, legal ^ isCall, equals: 0, width: 1, "fault")
        let code = writable ^ writable << 1 ^ 2 ^ isBreakpoint
        row.state(from: pc, to: pc, status: RunStatus.faulted, code: code)
        return row.row.table
    }

    /// Faults 4 and 6: a load or a store of a halfword or word whose address is no multiple of its size.
    static func alignment(_ shape: MachineShape) -> Table {
        let row = InstructionRow("fault_align", shape, opcode: 3)
        let builder = row.row
        let isStore = row.bits("isStore", at: 5, width: 1)
        let word = row.bits("any", at: 7, width: 25) << 7
        let value = builder.field("value1")
        row.register("rs1", slot: 0, number: word >> 15 & 31, old: value, new: value)
        let low = builder.product(isStore.spread(), (word >> 7 ^ word >> 20) & 31, width: 5, as: "immediateLow")
        let immediate = low ^ word >> 20 & 31 ^ (word >> 25) << 5 ^ word.spread(31, over: .max << 12)
        let address = builder.add(value, immediate, as: "address")
        let (f0, f1, f2) = (word >> 12 & 1, word >> 13 & 1, word >> 14 & 1)
        for (x, y) in [(f0, f1), (f1, f2), (isStore, f2)] { builder.and(x, y, equals: 0, width: 1, "legal") }
        let aligned = builder.product((1 ^ address) & 1, (1 ^ address >> 1) & 1, as: "aligned")
        let isWord = builder.product(f1 & 1, (1 ^ aligned) & 1, as: "wordFaults")
        let isHalf = builder.product(f0 & 1, address & 1, as: "halfFaults")
        builder.zero(1 ^ isWord ^ isHalf, width: 1, "misaligned")
        row.finish(next: row.pc, status: RunStatus.faulted, code: 4 ^ isStore << 1)
        return builder.table
    }

    /// Fault 7: an aligned store to a word whose token says that it is not writable.
    static func store(_ shape: MachineShape) -> Table {
        let row = InstructionRow("fault_store", shape, opcode: 0x23)
        let size = row.bits("size", at: 12, width: 2)
        let address = MemoryTables.address(row) { $0.immediateS() }
        _ = row.bits("rs2", at: 20, width: 5)
        for (x, y) in [(size, size >> 1), (size, address), (size >> 1, address), (size >> 1, address >> 1)] {
            row.row.and(x, y, equals: 0, width: 1, "legal")
        }
        let old = row.row.field("word")
        row.memory(address: address & ~3, writable: 0, old: old, new: old)
        row.finish(next: row.pc, status: RunStatus.faulted, code: 7)
        return row.row.table
    }
}

/// A circuit of about 100 ANDs that says of a word whether some class accepts it. Every word is accepted by exactly
/// one class or is provably illegal; the order of the products is that of the design's model.
private struct Legality {
    private let row: TableBuilder
    private let bits: [Operand]
    private let word: Operand
    private var count = 0

    init(_ row: TableBuilder, _ word: Operand) {
        self.row = row
        self.word = word
        bits = (0..<32).map { word >> $0 & 1 }
    }

    private mutating func both(_ x: Operand, _ y: Operand) -> Operand {
        count += 1
        return row.product(x, y, as: "p\(count - 1)")
    }

    private mutating func every(_ all: Operand...) -> Operand { every(all[...]) }

    private mutating func every(_ all: ArraySlice<Operand>) -> Operand {
        guard let first = all.first, all.count > 1 else { return all.first ?? 1 }
        return both(first, every(all.dropFirst()))
    }

    private func no(_ x: Operand) -> Operand { x ^ 1 }

    /// One for the words of every class but environment calls.
    mutating func legal() -> Operand {
        let b = bits
        let (f0, f1, f2) = (b[12], b[13], b[14])
        let f3Zero = every(no(f0), no(f1), no(f2))
        let f7 = every(no(b[26]), no(b[27]), no(b[28]), no(b[29]), no(b[31]))
        let plain = every(f7, no(b[25]), no(b[30]))
        let multiply = every(f7, b[25], no(b[30]))
        let other = every(f7, no(b[25]), b[30])
        let shifts = both(f0, no(f1))
        let s101 = every(f0, no(f1), f2)
        let top00 = every(b[0], b[1], no(b[6]), no(b[5]))
        let top01 = every(b[0], b[1], no(b[6]), b[5])
        _ = every(b[0], b[1], b[6], no(b[5]))  // no instruction, but part of the model's description
        let top11 = every(b[0], b[1], b[6], b[5])
        let low0 = every(no(b[2]), no(b[3]), no(b[4]))
        let low1 = every(b[2], no(b[3]), no(b[4]))
        let low3 = every(b[2], b[3], no(b[4]))
        let low4 = every(no(b[2]), no(b[3]), b[4])
        let low5 = every(b[2], no(b[3]), b[4])
        var legal = both(no(b[6]), every(low5, b[0], b[1]))  // lui, auipc
        legal ^= both(top11, low3) ^ every(top11, low1, f3Zero)  // jal, jalr
        legal ^= every(top11, low0, no(both(f1, no(f2))))  // branches
        legal ^= every(top00, low0, no(both(f1, no(both(no(f0), no(f2))))))  // loads
        legal ^= every(top01, low0, no(f2), no(both(f0, f1)))  // stores
        legal ^= every(top00, low4, no(both(shifts, no(plain ^ both(other, f2)))))  // immediates
        legal ^= every(top01, low4, plain ^ multiply ^ both(other, s101 ^ f3Zero))  // registers
        legal ^= every(top00, low3, f3Zero)  // fence
        return legal
    }

    /// One for EBREAK in a page that is not writable; one for ECALL. The two words differ in bit 20.
    mutating func system(writable: Operand) -> (isBreakpoint: Operand, isCall: Operand) {
        let others = (word ^ 0x73) & ~(1 << 20)
        let rest = row.any(others, as: "others") ^ 1
        let isBreakpoint = every(rest, bits[20], no(writable))
        return (isBreakpoint, both(rest, no(bits[20])))
    }
}
