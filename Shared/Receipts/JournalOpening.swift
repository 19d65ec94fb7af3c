import Hashing
import Machine

/// What a program published, opened in the memory after its last cycle: the pages of the journal window that hold it, and
/// the digests that lead from them to the memory's root.
///
/// The window's first word is the journal's length in bytes (what exceeds the window counts as the window's capacity);
/// the bytes follow. An untouched window is a journal of no bytes.
public struct JournalOpening: Hashable, Sendable {
    /// The first pages of the window, as many as length word and bytes need, at least one: 256 words each.
    public let words: [UInt32]
    /// In the order of `MemoryTree.opening(of:)`.
    public let digests: [Digest]

    public init(words: [UInt32], digests: [Digest]) {
        self.words = words
        self.digests = digests
    }

    static let firstPage = MemoryMap.journalBase >> MemoryMap.pageShift

    /// The bytes of a journal whose window begins with this word.
    public static func length(firstWord: UInt32) -> Int { min(Int(firstWord), MemoryMap.journalCapacity) }

    /// How many pages of the window hold a journal of so many bytes.
    public static func pageCount(length: Int) -> Int { (4 + length + MemoryMap.pageBytes - 1) / MemoryMap.pageBytes }

    public var length: Int { Self.length(firstWord: words.first ?? 0) }

    /// What the program published.
    public var bytes: [UInt8] {
        words.dropFirst().prefix((length + 3) / 4)
            .flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * UInt32($0))) } }
            .prefix(length).map { $0 }
    }

    /// The pages of the window that are opened.
    public var pages: [UInt32] { (0..<UInt32(words.count / MemoryMap.pageWords)).map { Self.firstPage + $0 } }

    /// The root of a memory in which the window begins so. Throws `ReceiptError.field` when pages and digests do not fit
    /// each other.
    public func root() throws(ReceiptError) -> Digest {
        guard !words.isEmpty, words.count == MemoryMap.pageWords * Self.pageCount(length: length) else {
            throw .field("journal pages")
        }
        let kinds = pages.map { _ in PageKind.data }
        do {
            let tree = try PartialMemoryTree(
                pages: pages, digests: MemoryHash.pages(words, kinds: kinds), opening: digests)
            guard let root = tree.root else { throw ReceiptError.field("journal pages") }
            return root
        } catch {
            throw .field("journal digests")
        }
    }
}

// The encoding: number of pages, number of digests, then both; all little-endian.
extension JournalOpening {
    public func encoded() -> [UInt8] {
        var encoding: [UInt8] = []
        encoding.put(UInt32(words.count / MemoryMap.pageWords))
        encoding.put(UInt32(digests.count))
        for word in words { encoding.put(word) }
        for digest in digests { encoding += digest.bytes }
        return encoding
    }

    init(_ reader: inout ByteReader) throws(ReceiptError) {
        let pages = Int(try reader.word("number of journal pages"))
        let count = Int(try reader.word("number of journal digests"))
        guard (1...MemoryMap.journalPages).contains(pages) else { throw .field("number of journal pages") }
        guard count <= 2 * MemoryMap.pageLevel else { throw .field("number of journal digests") }
        words = try reader.words(pages * MemoryMap.pageWords, "journal pages")
        var digests: [Digest] = []
        for _ in 0..<count { digests.append(try reader.digest("journal digest")) }
        self.digests = digests
        guard pages == Self.pageCount(length: length) else { throw .field("number of journal pages") }
    }

    public init(decoding bytes: [UInt8]) throws(ReceiptError) {
        var reader = ByteReader(bytes[...])
        try self.init(&reader)
        try reader.finish()
    }
}
