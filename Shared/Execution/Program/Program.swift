import Hashing
import Machine

/// A program as the machine holds it before the first cycle: where it starts and what its memory contains.
public struct Program: Sendable {
    /// A page with content.
    public struct Page: Sendable, Hashable {
        public var index: UInt32
        public var kind: PageKind
        /// 256 words.
        public var words: [UInt32]

        public init(index: UInt32, kind: PageKind, words: [UInt32]) {
            precondition(words.count == MemoryMap.pageWords && index < MemoryMap.pageCount, "a page has 256 words")
            self.index = index
            self.kind = kind
            self.words = words
        }
    }

    /// Address of the first instruction.
    public let entry: UInt32
    /// Pages by rising index; all others are data pages of zeros.
    public let pages: [Page]
    /// Tree of the initial memory.
    public let tree: MemoryTree

    /// The state in which every run of it starts.
    public var initialState: MachineState { MachineState(entry: entry, memoryRoot: tree.root) }
    /// The program's name: digest of entry and initial memory.
    public var imageID: Digest { ImageIdentity.digest(entry: entry, memoryRoot: tree.root) }

    /// Loads a static RV32IM executable. Throws `ELFError` for anything else.
    public init(elf bytes: [UInt8]) throws(ELFError) {
        let file = try ELFFile(bytes)
        var pages: [UInt32: Page] = [:]
        for segment in file.segments {
            for (offset, position) in segment.content.enumerated() {
                let address = segment.address + UInt32(offset)
                let index = address >> MemoryMap.pageShift
                let word = Int(address >> 2) & (MemoryMap.pageWords - 1)
                if pages[index] == nil {
                    pages[index] = Page(
                        index: index, kind: .data, words: [UInt32](repeating: 0, count: MemoryMap.pageWords))
                }
                if segment.isExecutable { pages[index]?.kind = .code }
                pages[index]?.words[word] |= UInt32(bytes[position]) << (8 * (address & 3))
            }
        }
        self.init(entry: file.entry, pages: pages.values.sorted { $0.index < $1.index })
    }

    /// A program from its pages, by rising index below 2^22, 256 words each.
    public init(entry: UInt32, pages: [Page]) {
        self.entry = entry
        self.pages = pages
        var tree = MemoryTree()
        let digests = MemoryHash.pages(pages.flatMap(\.words), kinds: pages.map(\.kind))
        tree.update(Array(zip(pages.map(\.index), digests)))
        self.tree = tree
    }

    /// Bytes of the program's pages.
    public var byteCount: Int { pages.count * MemoryMap.pageBytes }
}
