import Machine

/// The machine at work: registers, memory, private input, and the translated code.
///
/// It runs any number of cycles exactly, counts how often each instruction was executed, and knows nothing of segments but
/// that counters and memory can be rewound to where they were last cleared.
final class Emulator {
    let memory: GuestMemory
    /// 64 words: 0 to 31 the registers, 32 takes writes to x0, the others are never used.
    let registers: UnsafeMutablePointer<UInt32>
    let index = CodeIndex()
    private let superblocks: CodeCache
    /// The same code as blocks of one instruction, for the last few cycles before a limit.
    private let singles: CodeCache

    var programCounter: UInt32
    /// Cycles of the run so far.
    var cycle: UInt64
    /// Private words, and how many are taken.
    let input: InputStream
    var inputPosition: Int
    /// Bytes that the program printed and nobody has shown yet.
    var printedBytes: [UInt8] = []
    /// How often each instruction ran, by its number in `index`, since the counts were cleared.
    private(set) var counts = ExecutionCounts()
    /// Cycles left beyond the longest superblock while the loop runs.
    var budget = 0
    private var budgetAtStart = 0

    init(state: MachineState, cycle: UInt64, input: InputStream, memory: GuestMemory) {
        self.memory = memory
        self.input = input
        self.cycle = cycle
        programCounter = state.programCounter
        inputPosition = 0
        registers = .allocate(capacity: 64)
        registers.initialize(repeating: 0, count: 64)
        for (number, value) in state.registers.enumerated() { registers[number] = value }
        superblocks = CodeCache(memory: memory, index: index, maximum: CodeCache.superblockLength)
        singles = CodeCache(memory: memory, index: index, maximum: 1)
    }

    deinit { registers.deallocate() }

    /// Registers 0 to 31.
    var registerValues: [UInt32] {
        get { (0..<32).map { registers[$0] } }
        set { for number in 1..<32 { registers[number] = newValue[number] } }
    }

    /// Runs `limit` cycles, or fewer when the program ends.
    func run(cycles limit: Int) -> Exit {
        var left = limit
        while left > 0 {
            let cache = left >= superblocks.maximum ? superblocks : singles
            budget = left - cache.maximum
            budgetAtStart = budget
            let exit = run(in: cache)
            let executed = budgetAtStart - budget
            left -= executed
            cycle += UInt64(executed)
            if exit != .running { return exit }
        }
        return .running
    }

    /// Runs until the budget is used up or the program ends.
    private func run(in cache: CodeCache) -> Exit {
        var operation = find(programCounter, in: cache)
        while true {
            switch run(from: operation, in: cache) {
            case .exit(let exit):
                programCounter = cache.origins[exit].address
                if budget < 0 { return .running }
                operation = find(programCounter, in: cache, from: exit)
            case .indirect(let target):
                programCounter = target
                if budget < 0 { return .running }
                operation = find(target, in: cache)
                cache.rememberIndirect(target, operation)
            case .halt(let operation):
                stop(at: operation, second: false, in: cache, with: .halt)
                return .halted(code: registers[10])
            case .fault(let fault, let operation, let second):
                stop(at: operation, second: second, in: cache, with: fault.table)
                return .faulted(fault)
            }
        }
    }

    /// The superblock at an address; `exit` is the operation that goes there and is tied to it.
    private func find(_ address: UInt32, in cache: CodeCache, from exit: Int? = nil) -> UInt32 {
        if cache.isFull {
            collect()
            cache.reset()
            return cache.operation(at: address)
        }
        let operation = cache.operation(at: address)
        if let exit { cache.arena[exit].immediate = operation }
        return operation
    }

    /// The program ends within a superblock: counts what was executed of it, and the last cycle.
    private func stop(at operation: Int, second: Bool, in cache: CodeCache, with table: TableKind) {
        let origin = cache.origins[operation]
        let before = Int(origin.instruction) + (second ? 1 : 0)
        let numbers = cache.blockInstructions[cache.blocks[Int(origin.block)].instructions]
        counts.makeRoom(for: index.entries.count)
        for number in numbers.prefix(before) { counts.executed[Int(number)] += 1 }
        // What faults at its fetch is not executed; it ends the block and has no number there.
        let last = numbers.dropFirst(before).first.map(Int.init)
        if let last { counts.executed[last] += 1 }
        programCounter = origin.address &+ (second ? 4 : 0)
        counts.ending = ExecutionCounts.Ending(
            table: table, instead: last.flatMap { index.entries[$0].table }, address: programCounter)
        budget -= before + 1
    }

    /// Takes the exits' counters over into `counts`.
    func collect() {
        for cache in [superblocks, singles] { cache.collect(into: &counts) }
    }

    /// Puts the machine back to a state that it was in, before a segment.
    func rewind(to state: MachineState, cycle: UInt64, inputPosition: Int) {
        programCounter = state.programCounter
        registerValues = state.registers
        self.cycle = cycle
        self.inputPosition = inputPosition
        printedBytes.removeAll()
        memory.rewindSegment()
        clearCounts()
    }

    /// Starts counting anew, from what is executed from now on.
    func clearCounts() {
        for cache in [superblocks, singles] { cache.clearCounters() }
        counts.clear()
    }

    // MARK: Environment calls

    enum CallOutcome {
        case goOn, halt, fault
    }

    /// `ecall`: a7 = 0 halts with a0, 1 reads a word of private input into a0 (zero when there is none left), 2 puts the
    /// number of the current cycle, its low 32 bits, into a0.
    @inline(never)
    func environmentCall(left: Int, at operation: Int, in cache: CodeCache) -> CallOutcome {
        switch registers[17] {
        case 0: return .halt
        case 1:
            registers[10] = input.word(inputPosition)
            inputPosition += 1
            counts.readInputs += 1
        case 2:
            let executed = budgetAtStart - left + Int(cache.origins[operation].instruction)
            registers[10] = UInt32(truncatingIfNeeded: cycle &+ UInt64(executed))
            counts.cycleCounts += 1
        default: return .fault
        }
        return .goOn
    }

    /// A store changed the print page's total, which was `before`: takes what is new out of the ring.
    func printed(since before: UInt32) {
        let total = memory.word(MemoryMap.printBase)
        let fresh = min(Int(total &- before), MemoryMap.printCapacity)
        for number in 0..<fresh {
            let byte = (Int(total) - fresh + number + MemoryMap.printCapacity) % MemoryMap.printCapacity
            printedBytes.append(
                memory.bytes.load(fromByteOffset: Int(MemoryMap.printBase) + 4 + byte, as: UInt8.self))
        }
    }
}

extension FaultCode {
    /// The table that proves it.
    var table: TableKind {
        switch self {
        case .misalignedFetch: .faultPC
        case .notExecutable, .illegalInstruction, .breakpoint: .faultFetch
        case .misalignedLoad, .misalignedStore: .faultAlign
        case .storeToCode: .faultStore
        case .unknownCall: .faultCall
        }
    }
}
