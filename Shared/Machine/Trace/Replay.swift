/// A segment's cycles executed once more, with a record of each: the first of two passes. Rows are counted here, so that
/// the stack can be laid out; the second pass fills them in place, in parallel.
///
/// Unsafe: the instructions and their counts are two arrays of one capacity that doubles before it is exceeded, indexed
/// by numbers that `append` gave out.
final class Replay {
    let segment: Segment
    let memory: ReplayMemory
    private(set) var hart: Hart
    private(set) var programCounter: UInt32
    private(set) var exit = Exit.running
    private(set) var blocks: [RecordBlock] = []
    /// The pc at the start of each epoch but the first.
    private(set) var epochs: [UInt32] = []
    private(set) var finalRow: FinalRow?
    private(set) var inputsRead = 0
    /// Rows of cycle tables, by kind.
    private(set) var heights = [Int](repeating: 0, count: TableKind.allCases.count)

    private(set) var instructions: UnsafeMutablePointer<Instruction>
    /// Of each instruction how often it was executed, and how often as a branch taken.
    private(set) var uses: UnsafeMutablePointer<(plain: UInt32, taken: UInt32)>
    private(set) var instructionCount = 0
    private var capacity = 1024

    /// Accesses to words of code that nothing had accessed before: should the word be executed in this segment, its code
    /// row comes first, at time 1.
    private var earlyAccesses: [(block: Int, record: Int, place: Int)] = []

    init(_ segment: Segment) {
        self.segment = segment
        memory = ReplayMemory(segment)
        programCounter = segment.before.programCounter
        let base = UInt32(truncatingIfNeeded: segment.firstCycle) &- 256
        hart = Hart(registers: segment.before.registers, base: base)
        instructions = .allocate(capacity: capacity)
        uses = .allocate(capacity: capacity)
    }

    deinit {
        hart.free()
        instructions.deallocate()
        uses.deallocate()
    }

