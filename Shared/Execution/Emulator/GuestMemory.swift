import Machine

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The guest's 4 GiB, with what a segment has to know about them: which pages it touched, which it stored to, and what
/// stood there before.
///
/// The address space is reserved whole and backed by the system only where it is used, so that an access is one
/// addition to the base. Any 32-bit address is inside, and an aligned access ends inside: that is what makes the raw
/// pointers here safe.
final class GuestMemory {
    static let size = 1 << 32

    /// Byte `a` of guest memory is byte `a` of this.
    let bytes: UnsafeMutableRawPointer
    /// By page: 1 when loads need no more care, since the segment has touched the page; else 0.
    let loadable: UnsafeMutablePointer<UInt8>
    /// By page: 1 when stores need no more care, since the segment has saved what stood there; else 0. Never 1 for code
    /// pages and for the print page.
    let storable: UnsafeMutablePointer<UInt8>
    /// By page: `PageKind`.
    private let kinds: UnsafeMutablePointer<UInt8>

    /// Pages loaded from or stored to since `beginSegment()`, in order of the first access.
    private(set) var touched: [UInt32] = []
    /// Pages stored to since then, in order of the first store.
    private(set) var written: [UInt32] = []
    /// 256 words for each page of `written`: its content at `beginSegment()`.
    private(set) var saved: [UInt32] = []
    private var printPageWritten = false

    /// Throws `ExecutionError.noAddressSpace` when the system does not let 4 GiB be reserved.
    init() throws(ExecutionError) {
        bytes = try Self.reserve(Self.size)
        loadable = try Self.reserve(MemoryMap.pageCount).assumingMemoryBound(to: UInt8.self)
        storable = try Self.reserve(MemoryMap.pageCount).assumingMemoryBound(to: UInt8.self)
        kinds = try Self.reserve(MemoryMap.pageCount).assumingMemoryBound(to: UInt8.self)
    }

    deinit {
        munmap(bytes, Self.size)
        munmap(loadable, MemoryMap.pageCount)
        munmap(storable, MemoryMap.pageCount)
        munmap(kinds, MemoryMap.pageCount)
    }

    /// Zeros that take no memory until they are written.
    private static func reserve(_ count: Int) throws(ExecutionError) -> UnsafeMutableRawPointer {
        let pointer = mmap(
            nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        guard let pointer, pointer != MAP_FAILED else { throw .noAddressSpace(bytes: count) }
        return pointer
    }

    // MARK: Pages

    func kind(_ page: UInt32) -> PageKind { kinds[Int(page)] == 0 ? .data : .code }

    /// Gives a page its first content; `words` are 256.
    func load(page: UInt32, kind: PageKind, words: some Collection<UInt32>) {
        precondition(words.count == MemoryMap.pageWords && page < MemoryMap.pageCount)
        kinds[Int(page)] = kind.rawValue
        let target = pointer(page)
        for (offset, word) in words.enumerated() { target[offset] = word.littleEndian }
    }

    /// The 256 words of a page, as they lie in memory (little-endian).
    func pointer(_ page: UInt32) -> UnsafeMutablePointer<UInt32> {
        (bytes + Int(page) * MemoryMap.pageBytes).assumingMemoryBound(to: UInt32.self)
    }

    func word(_ address: UInt32) -> UInt32 {
        UInt32(littleEndian: bytes.load(fromByteOffset: Int(address & ~3), as: UInt32.self))
    }

    /// Appends the 256 words of a page as it is now.
    func append(page: UInt32, to words: inout [UInt32]) {
        words.append(contentsOf: UnsafeBufferPointer(start: pointer(page), count: MemoryMap.pageWords))
        #if _endian(big)
            for i in words.count - MemoryMap.pageWords..<words.count { words[i] = words[i].byteSwapped }
        #endif
    }

    // MARK: Segments

    /// Forgets what was touched: from here on each page's first load and first store are seen again.
    func beginSegment() {
        for page in touched { loadable[Int(page)] = 0 }
        for page in written { storable[Int(page)] = 0 }
        touched.removeAll(keepingCapacity: true)
        written.removeAll(keepingCapacity: true)
        saved.removeAll(keepingCapacity: true)
        printPageWritten = false
    }

    /// Puts back what stood in memory at `beginSegment()`, and begins again.
    func rewindSegment() {
        for (position, page) in written.enumerated() {
            let target = pointer(page)
            for word in 0..<MemoryMap.pageWords {
                target[word] = saved[position * MemoryMap.pageWords + word].littleEndian
            }
        }
        beginSegment()
    }

    /// Whether a page of `written`, by its position there, differs from what was saved.
    func isChanged(_ position: Int) -> Bool {
        let now = pointer(written[position]), start = position * MemoryMap.pageWords
        return saved.withUnsafeBufferPointer { saved in
            #if _endian(little)
                // Both are 256 words: a page, and its place in `saved`.
                saved.baseAddress.map { memcmp(now, $0 + start, MemoryMap.pageBytes) != 0 } ?? false
            #else
                (0..<MemoryMap.pageWords).contains { now[$0].littleEndian != saved[start + $0] }
            #endif
        }
    }

    /// Whether a page of `written`, by its position there, was a data page of zeros.
    func wasEmpty(_ position: Int) -> Bool {
        let start = position * MemoryMap.pageWords
        return saved[start..<start + MemoryMap.pageWords].allSatisfy { $0 == 0 }
    }

    /// The first load from a page.
    func touch(_ page: UInt32) {
        guard loadable[Int(page)] == 0 else { return }
        loadable[Int(page)] = 1
        touched.append(page)
    }

    /// The first store to a data page: saves what stands there.
    func save(_ page: UInt32) {
        touch(page)
        if page == MemoryMap.printPage {
            guard !printPageWritten else { return }
            printPageWritten = true
        } else {
            storable[Int(page)] = 1
        }
        written.append(page)
        append(page: page, to: &saved)
    }
}
