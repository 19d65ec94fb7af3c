import Machine

/// A fault with its place, for people: proofs know the code alone.
public struct FaultReport: Sendable, Hashable {
    public var fault: FaultCode
    /// Address of the instruction.
    public var programCounter: UInt32
    /// The instruction's word; none when it could not be fetched.
    public var instruction: UInt32?
    /// The address that a load or store meant.
    public var address: UInt32?
}

extension FaultReport: CustomStringConvertible {
    public var description: String {
        let what =
            switch fault {
            case .misalignedFetch: "the program counter is no multiple of 4"
            case .notExecutable: "the program counter is outside code"
            case .illegalInstruction: "illegal instruction"
            case .breakpoint: "ebreak"
            case .misalignedLoad: "misaligned load"
            case .misalignedStore: "misaligned store"
            case .storeToCode: "store to code"
            case .unknownCall: "unknown environment call"
            }
        func hex(_ value: UInt32) -> String { "0x" + String(value, radix: 16) }
        return what + " at pc " + hex(programCounter) + (instruction.map { ", instruction \(hex($0))" } ?? "")
            + (address.map { ", address \(hex($0))" } ?? "")
    }
}

extension Emulator {
    /// What a fault that has just ended the program was about: nothing of the instruction is done, so that its address
    /// can be worked out once more.
    func report(_ fault: FaultCode) -> FaultReport {
        var report = FaultReport(fault: fault, programCounter: programCounter)
        if fault == .misalignedFetch || fault == .notExecutable { return report }
        let word = memory.word(programCounter)
        report.instruction = word
        if fault == .misalignedLoad || fault == .misalignedStore || fault == .storeToCode,
            let instruction = Instruction(word: word)
        {
            report.address = registers[Int(instruction.rs1)] &+ instruction.immediate
        }
        return report
    }
}