    /// Executes the segment's cycles; stops at a halt or a fault.
    func run() throws(TraceError) {
        var hart = self.hart
        var pc = programCounter
        let heights = UnsafeMutablePointer<Int>.allocate(capacity: self.heights.count)
        heights.initialize(repeating: 0, count: self.heights.count)
        defer {
            for i in self.heights.indices { self.heights[i] = heights[i] }
            heights.deallocate()
            self.hart = hart
            programCounter = pc
        }
        var block = RecordBlock(heights: self.heights)
        blocks.append(block)
        // Local copies: what a class holds is loaded, and checked for exclusive access, each time.
        let memory = self.memory
        let (words, decoded) = (memory.words, memory.decoded)
        var (instructions, uses) = (self.instructions, self.uses)
        for cycle in 0..<Int(segment.cycles) {
            if hart.position == 256 {
                epochs.append(pc)
                hart.epoch &+= 1
                hart.position = 0
                if block.count == RecordBlock.capacity {
                    block = RecordBlock(heights: (0..<self.heights.count).map { heights[$0] })
                    blocks.append(block)
                }
            }
            guard pc & 3 == 0 else { return stop(&hart, at: pc, cycle, .misalignedFetch, .faultPC, [:]) }
            let place = memory.place(of: pc)
            guard place >= 0 else { throw .missingPage(cycle: cycle, address: pc) }
            var number = Int(decoded[place]) &- 1
            if number < 0 {
                guard memory.isCode(at: place), let found = Instruction(words[place], at: pc) else {
                    return stopAtFetch(&hart, at: pc, cycle, place)
                }
                number = append(found)
                (instructions, uses) = (self.instructions, self.uses)
                decoded[place] = UInt32(number &+ 1)
            }
            let i = instructions[number]
            var record = CycleRecord()
            record.instruction = UInt32(number)
            var next = pc &+ 4
            var taken = false
            var kind = Int(i.kindNumber)
            switch i.operation {
            case .constant, .jal:
                let result = i.operation == .jal ? next : i.immediate
                if i.operation == .jal { next = pc &+ i.immediate }
                record.rdOld = hart.value(i.rd)
                record.result = result
                record.word = next
                record.tokens = hart.write(i.rd, result)
            case .fence: break
            case .call:
                uses[number].plain &+= 1
                guard let made = try call(&hart, &record, at: pc, cycle) else { return }
                kind = made.rawValue
                uses[number].plain &-= 1
            case .branchEqual, .branchNotEqual, .branchLess, .branchGreaterEqual, .branchLessUnsigned,
                .branchGreaterEqualUnsigned:
                let (x, y) = (hart.value(i.rs1), hart.value(i.rs2))
                taken = Replay.isTaken(i.operation, x, y)
                if taken { next = pc &+ i.immediate }
                (record.value1, record.value2, record.word) = (x, y, next)
                record.tokens = hart.read(i.rs1, code: 1)
                record.tokens |= hart.read(i.rs2, code: 3) << 10
            case .loadByte, .loadHalf, .loadWord, .loadByteUnsigned, .loadHalfUnsigned:
                let x = hart.value(i.rs1)
                let address = x &+ i.immediate
                let size = UInt32(1) << (i.word >> 12 & 3)
                guard address & (size &- 1) == 0 else {
                    uses[number].plain &+= 1
                    return stopMisaligned(&hart, at: pc, cycle, i, .misalignedLoad)
                }
                let place = memory.place(of: address)
                guard place >= 0 else { throw .missingPage(cycle: cycle, address: address) }
                let isCode = memory.isCode(at: place)
                access(&record, place, hart.time, isCode: isCode, block)
                record.value1 = x
                record.result = Replay.part(of: record.word, i.operation, address)
                record.tokens = hart.read(i.rs1, code: 1) | (isCode ? 0 : 1 << 31)
                record.rdOld = hart.value(i.rd)
                record.tokens |= hart.write(i.rd, record.result) << 20
            case .storeByte, .storeHalf, .storeWord:
                let (x, y) = (hart.value(i.rs1), hart.value(i.rs2))
                let address = x &+ i.immediate
                let size = UInt32(1) << (i.word >> 12 & 3)
                guard address & (size &- 1) == 0 else {
                    uses[number].plain &+= 1
                    return stopMisaligned(&hart, at: pc, cycle, i, .misalignedStore)
                }
                let place = memory.place(of: address)
                guard place >= 0 else { throw .missingPage(cycle: cycle, address: address) }
                guard !memory.isCode(at: place) else {
                    uses[number].plain &+= 1
                    return stopAtStore(&hart, at: pc, cycle, i, place)
                }
                access(&record, place, hart.time, isCode: false, block)
                record.result = Replay.merged(record.word, y, i.operation, address)
                words[place] = record.result
                (record.value1, record.value2) = (x, y)
                record.tokens = hart.read(i.rs1, code: 1)
                record.tokens |= hart.read(i.rs2, code: 3) << 10
            default:
                let x = hart.value(i.rs1)
                record.value1 = x
                record.tokens = hart.read(i.rs1, code: 1)
                var y = i.immediate
                if i.usesSecondRegister {
                    y = hart.value(i.rs2)
                    record.tokens |= hart.read(i.rs2, code: 3) << 10
                }
                record.value2 = y
                record.result = next
                if i.operation == .jalr {
                    next = (x &+ y) & ~1
                } else {
                    record.result = Arithmetic.result(i.operation, x, y)
                }
                record.rdOld = hart.value(i.rd)
                record.tokens |= hart.write(i.rd, record.result) << 20
            }
            if taken { uses[number].taken &+= 1 } else { uses[number].plain &+= 1 }
            heights[kind] &+= 1
            block.append(record)
            hart.position &+= 1
            pc = next
        }
    }

    // MARK: Memory

