import Machine

/// Translated superblocks, in one arena of micro-operations, with what metering has to know of them.
///
/// A superblock starts at some address and follows the fall-through of conditional branches and the target of `jal`;
/// it ends at `jalr`, at a fault, behind a backward branch, or after `maximum` instructions. Each way out is an exit with a
/// counter of its own, so that executing an instruction counts nothing, and afterwards the exits tell how often each
/// instruction ran.
///
/// Code pages never change, so neither does a translation. The arena's bounds are kept by `translate`, which makes room
/// for a whole block before it writes one; indices in operations are only ever those that it wrote.
final class CodeCache {
    /// Instructions of a superblock at most.
    static let superblockLength = 64
    static let capacity = 1 << 20
    /// More than a superblock can need: an operation and an exit for each instruction, and both ends.
    static let blockRoom = 2 * superblockLength + 4
    /// Entries of the table that finds the target of `jalr`; a power of two.
    static let indirectEntries = 1 << 16

    /// What a superblock executes and where it is left.
    struct Block {
        /// Range in `blockInstructions`.
        var instructions: Range<Int>
        /// Range in `exits`.
        var exits: Range<Int>
    }

    struct Exit {
        /// The exit's operation in the arena.
        var operation: Int
        /// Instructions of the block that are executed when it leaves here.
        var executed: Int
        /// Whether the last of them is a branch that was taken.
        var taken: Bool
    }

    /// Where an operation comes from.
    struct Origin {
        var block: UInt32
        /// Number within the block of the operation's first instruction.
        var instruction: UInt32
        /// Address of the operation's first instruction; of an exit, where it goes.
        var address: UInt32
    }

    /// Where `jalr` finds the superblock of an address.
    struct Indirect {
        var address: UInt32
        var operation: UInt32
    }

    let memory: GuestMemory
    let maximum: Int
    let arena: UnsafeMutablePointer<MicroOperation>
    let indirect: UnsafeMutablePointer<Indirect>
    private(set) var origins: [Origin] = []
    private(set) var blocks: [Block] = []
    /// Numbers of instructions in the program's `CodeIndex`.
    private(set) var blockInstructions: [UInt32] = []
    private(set) var exits: [Exit] = []
    private var used = 0
    private var byAddress: [UInt32: UInt32] = [:]
    let index: CodeIndex

    /// `maximum`: instructions of a superblock, 1 to 64.
    init(memory: GuestMemory, index: CodeIndex, maximum: Int) {
        self.memory = memory
        self.index = index
        self.maximum = maximum
        arena = .allocate(capacity: Self.capacity)
        indirect = .allocate(capacity: Self.indirectEntries)
        reset()
    }

    deinit {
        arena.deallocate()
        indirect.deallocate()
    }

    /// Forgets everything.
    func reset() {
        // No instruction has an odd address, so nothing is found under this one.
        indirect.initialize(repeating: Indirect(address: 1, operation: 0), count: Self.indirectEntries)
        origins.removeAll(keepingCapacity: true)
        blocks.removeAll(keepingCapacity: true)
        blockInstructions.removeAll(keepingCapacity: true)
        exits.removeAll(keepingCapacity: true)
        byAddress.removeAll(keepingCapacity: true)
        used = 0
        append(MicroOperation(code: .unresolved), Origin(block: 0, instruction: 0, address: 0))
    }

    /// Whether the next superblock may not fit. The counters must be collected before `reset()`.
    var isFull: Bool { used + Self.blockRoom > Self.capacity }

    /// The superblock that starts at `address`, translated if need be.
    ///
    /// - Precondition: not `isFull`.
    func operation(at address: UInt32) -> UInt32 {
        if let known = byAddress[address] { return known }
        let operation = UInt32(used)
        translate(address)
        byAddress[address] = operation
        return operation
    }

    /// Remembers an address for `jalr`.
    func rememberIndirect(_ address: UInt32, _ operation: UInt32) {
        indirect[Int(address >> 2) & (Self.indirectEntries - 1)] = Indirect(address: address, operation: operation)
    }

