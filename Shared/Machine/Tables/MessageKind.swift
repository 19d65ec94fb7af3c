/// The kinds of messages between rows: the tag at bits 26 to 31 of a message's last word. Bits that a kind does not
/// name are zero (machine.md, section 2).
///
/// Nothing cancels and nothing loops: each kind that one row both pulls and pushes carries a key that strictly grows
/// and cannot wrap.
public enum MessageKind: UInt32, CaseIterable, Sendable {
    /// m0 pc; m1 exit code; m2 epoch, position, status at bits 26 and 27. The key is (epoch, position).
    case state = 1
    /// m0 number (0–31, 32 the sink of writes to x0, 33 the cycle base); m1 value; m2 epoch, position, slot. The key is
    /// all of m2.
    case register = 2
    /// m0 word address, writable at bit 0; m1 value; m2 time, the key.
    case memory = 3
    /// m0 the low word of the cycle count at the start, less one epoch.
    case base = 4
    /// m0 pc, z (rd is x0) at bit 0; m1 pc + 4; m2 the instruction but for its lowest two bits, which are ones.
    case fetch = 8
    /// m0 pc, taken at bit 0; m1 next pc; m2 rs1, rs2, funct3.
    case branch = 9
    /// m0 pc, m1 next pc, m2 value, the six bits of rd in the holes that alignment leaves.
    case constant = 10
    /// A fetch with the count of those still to come in m3, bits 1 to 25: the key, which falls.
    case fetchToken = 12
    case branchToken = 13
    case constantToken = 14
    /// A node's digest before the segment, in four parts: m0, m1 two words; m2 level and index; m3 part, clean at bit
    /// 10. The key is the level, then clean.
    case pre = 16
    /// A node's digest after the segment, likewise; nodes that are clean have none.
    case post = 17
    /// A chaining value in four parts: m2 place; m3 part, j, stage, kind. The key is j.
    case chain = 18
    /// A block of 16 words in eight parts: m2 place; m3 part, j, stage, kind, flags.
    case block = 19
    /// m0 page, m1 block number: a block of zeros that a new page owes.
    case zero = 20

    /// The kind of the token that promises fetches of this kind: it still holds their count.
    var token: UInt32 { rawValue + 4 }

    public static func name(ofTag tag: UInt32) -> String {
        MessageKind(rawValue: tag).map { "\($0)" } ?? "tag \(tag)"
    }
}

/// Whether and why a run ended: bits 26 and 27 of a state's m2.
public enum RunStatus {
    public static let running: UInt32 = 0
    public static let halted: UInt32 = 1
    public static let faulted: UInt32 = 2
}
