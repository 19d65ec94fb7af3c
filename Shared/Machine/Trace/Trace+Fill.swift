import BinaryFields
import Hashing
import Tables

extension Trace {
    /// Writes all rows.
    ///
    /// - Precondition: the witness is all zeros, of the machine's tables, with this trace's heights.
    ///
    /// Unsafe: rows are written through pointers into the stack. A `TablePlace` is made for each table from the layout;
    /// rows stay below the heights that the layout was made for, words below the table's width, as the writers declare the
    /// table's own fields (tests compare whole rows of every table). Threads write disjoint rows.
    public func fill(_ witness: Witness) {
        let layout = witness.layout
        precondition(layout.tables.map(\.height) == heights, "a witness with the heights of this trace")
        witness.stack.withWords { stack in
            guard let base = stack.baseAddress else { return }
            let words = UnsafeMutableRawPointer(base).assumingMemoryBound(to: UInt32.self)
            let places = Places(
                layout.tables.map { TablePlace(base: words + 2 * $0.offset, stride: 2 << $0.log) })
            fillCycles(places)
            fillClock(places)
            fillCode(places)
            fillPages(places)
            fillHashes(places)
        }
    }

    /// Where each table lies; pointers that threads share, each for rows of its own.
    struct Places: @unchecked Sendable {
        private let places: [TablePlace]
        init(_ places: [TablePlace]) { self.places = places }
        subscript(kind: TableKind) -> TablePlace { places[kind.rawValue] }
        var cycles: [TablePlace] { Array(places.prefix(TableKind.epoch.rawValue)) }
    }

    // MARK: Cycles

    private func fillCycles(_ places: Places) {
        parallel(replay.blocks.count, grain: 1) { range in
            for number in range { fillBlock(number, places.cycles) }
        }
        if let row = replay.finalRow {
            var writer = places[row.kind].row(heights[row.kind.rawValue] - 1)
            writer.final(row, of: MachineTables.standard[row.kind])
        }
    }

    private func fillBlock(_ index: Int, _ places: [TablePlace]) {
        let block = replay.blocks[index]
        let instructions = UnsafePointer(replay.instructions)
        withUnsafeTemporaryAllocation(of: TablePlace.self, capacity: places.count) { next in
            for (kind, place) in places.enumerated() {
                let first = place.base + 2 * block.heights[kind]
                next.initializeElement(at: kind, to: TablePlace(base: first, stride: place.stride))
            }
            guard let next = next.baseAddress else { return }
            for n in 0..<block.count {
                let record = block.records[n]
                let instruction = instructions[Int(record.instruction)]
                var (kind, number) = (instruction.kind, Int(instruction.kindNumber))
                if instruction.operation == .call {
                    kind = record.tokens >> 30 == 1 ? .readInput : .cycleCount
                    number = kind.rawValue
                }
                let place = next[number]
                next[number] = TablePlace(base: place.base + 2, stride: place.stride)
                Trace.fill(place.row(0), kind, record, instruction, Clock(cycle: index * RecordBlock.capacity + n))
            }
        }
    }

    @inline(__always) private static func fill(
        _ row: RowWriter, _ kind: TableKind, _ r: CycleRecord, _ i: Instruction, _ clock: Clock
    ) {
        var row = row
        switch kind {
        case .addi: row.addi(r, i, clock)
        case .addSub: row.addSub(r, i, clock)
        case .xori, .xor: row.exclusiveOr(r, i, clock)
        case .andOrI, .andOr: row.andOr(r, i, clock)
        case .slti, .slt: row.setLess(r, i, clock)
        case .slli, .sll: row.shift(r, i, clock, left: true)
        case .srliSrai, .srlSra: row.shift(r, i, clock, left: false)
        case .beqBne: row.branchEqual(r, i, clock)
        case .bltBge: row.branchLess(r, i, clock)
        case .constant: row.constant(r, i, clock)
        case .jalr: row.jalr(r, i, clock)
        case .fence: row.fence(i, clock)
        case .lw: row.loadWord(r, i, clock)
        case .loadPart: row.loadPart(r, i, clock)
        case .sb, .sh, .sw: row.store(r, i, clock)
        case .mul: row.multiplyLow(r, i, clock)
        case .mulh: row.multiplyHigh(r, i, clock)
        case .divide: row.divide(r, i, clock)
        case .readInput: row.readInput(r, i, clock)
        case .cycleCount: row.cycleCount(r, i, clock)
        default: preconditionFailure("no record is of \(kind)")
        }
    }

    // MARK: Epochs, code

    private func fillClock(_ places: Places) {
        for (n, pc) in replay.epochs.enumerated() {
            var row = places[.epoch].row(n)
            row.epoch(UInt32(n + 1), pc: pc)
        }
        parallel(replay.hart.refreshes.count, grain: 1024) { range in
            for n in range {
                var row = places[.refresh].row(n)
                row.refresh(replay.hart.refreshes[n])
            }
        }
    }

    private func fillCode(_ places: Places) {
        var next = [Int](repeating: 0, count: heights.count)
        func take(_ kind: TableKind) -> RowWriter {
            next[kind.rawValue] += 1
            return places[kind].row(next[kind.rawValue] - 1)
        }
        for number in codeOrder {
            let (instruction, uses) = (replay.instructions[number], replay.uses[number])
            var row = take(instruction.codeKind)
            row.code(instruction, uses: uses)
            for offer in instruction.offers(uses: uses) {
                var count = offer.count
                for k in (0..<TableKind.countBits).reversed() where count >> UInt32(k) & 1 == 1 {
                    count ^= 1 << UInt32(k)
                    var row = take(.offer(k))
                    row.offer(k, offer.content, count: count, kind: offer.kind)
                }
            }
        }
    }
}
