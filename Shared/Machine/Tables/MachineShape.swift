/// The three sizes on which the machine's tables depend. Receipts are made with `standard`; tests use small ones, in
/// which a short program pages, refreshes its registers and changes epochs.
public struct MachineShape: Hashable, Sendable {
    /// An epoch has 2^epochLog cycles.
    public let epochLog: Int
    /// A page has 2^pageBlocksLog blocks of 64 bytes; at most 4, as the block number j has 5 bits and a page is one
    /// BLAKE3 chunk.
    public let pageBlocksLog: Int
    /// Levels between a page and the memory's root; at most 22, so that an address has at most 32 bits.
    public let treeDepth: Int

    /// Nil for sizes that the tables' field widths cannot hold.
    public init?(epochLog: Int, pageBlocksLog: Int, treeDepth: Int) {
        guard 1...8 ~= epochLog, 1...4 ~= pageBlocksLog, 1...22 ~= treeDepth else { return nil }
        self.init(checked: epochLog, pageBlocksLog, treeDepth)
    }

    private init(checked epochLog: Int, _ pageBlocksLog: Int, _ treeDepth: Int) {
        self.epochLog = epochLog
        self.pageBlocksLog = pageBlocksLog
        self.treeDepth = treeDepth
    }

    /// Epochs of 256 cycles, pages of 1 KiB, 2^22 pages.
    public static let standard = MachineShape(checked: 8, 4, 22)

    /// The bits of an epoch's number.
    public static let epochBits = 17
    /// The bits of a clock: epoch and position.
    public var timeBits: Int { MachineShape.epochBits + epochLog }
    /// The cycles of an epoch, which is also the clock of a segment's first cycle: epochs count from 1.
    public var epochCycles: Int { 1 << epochLog }
    /// The bits of an address within a page.
    public var pageLog: Int { pageBlocksLog + 6 }
    /// The words of a page.
    public var pageWords: Int { 16 << pageBlocksLog }
    /// The blocks of a page.
    public var pageBlocks: Int { 1 << pageBlocksLog }
    /// The level of the pages; the memory's root is at level 1.
    public var pageLevel: Int { treeDepth + 1 }
}