    private func append(_ operation: MicroOperation, _ origin: Origin) {
        precondition(used < Self.capacity, "the arena has room for a block before one is translated")
        (arena + used).initialize(to: operation)
        origins.append(origin)
        used += 1
    }

    private func translate(_ start: UInt32) {
        precondition(!isFull, "the arena has room for a block before one is translated")
        let block = UInt32(blocks.count)
        let firstInstruction = blockInstructions.count, firstExit = exits.count
        var address = start
        var open: [(branch: Int, target: UInt32, executed: Int)] = []

        // The instruction behind which the last operation ended, if that may take another one in; none at a block's start.
        var fusible: (instruction: Int, address: UInt32)?
        func emit(_ operation: MicroOperation, instruction: Int) {
            if let fusible, fusible == (instruction, address), let pair = arena[used - 1].fused(with: operation) {
                arena[used - 1] = pair
            } else {
                append(operation, Origin(block: block, instruction: UInt32(instruction), address: address))
            }
            fusible = arena[used - 1].code.isPair ? nil : (instruction + 1, address &+ 4)
        }
        func exit(to target: UInt32, executed: Int, taken: Bool) -> Exit {
            defer {
                append(.exit(length: executed), Origin(block: block, instruction: UInt32(executed), address: target))
            }
            return Exit(operation: used, executed: executed, taken: taken)
        }
        var last: Exit?

        body: while true {
            let executed = blockInstructions.count - firstInstruction
            if executed == maximum {
                last = exit(to: address, executed: executed, taken: false)
                break body
            }
            let instruction: Instruction
            switch memory.fetch(address) {
            case .failure(let fault):
                emit(MicroOperation(code: .fault, immediate: fault.code.rawValue), instruction: executed)
                break body
            case .success(let fetched): instruction = fetched
            }
            blockInstructions.append(index.number(of: instruction, at: address))
            let next = address &+ 4
            if instruction.operation.isBranch {
                let target = address &+ instruction.immediate
                emit(MicroOperation(branch: instruction), instruction: executed)
                open.append((used - 1, target, executed + 1))
                if target <= address {
                    last = exit(to: next, executed: executed + 1, taken: false)
                    break
                }
                address = next
            } else if instruction.operation == .jal {
                if instruction.rd != 0 {
                    emit(MicroOperation(constant: next, rd: instruction.rd), instruction: executed)
                }
                address = address &+ instruction.immediate
            } else if instruction.operation == .jalr {
                var operation = MicroOperation(instruction, at: address)
                operation.immediate2 = next
                emit(operation, instruction: executed)
                last = exit(to: 0, executed: executed + 1, taken: false)
                break
            } else {
                if !instruction.hasNoEffect {
                    emit(MicroOperation(instruction, at: address), instruction: executed)
                }
                address = next
            }
        }
        for (branch, target, executed) in open {
            arena[branch].exitDistance = UInt32(used - branch)
            exits.append(exit(to: target, executed: executed, taken: true))
        }
        if let last { exits.append(last) }
        blocks.append(
            Block(instructions: firstInstruction..<blockInstructions.count, exits: firstExit..<exits.count))
    }

    // MARK: Counting

    /// Adds to `counts` how often each instruction ran by what the exits counted, and clears these.
    func collect(into counts: inout ExecutionCounts) {
        counts.makeRoom(for: index.entries.count)
        for block in blocks {
            var running: UInt64 = 0
            for exit in exits[block.exits] { running += UInt64(arena[exit.operation].count) }
            guard running > 0 else { continue }
            var position = block.instructions.lowerBound
            // Exits stand in the order of what is executed before them: one that leaves later has passed the earlier.
            for exit in exits[block.exits] {
                let end = block.instructions.lowerBound + exit.executed
                while position < end {
                    counts.executed[Int(blockInstructions[position])] += running
                    position += 1
                }
                let count = UInt64(arena[exit.operation].count)
                if exit.taken { counts.taken[Int(blockInstructions[end - 1])] += count }
                running -= count
                arena[exit.operation].count = 0
            }
        }
    }

    /// Forgets what the exits counted.
    func clearCounters() {
        for exit in exits { arena[exit.operation].count = 0 }
    }
}
