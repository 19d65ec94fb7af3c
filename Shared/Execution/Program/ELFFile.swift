import Machine

/// A static, little-endian RV32IM executable: its entry and its loadable segments, checked.
///
/// Source: "System V ABI", chapters "ELF Header" and "Program Header"; "RISC-V ELF psABI", file header.
struct ELFFile {
    struct Segment {
        /// Number of its program header.
        var number: Int
        var address: UInt32
        var memorySize: UInt32
        var isWritable: Bool
        var isExecutable: Bool
        /// Its content in the file, at most `memorySize` bytes; zeros follow.
        var content: Range<Int>

        var end: UInt64 { UInt64(address) + UInt64(memorySize) }
    }

    /// What compilers and linkers tell apart, and the machine does not.
    struct Section {
        var type: UInt32
        var isExecutable: Bool
        var address: UInt32
        var content: ArraySlice<UInt8>
    }

    var entry: UInt32
    /// By rising address, without those of no size.
    var segments: [Segment]

    private static let headerSize = 52
    private static let programHeaderSize = 32
    private static let sectionHeaderSize = 40

    /// Throws whatever is wrong first, in the order in which the file is read.
    init(_ bytes: [UInt8]) throws(ELFError) {
        let reader = ELFReader(bytes: bytes)
        guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { throw .notELF }
        try reader.require("the ELF header", 0, Self.headerSize)
        guard bytes[4] == 1 else { throw .not32Bit(class: bytes[4]) }
        guard bytes[5] == 1 else { throw .notLittleEndian(encoding: bytes[5]) }
        guard bytes[6] == 1 else { throw .version(UInt32(bytes[6])) }
        let machine = reader.half(18), type = reader.half(16)
        guard machine == 243 else { throw .notRISCV(machine: machine) }
        guard type == 2 else { throw .notExecutable(type: type) }
        guard reader.word(20) == 1 else { throw .version(reader.word(20)) }
        try Self.check(flags: reader.word(36))
        entry = reader.word(24)
        segments = try Self.segments(reader)
        try Self.check(segments)
        guard entry & 3 == 0 else { throw .misalignedEntry(entry) }
        let address = UInt64(entry)
        guard segments.contains(where: { $0.isExecutable && UInt64($0.address) <= address && address < $0.end }) else {
            throw .entryOutsideCode(entry)
        }
        try checkExtensions(Self.sections(reader))
    }

    /// The sections of the file. Nothing is loaded by them, so they may be missing, and those that lie outside the file count
    /// as missing.
    private static func sections(_ reader: ELFReader) -> [Section] {
        let table = Int(reader.word(32)), count = Int(reader.half(48))
        guard reader.half(46) == sectionHeaderSize, reader.has(table, count * sectionHeaderSize) else { return [] }
        return (0..<count).compactMap { number in
            let header = table + number * sectionHeaderSize
            let place = Int(reader.word(header + 16)), size = Int(reader.word(header + 20))
            guard reader.has(place, size) else { return nil }
            return Section(
                type: reader.word(header + 4), isExecutable: reader.word(header + 8) & 4 != 0,
                address: reader.word(header + 12), content: reader.bytes[place..<place + size])
        }
    }

    private static func check(flags: UInt32) throws(ELFError) {
        if flags & 1 != 0 { throw .compressed }
        if flags & 6 != 0 { throw .floatABI(flags >> 1 & 3) }
        if flags & 8 != 0 { throw .embeddedBase }
        // Bit 4 asks for total store order, which one core has.
        if flags & ~0x10 != 0 { throw .unknownFlags(flags) }
    }

    private static func segments(_ reader: ELFReader) throws(ELFError) -> [Segment] {
        let offset = Int(reader.word(28)), size = Int(reader.half(42)), count = Int(reader.half(44))
        guard count > 0 else { throw .noSegments }
        guard size == programHeaderSize else { throw .headerSize(expected: programHeaderSize, got: size) }
        try reader.require("the program header table", offset, count * programHeaderSize)
        var segments: [Segment] = []
        for number in 0..<count {
            let header = offset + number * programHeaderSize
            let type = reader.word(header)
            if type == 2 || type == 3 { throw .dynamic }
            guard type == 1 else { continue }
            let start = Int(reader.word(header + 4)), address = reader.word(header + 8)
            let fileSize = reader.word(header + 16), memorySize = reader.word(header + 20)
            let flags = reader.word(header + 24)
            guard fileSize <= memorySize else {
                throw .fileLargerThanMemory(segment: number, file: fileSize, memory: memorySize)
            }
            try reader.require("segment \(number)", start, Int(fileSize))
            guard memorySize > 0 else { continue }
            segments.append(
                Segment(
                    number: number, address: address, memorySize: memorySize, isWritable: flags & 2 != 0,
                    isExecutable: flags & 1 != 0, content: start..<start + Int(fileSize)))
        }
        guard !segments.isEmpty else { throw .noSegments }
        let claimed = segments.reduce(0) { $0 + UInt64($1.content.count) }
        guard claimed <= UInt64(reader.bytes.count) else {
            throw .sharedBytes(claimed: claimed, size: reader.bytes.count)
        }
        return segments.sorted { ($0.address, $0.number) < ($1.address, $1.number) }
    }

    /// Each segment by itself, then each beside the next.
    private static func check(_ segments: [Segment]) throws(ELFError) {
        for segment in segments {
            guard segment.end <= 1 << 32 else {
                throw .wraps(segment: segment.number, address: segment.address, size: segment.memorySize)
            }
            guard segment.end <= UInt64(MemoryMap.journalBase) else {
                throw .tooMuchMemory(segment: segment.number, end: segment.end, limit: MemoryMap.journalBase)
            }
            guard segment.isExecutable else { continue }
            guard !segment.isWritable else { throw .writableCode(segment: segment.number) }
            guard segment.content.count == Int(segment.memorySize) else { throw .emptyCode(segment: segment.number) }
        }
        for (lower, upper) in zip(segments, segments.dropFirst()) where lower.end > UInt64(upper.address) {
            throw .overlap(first: lower.number, second: upper.number, address: upper.address)
        }
        try checkSharedPages(segments)
    }

    /// Segments without overlap by rising address: those that share a page are neighbours, but for small ones between.
    private static func checkSharedPages(_ segments: [Segment]) throws(ELFError) {
        var page: UInt64 = .max
        var code: Int?, data: Int?
        for segment in segments {
            let first = UInt64(segment.address) >> UInt64(MemoryMap.pageShift)
            let last = (segment.end - 1) >> UInt64(MemoryMap.pageShift)
            if first != page { (code, data) = (nil, nil) }
            if segment.isExecutable { code = segment.number }
            if segment.isWritable { data = segment.number }
            if let code, let data {
                throw .sharedPage(code: code, data: data, page: UInt32(first) << MemoryMap.pageShift)
            }
            if last != first {
                code = segment.isExecutable ? segment.number : nil
                data = segment.isWritable ? segment.number : nil
            }
            page = last
        }
    }
}

/// Fields of a file at byte offsets that were required before.
private struct ELFReader {
    let bytes: [UInt8]

    func has(_ offset: Int, _ count: Int) -> Bool { offset + count <= bytes.count }

    func require(_ what: String, _ offset: Int, _ count: Int) throws(ELFError) {
        guard has(offset, count) else {
            throw .truncated(what: what, end: UInt64(offset + count), size: bytes.count)
        }
    }

    func half(_ offset: Int) -> UInt16 { UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8 }
    func word(_ offset: Int) -> UInt32 { UInt32(half(offset)) | UInt32(half(offset + 2)) << 16 }
}
