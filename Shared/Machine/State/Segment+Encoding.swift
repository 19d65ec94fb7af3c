import Hashing

// The one encoding of a segment. All numbers are little-endian; nothing is optional, so equal segments have equal bytes
// and each accepted string is the encoding of what it decodes to.
//
//      offset  bytes
//           0      4  "SHSG"
//           4      4  version
//           8      4  index
//          12      1  limitLog
//          13      1  exit status (0 running, 1 halted, 2 faulted)
//          14      2  zero
//          16      4  exit code
//          20      4  cycles
//          24      8  firstCycle
//          32    160  before: pc, registers 1 to 31, memory root
//         192    160  after, likewise
//         352      4  number of input words i
//         356      4  number of pages p
//         360      4  number of opening digests d
//         364     4i  input words
//                 4p  pages: index, kind in bit 31
//              1024p  contents
//                32d  opening
extension Segment {
    static let magic: [UInt8] = Array("SHSG".utf8)
    static let fixedBytes = 364

    /// Number of bytes of `encoded()`.
    public var encodedCount: Int {
        Self.fixedBytes + 4 * inputs.count + (4 + MemoryMap.pageBytes) * pages.count + Digest.byteCount * opening.count
    }

    /// The canonical bytes.
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(encodedCount)
        func put(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        func put(_ digest: Digest) { for word in 0..<8 { put(digest.words[word]) } }
        func put(_ state: MachineState) {
            put(state.programCounter)
            for register in state.registers.dropFirst() { put(register) }
            put(state.memoryRoot)
        }
        bytes += Self.magic
        put(Self.version)
        put(index)
        put(UInt8(limitLog))
        put(UInt8(exit.status))
        put(UInt16(0))
        put(exit.code)
        put(cycles)
        put(firstCycle)
        put(before)
        put(after)
        put(UInt32(inputs.count))
        put(UInt32(pages.count))
        put(UInt32(opening.count))
        for word in inputs { put(word) }
        for page in pages { put(page.index | UInt32(page.kind.rawValue) << 31) }
        for word in contents { put(word) }
        for digest in opening { put(digest) }
        return bytes
    }

    /// Reads what `encoded()` writes and nothing else. Whether the pages belong to the root is for `openedTree()`.
    ///
    /// Never allocates more than the bytes hold. Throws `SegmentError` but `.memoryRoot`.
    public init(decoding bytes: [UInt8]) throws(SegmentError) {
        var reader = SegmentReader(bytes)
        guard bytes.starts(with: Self.magic) else { throw .notASegment }
        reader.position = Self.magic.count
        let version = try reader.word("version")
        guard version == Self.version else { throw .version(expected: Self.version, got: version) }
        index = try reader.word("index")
        limitLog = Int(try reader.byte("limitLog"))
        guard Self.limits.contains(limitLog) else { throw .field("limitLog", value: UInt64(limitLog)) }
        let status = try reader.byte("exit status")
        for _ in 0..<2 {
            let zero = try reader.byte("zero")
            guard zero == 0 else { throw .field("zero", value: UInt64(zero)) }
        }
        let code = try reader.word("exit code")
        guard let exit = Exit(status: UInt32(status), code: code) else {
            throw .field("exit", value: UInt64(status) << 32 | UInt64(code))
        }
        self.exit = exit
        cycles = try reader.word("cycles")
        guard cycles >= 1 && cycles <= 1 << UInt32(limitLog) else { throw .field("cycles", value: UInt64(cycles)) }
        let low = UInt64(try reader.word("firstCycle"))
        firstCycle = UInt64(try reader.word("firstCycle")) << 32 | low
        guard !firstCycle.addingReportingOverflow(UInt64(cycles)).overflow else {
            throw .field("firstCycle", value: firstCycle)
        }
        before = try reader.state("before")
        after = try reader.state("after")
        let inputCount = Int(try reader.word("number of inputs"))
        guard inputCount <= Int(cycles) else { throw .field("number of inputs", value: UInt64(inputCount)) }
        let pageCount = Int(try reader.word("number of pages"))
        guard pageCount <= MemoryMap.pageCount else {
            throw .field("number of pages", value: UInt64(pageCount))
        }
        let openingCount = Int(try reader.word("number of digests"))
        inputs = try reader.words(inputCount, "inputs")
        pages = try reader.pages(pageCount)
        let expected = OpeningWalk.count(pages.map(\.index))
        guard openingCount == expected else { throw .openingLength(expected: expected, got: openingCount) }
        contents = try reader.words(pageCount * MemoryMap.pageWords, "contents")
        opening = try reader.digests(openingCount, "opening")
        guard reader.left == 0 else { throw .trailingBytes(reader.left) }
    }
}

/// Takes fields off the front of bytes; every length is compared with what is left before anything is made of it.
private struct SegmentReader {
    let bytes: [UInt8]
    var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var left: Int { bytes.count - position }

    mutating func take(_ count: Int, _ field: String) throws(SegmentError) -> Int {
        guard left >= count else { throw .truncated(field: field, needed: count, left: left) }
        position += count
        return position - count
    }

    mutating func byte(_ field: String) throws(SegmentError) -> UInt8 { bytes[try take(1, field)] }

    mutating func word(_ field: String) throws(SegmentError) -> UInt32 { wordAt(try take(4, field)) }

    private func wordAt(_ offset: Int) -> UInt32 {
        UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2]) << 16
            | UInt32(bytes[offset + 3]) << 24
    }

    mutating func words(_ count: Int, _ field: String) throws(SegmentError) -> [UInt32] {
        let start = try take(4 * count, field)
        return (0..<count).map { wordAt(start + 4 * $0) }
    }

    mutating func digests(_ count: Int, _ field: String) throws(SegmentError) -> [Digest] {
        let start = try take(Digest.byteCount * count, field)
        return (0..<count).map { number in
            var words = SIMD8<UInt32>.zero
            for word in 0..<8 { words[word] = wordAt(start + Digest.byteCount * number + 4 * word) }
            return Digest(words: words)
        }
    }

    mutating func pages(_ count: Int) throws(SegmentError) -> [Segment.Page] {
        var pages: [Segment.Page] = []
        for word in try words(count, "pages") {
            let index = word & 0x7FFF_FFFF
            guard index < MemoryMap.pageCount, let kind = PageKind(rawValue: UInt8(word >> 31)) else {
                throw .field("page", value: UInt64(word))
            }
            if let last = pages.last, last.index >= index { throw .pageOrder(previous: last.index, next: index) }
            pages.append(Segment.Page(index: index, kind: kind))
        }
        return pages
    }

    mutating func state(_ field: String) throws(SegmentError) -> MachineState {
        let programCounter = try word(field)
        guard programCounter & 1 == 0 else { throw .field(field + " pc", value: UInt64(programCounter)) }
        let registers = [0] + (try words(31, field))
        return MachineState(
            programCounter: programCounter, registers: registers, memoryRoot: try digests(1, field)[0])
    }
}
