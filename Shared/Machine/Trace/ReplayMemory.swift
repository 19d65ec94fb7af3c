/// The segment's pages while it is replayed: words, the time of each word's last access, and the instruction decoded at
/// each word. Pages are found by two array look-ups, not by hashing.
///
/// Unsafe: three flat arrays of 256 entries a page, read and written at `slot * 256 + word` only, with slots that
/// `slot(of:)` returned and words below 256.
final class ReplayMemory {
    let pages: [Segment.Page]
    let words: UnsafeMutablePointer<UInt32>
    /// 0 where a word was not accessed.
    let times: UnsafeMutablePointer<UInt32>
    /// 1 + the number of the instruction decoded there; 0 where none was.
    let decoded: UnsafeMutablePointer<UInt32>
    let isCode: [Bool]
    private let count: Int
    /// By the page's upper 11 bits: where in `slots` its 2048 neighbours are; 0 for none.
    private var directory = [UInt32](repeating: 0, count: 2048)
    private var slots = [Int32](repeating: -1, count: 2048)

    init(_ segment: Segment) {
        pages = segment.pages
        count = pages.count * MemoryMap.pageWords
        words = .allocate(capacity: max(count, 1))
        times = .allocate(capacity: max(count, 1))
        decoded = .allocate(capacity: max(count, 1))
        words.initialize(repeating: 0, count: count)
        for (i, word) in segment.contents.prefix(count).enumerated() { words[i] = word }
        times.initialize(repeating: 0, count: count)
        decoded.initialize(repeating: 0, count: count)
        isCode = pages.map { $0.kind == .code }
        for (slot, page) in pages.enumerated() {
            let high = Int(page.index >> 11) & 2047
            if directory[high] == 0 {
                directory[high] = UInt32(slots.count)
                slots.append(contentsOf: repeatElement(-1, count: 2048))
            }
            slots[Int(directory[high]) + Int(page.index & 2047)] = Int32(slot)
        }
    }

    deinit {
        words.deallocate()
        times.deallocate()
        decoded.deallocate()
    }

    /// The place of the word at `address` in the arrays; negative when its page is missing.
    @inline(__always) func place(of address: UInt32) -> Int {
        let page = address >> MemoryMap.pageShift
        let slot = Int(slots[Int(directory[Int(page >> 11)]) &+ Int(page & 2047)])
        return slot &* MemoryMap.pageWords &+ Int(address >> 2 & 255)
    }

    @inline(__always) func isCode(at place: Int) -> Bool { isCode[place / MemoryMap.pageWords] }
}
