import Hashing

/// What a segment starts from and ends with: a program counter, 32 registers, and 4 GiB of memory by its root.
public struct MachineState: Sendable, Hashable {
    /// Address of the next instruction; even.
    public var programCounter: UInt32
    /// 32 registers; register 0 is zero.
    public var registers: [UInt32]
    /// Root of the memory tree (level 1, index 0).
    public var memoryRoot: Digest

    /// - Precondition: 32 registers, the first zero, an even program counter.
    public init(programCounter: UInt32, registers: [UInt32], memoryRoot: Digest) {
        precondition(registers.count == 32 && registers[0] == 0, "32 registers, of which the first is zero")
        precondition(programCounter & 1 == 0, "a program counter is even")
        self.programCounter = programCounter
        self.registers = registers
        self.memoryRoot = memoryRoot
    }

    /// The state in which every run of an image starts: all registers zero.
    public init(entry: UInt32, memoryRoot: Digest) {
        self.init(programCounter: entry, registers: [UInt32](repeating: 0, count: 32), memoryRoot: memoryRoot)
    }

    /// Digest of the registers, which stands beside the memory root in the tree of a state (level 1, index 1): a chunk
    /// of two blocks with counter 2.
    public var registerDigest: Digest { MemoryHash.registers(registers) }
}

/// The name of a program: where it starts and the memory that it starts with.
public enum ImageIdentity {
    /// BLAKE3 in the domain `sheaf 1 image` of the entry's four bytes (little-endian) and the memory root's 32.
    public static func digest(entry: UInt32, memoryRoot: Digest) -> Digest {
        var bytes = withUnsafeBytes(of: entry.littleEndian) { [UInt8]($0) }
        bytes += memoryRoot.bytes
        return Blake3.hash(bytes, mode: .deriveKey(context: "sheaf 1 image"))
    }
}
