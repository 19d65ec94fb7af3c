/// The guest's 4 GiB of sparse memory, cut into pages that are opened and closed whole.
///
///     0x0001_0000  code, then data, bss and heap (the kits' choice; a program may load anywhere)
///     0xB000_0000  top of the stack, which grows down (the kits' choice)
///     0xC000_0000  journal: a length in bytes, then the bytes; 1 MiB, a subtree of the memory tree
///     0xD000_0000  print ring: one page, ignored by proofs
public enum MemoryMap {
    /// Bytes of a page.
    public static let pageBytes = 1024
    /// 32-bit words of a page.
    public static let pageWords = 256
    /// Blocks of 64 bytes, one BLAKE3 compression each, of a page.
    public static let pageBlocks = 16
    /// An address shifted right by this is its page's index.
    public static let pageShift: UInt32 = 10
    /// Pages of the machine.
    public static let pageCount = 1 << 22
    /// Level of the memory root in the tree of a state; the registers' digest stands beside it.
    public static let rootLevel = 1
    /// Level of the pages: 22 below the root.
    public static let pageLevel = 23

    /// First address of the journal window.
    public static let journalBase: UInt32 = 0xC000_0000
    /// Index of the journal's first page.
    public static let journalPage = journalBase >> pageShift
    /// Pages of the journal window.
    public static let journalPages = 1024
    /// Bytes that a journal holds at most: the window without its length word. A greater length counts as this.
    public static let journalCapacity = (1 << 20) - 4

    /// Address of the print page: word 0 counts all bytes printed so far (modulo 2^32), the rest is a ring.
    public static let printBase: UInt32 = 0xD000_0000
    /// Index of the print page.
    public static let printPage = printBase >> pageShift
    /// Bytes of the print ring; byte n of the output lies at `printBase + 4 + n % 1020`.
    public static let printCapacity = 1020
}

/// What may be done with a page: a data page is read and written, a code page is read and executed.
public enum PageKind: UInt8, Sendable, Hashable {
    case data = 0
    case code = 1
}
