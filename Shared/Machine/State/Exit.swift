/// Why a run ended in a fault. The numbers are the exit codes of machine.md, section 3 (those of the RISC-V privileged
/// specification's exception causes, where it has one).
public enum FaultCode: UInt32, Sendable, Hashable, CaseIterable {
    /// The program counter is no multiple of four. It is the fetch that faults: the jump itself has completed.
    case misalignedFetch = 0
    /// The page at the program counter is no code.
    case notExecutable = 1
    /// The word at the program counter is no RV32IM instruction.
    case illegalInstruction = 2
    /// `ebreak`.
    case breakpoint = 3
    /// A load whose address is no multiple of its size.
    case misalignedLoad = 4
    /// A store whose address is no multiple of its size.
    case misalignedStore = 6
    /// An aligned store into a code page.
    case storeToCode = 7
    /// An environment call whose number (a7) means nothing.
    case unknownCall = 11
}

/// How a segment, or a run, ends. Every ending is a state that can be proved.
public enum Exit: Sendable, Hashable {
    /// The segment ends before the program does: another one follows.
    case running
    /// The program halted with this code (a0 of the environment call).
    case halted(code: UInt32)
    /// The program faulted; the program counter stays at the instruction that did.
    case faulted(FaultCode)

    /// The status of a STATE message: 0 runs, 1 halted, 2 faulted.
    public var status: UInt32 {
        switch self {
        case .running: 0
        case .halted: 1
        case .faulted: 2
        }
    }

    /// The code of a STATE message; 0 while the program runs.
    public var code: UInt32 {
        switch self {
        case .running: 0
        case .halted(let code): code
        case .faulted(let fault): fault.rawValue
        }
    }

    /// The ending with this status and code, or nil when there is none.
    public init?(status: UInt32, code: UInt32) {
        switch status {
        case 0 where code == 0: self = .running
        case 1: self = .halted(code: code)
        case 2:
            guard let fault = FaultCode(rawValue: code) else { return nil }
            self = .faulted(fault)
        default: return nil
        }
    }
}
