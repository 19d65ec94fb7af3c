import Machine

extension GuestMemory {
    /// The memory in which a program starts. Throws `ExecutionError.noAddressSpace`.
    convenience init(program: Program) throws(ExecutionError) {
        try self.init()
        for page in program.pages { load(page: page.index, kind: page.kind, words: page.words) }
    }

    /// The public output: the window's first word counts its bytes; a greater number than the window holds counts as all of
    /// them.
    var journal: [UInt8] {
        let length = min(Int(word(MemoryMap.journalBase)), MemoryMap.journalCapacity)
        let start = Int(MemoryMap.journalBase) + 4
        return (0..<length).map { bytes.load(fromByteOffset: start + $0, as: UInt8.self) }
    }
}