    @inline(__always) private func access(
        _ record: inout CycleRecord, _ place: Int, _ time: UInt32, isCode: Bool, _ block: RecordBlock
    ) {
        record.word = memory.words[place]
        record.lastTime = memory.times[place]
        memory.times[place] = time
        if isCode && record.lastTime == 0 {
            earlyAccesses.append((blocks.count - 1, block.count, place))
        }
    }

    @inline(__always) private static func part(
        of word: UInt32, _ operation: Instruction.Operation, _ address: UInt32
    ) -> UInt32 {
        let shifted = word >> (8 &* (address & 3))
        switch operation {
        case .loadByte: return UInt32(bitPattern: Int32(Int8(truncatingIfNeeded: shifted)))
        case .loadByteUnsigned: return shifted & 0xFF
        case .loadHalf: return UInt32(bitPattern: Int32(Int16(truncatingIfNeeded: shifted)))
        case .loadHalfUnsigned: return shifted & 0xFFFF
        default: return word
        }
    }

    @inline(__always) private static func merged(
        _ old: UInt32, _ value: UInt32, _ operation: Instruction.Operation, _ address: UInt32
    ) -> UInt32 {
        if operation == .storeWord { return value }
        let shift = 8 &* (address & 3)
        let mask: UInt32 = (operation == .storeByte ? 0xFF : 0xFFFF) << shift
        return old & ~mask | value << shift & mask
    }

    @inline(__always) private static func isTaken(
        _ operation: Instruction.Operation, _ x: UInt32, _ y: UInt32
    ) -> Bool {
        switch operation {
        case .branchEqual: x == y
        case .branchNotEqual: x != y
        case .branchLess: Int32(bitPattern: x) < Int32(bitPattern: y)
        case .branchGreaterEqual: Int32(bitPattern: x) >= Int32(bitPattern: y)
        case .branchLessUnsigned: x < y
        default: x >= y
        }
    }

    // MARK: Instructions

    private func append(_ instruction: Instruction) -> Int {
        if instructionCount == capacity {
            let (old, oldUses) = (instructions, uses)
            instructions = .allocate(capacity: 2 * capacity)
            uses = .allocate(capacity: 2 * capacity)
            instructions.moveInitialize(from: old, count: capacity)
            uses.moveInitialize(from: oldUses, count: capacity)
            old.deallocate()
            oldUses.deallocate()
            capacity *= 2
        }
        (instructions + instructionCount).initialize(to: instruction)
        (uses + instructionCount).initialize(to: (0, 0))
        instructionCount += 1
        return instructionCount - 1
    }

    /// Gives executed words their code row's access, at time 1, where nothing came after it; and to what came first the
    /// time of that row.
    func settleCode() {
        for access in earlyAccesses where memory.decoded[access.place] != 0 {
            blocks[access.block].records[access.record].lastTime = 1
        }
        for number in 0..<instructionCount {
            let place = memory.place(of: instructions[number].address)
            if memory.times[place] == 0 { memory.times[place] = 1 }
        }
    }

    // MARK: Calls and ends

    /// The table of a call; nil when it ends the run.
    private func call(
        _ hart: inout Hart, _ record: inout CycleRecord, at pc: UInt32, _ cycle: Int
    ) throws(TraceError) -> TableKind? {
        let number = hart.values[17]
        let token = hart.read(17, code: 1)
        switch number {
        case 0:
            let code = hart.values[10]
            let tokenA0 = hart.read(10, code: 3)
            finish(
                &hart, pc, cycle, .halted(code: code), .halt,
                fetched(pc, nil).merging([
                    "a7Position": token >> 2, "a7Slot": token & 3, "a0": code, "a0Position": tokenA0 >> 2,
                    "a0Slot": tokenA0 & 3,
                ]) { $1 })
            return nil
        case 1:
            guard inputsRead < segment.inputs.count else { throw .missingInput(cycle: cycle) }
            record.result = segment.inputs[inputsRead]
            inputsRead += 1
            record.tokens = token | 1 << 30
        case 2:
            record.value2 = hart.values[Hart.base]
            record.result = record.value2 &+ hart.time
            record.tokens = token | hart.read(UInt8(Hart.base), code: 3) << 10 | 2 << 30
        default:
            stop(
                &hart, at: pc, cycle, .unknownCall, .faultCall,
                fetched(pc, nil).merging([
                    "a7": number, "a7Position": token >> 2, "a7Slot": token & 3,
                ]) { $1 })
            return nil
        }
        record.rdOld = hart.values[10]
        record.tokens |= hart.write(10, record.result) << 20
        return number == 1 ? .readInput : .cycleCount
    }

