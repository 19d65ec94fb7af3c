import Machine

/// A fetch that ends the run.
struct FetchFault: Error {
    var code: FaultCode
}

extension GuestMemory {
    /// The instruction at an address, or the fault of fetching it: address, page, word, in this order.
    func fetch(_ address: UInt32) -> Result<Instruction, FetchFault> {
        guard address & 3 == 0 else { return .failure(FetchFault(code: .misalignedFetch)) }
        guard kind(address >> MemoryMap.pageShift) == .code else {
            return .failure(FetchFault(code: .notExecutable))
        }
        guard let instruction = Instruction(word: word(address)) else {
            return .failure(FetchFault(code: .illegalInstruction))
        }
        guard instruction.operation != .ebreak else { return .failure(FetchFault(code: .breakpoint)) }
        return .success(instruction)
    }
}
