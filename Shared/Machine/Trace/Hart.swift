/// Registers and clock while a segment is replayed.
///
/// Unsafe: two arrays of 34 words (32 registers, the sink of writes to x0, the cycle base), indexed by register numbers,
/// which decoding keeps below 34. The owner frees them.
struct Hart {
    static let registerCount = 34
    static let sink = 32
    static let base = 33

    @inline(__always) func value(_ register: UInt8) -> UInt32 { values[Int(register)] }

    let values: UnsafeMutablePointer<UInt32>
    /// Of each register the earliest access that may follow, as in its message: epoch, position, slot.
    let tokens: UnsafeMutablePointer<UInt32>
    var epoch: UInt32 = 1
    var position: UInt32 = 0
    private(set) var refreshes: [RefreshRecord] = []

    init(registers: [UInt32], base: UInt32) {
        values = .allocate(capacity: Hart.registerCount)
        tokens = .allocate(capacity: Hart.registerCount)
        values.initialize(repeating: 0, count: Hart.registerCount)
        tokens.initialize(repeating: 0, count: Hart.registerCount)
        for (i, value) in registers.prefix(32).enumerated() { values[i] = value }
        values[Hart.base] = base
    }

    func free() {
        values.deallocate()
        tokens.deallocate()
    }

    /// The clock of the current cycle.
    var time: UInt32 { epoch << 8 | position }

    /// Reads a register in slot 0 (`code` 1) or 1 (`code` 3); returns position and slot of the token taken.
    @inline(__always) mutating func read(_ register: UInt8, code: UInt32) -> UInt32 {
        let number = Int(register)
        let token = take(number)
        tokens[number] = epoch << 11 | position << 2 | code
        return token
    }

    /// Writes a register in slot 2; returns position and slot of the token taken.
    @inline(__always) mutating func write(_ register: UInt8, _ value: UInt32) -> UInt32 {
        let number = Int(register)
        let token = take(number)
        tokens[number] = epoch << 11 | (position &+ 1) << 2
        values[number] = value
        return token
    }

    @inline(__always) private mutating func take(_ number: Int) -> UInt32 {
        let token = tokens[number]
        if token >> 11 == epoch { return token & 1023 }
        refresh(number, token)
        return 0
    }

    @inline(never) private mutating func refresh(_ number: Int, _ token: UInt32) {
        refreshes.append(
            RefreshRecord(epoch: epoch, token: token, number: UInt32(number), value: values[number]))
    }
}