    private func fetched(_ pc: UInt32, _ word: UInt32?) -> [String: UInt32] {
        var values = ["pcPlus4": (pc &+ 4) >> 2]
        if let word { values["rdIsZero"] = word >> 7 & 31 == 0 ? 1 : 0 }
        return values
    }

    private func stop(
        _ hart: inout Hart, at pc: UInt32, _ cycle: Int, _ fault: FaultCode, _ kind: TableKind,
        _ values: [String: UInt32]
    ) { finish(&hart, pc, cycle, .faulted(fault), kind, values) }

    private func finish(
        _ hart: inout Hart, _ pc: UInt32, _ cycle: Int, _ exit: Exit, _ kind: TableKind, _ values: [String: UInt32]
    ) {
        self.exit = exit
        cyclesRun = cycle + 1
        let clock = ["epoch": hart.epoch, "position": hart.position, "pc": pc >> 2]
        finalRow = FinalRow(kind: kind, values: clock.merging(values) { $1 })
        hart.position += 1
    }

    /// Cycles executed when the run ended; nil while it runs on.
    private(set) var cyclesRun: Int?

    private func stopAtFetch(_ hart: inout Hart, at pc: UInt32, _ cycle: Int, _ place: Int) {
        let (word, isCode) = (memory.words[place], memory.isCode(at: place))
        let values = ["word": word, "writable": isCode ? 0 : 1, "lastTime": lastTime(place, hart.time)]
        let fault: FaultCode = isCode ? (word == 0x10_0073 ? .breakpoint : .illegalInstruction) : .notExecutable
        stop(&hart, at: pc, cycle, fault, .faultFetch, values)
    }

    private func stopMisaligned(
        _ hart: inout Hart, at pc: UInt32, _ cycle: Int, _ i: Instruction, _ fault: FaultCode
    ) {
        let token = hart.read(i.rs1, code: 1)
        let values = [
            "isStore": fault == .misalignedStore ? 1 : 0, "any": i.word >> 7, "value1": hart.value(i.rs1),
            "rs1Position": token >> 2, "rs1Slot": token & 3,
        ]
        stop(&hart, at: pc, cycle, fault, .faultAlign, fetched(pc, i.word).merging(values) { $1 })
    }

    private func stopAtStore(_ hart: inout Hart, at pc: UInt32, _ cycle: Int, _ i: Instruction, _ place: Int) {
        let token = hart.read(i.rs1, code: 1)
        let values = [
            "size": i.word >> 12 & 3, "value1": hart.value(i.rs1), "rs1": UInt32(i.rs1), "rs1Position": token >> 2,
            "rs1Slot": token & 3, "immediateLow": i.word >> 7 & 31, "immediateHigh": i.word >> 25,
            "rs2": UInt32(i.rs2), "word": memory.words[place], "lastTime": lastTime(place, hart.time),
        ]
        stop(&hart, at: pc, cycle, .storeToCode, .faultStore, fetched(pc, i.word).merging(values) { $1 })
    }

    /// The last access of the run: whether the word was executed is known by now.
    private func lastTime(_ place: Int, _ time: UInt32) -> UInt32 {
        let last = memory.times[place]
        memory.times[place] = time
        return last == 0 && memory.decoded[place] != 0 ? 1 : last
    }
}
