import Machine

/// A run without segments: only the program's outcome, at full speed.
public final class PlainRun {
    private let emulator: Emulator
    /// How the program ended; `.running` until then.
    public private(set) var exit = Exit.running

    /// Throws `ExecutionError.noAddressSpace`.
    public init(program: Program, input: InputStream) throws(ExecutionError) {
        emulator = Emulator(
            state: program.initialState, cycle: 0, input: input, memory: try GuestMemory(program: program))
    }

    /// Cycles so far.
    public var cycles: UInt64 { emulator.cycle }

    /// Address of the next instruction, or of the one that ended the program.
    public var programCounter: UInt32 { emulator.programCounter }

    /// Registers 0 to 31.
    public var registers: [UInt32] { emulator.registerValues }

    /// The fault that ended the program, if one did.
    public var fault: FaultReport? {
        guard case .faulted(let fault) = exit else { return nil }
        return emulator.report(fault)
    }

    /// The journal as memory holds it now.
    public var journal: [UInt8] { emulator.memory.journal }

    /// The word of memory at an address, whose low two bits are ignored.
    public func word(at address: UInt32) -> UInt32 { emulator.memory.word(address) }

    /// Runs at most so many cycles more; returns what the program printed meanwhile.
    public func run(cycles limit: Int = 1 << 24) -> [UInt8] {
        guard exit == .running else { return [] }
        emulator.clearCounts()
        exit = emulator.run(cycles: limit)
        defer { emulator.printedBytes.removeAll(keepingCapacity: true) }
        return emulator.printedBytes
    }
}
