import CKernels
import Hashing
import Oracles
import Testing

/// Every lane kernel against BLAKE3 one message at a time, on every instruction set that this machine has.
@Suite("BLAKE3 in lanes")
struct LaneTests {
    /// No whole vector, one, several, and their neighbours, for four, eight and sixteen lanes; beyond a tile of columns.
    private static let counts = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 100]
    private static let seed: UInt64 = 5_001

    @Test(
        "Messages of every length up to a chunk, at strides and at offsets, with counters",
        arguments: LaneKernels.available)
    func messages(kernels: LaneKernels) {
        var random = SeededGenerator(seed: LaneTests.seed)
        let bytes = random.bytes(200_000)
        let key = Digest(words: random.words8())
        for (number, length) in [0, 1, 3, 8, 24, 63, 64, 65, 127, 128, 192, 256, 1000, 1023, 1024].enumerated() {
            let count = LaneTests.counts[number % LaneTests.counts.count]
            let stride = length + number
            let offsets = (0..<count).map { _ in Int(random.next() % UInt64(bytes.count - length)) }
            let counters = (0..<count).map { _ in random.next() }

            var digests = [Digest](repeating: .zero, count: count + 1)
            kernels.many([key], keyedFlags, bytes, nil, stride, count, length, length, nil, &digests)
            for i in 0..<count {
                let message = Array(bytes[i * stride..<i * stride + length])
                #expect(digests[i] == Blake3.keyedHash(message, key: key), "length \(length), message \(i)")
            }
            #expect(digests[count] == .zero, "written beyond the end")

            kernels.many([key], keyedFlags, bytes, offsets, 0, count, length, length, counters, &digests)
            for i in 0..<count {
                let message = Array(bytes[offsets[i]..<offsets[i] + length])
                #expect(digests[i] == naiveChunk(message, key: key, counter: counters[i]), "length \(length), \(i)")
            }

            for stored in Set([0, 8, 56, 64, 72, 128, length - 1]) where (0..<length).contains(stored) {
                kernels.many([key], keyedFlags, bytes, nil, stored, count, length, stored, nil, &digests)
                for i in 0..<count {
                    let message = bytes[i * stored..<(i + 1) * stored] + [UInt8](repeating: 0, count: length - stored)
                    let expected = Blake3.keyedHash(Array(message), key: key)
                    #expect(digests[i] == expected, "length \(length), stored \(stored), message \(i)")
                }
            }
        }
    }

    @Test("Columns of 64-bit entries, gathered from their rows", arguments: LaneKernels.available)
    func columns(kernels: LaneKernels) {
        var random = SeededGenerator(seed: LaneTests.seed)
        let key = Digest(words: random.words8())
        for (entryCount, counts) in [
            (1, LaneTests.counts), (3, [16, 17]), (7, [33]), (8, [5, 16]), (9, [40]), (24, [31]), (32, [64, 1100]),
            (128, [19, 7]),
        ] {
            for count in counts {
                let first = Int(random.next() % 5)
                let rows = (0..<entryCount).map { _ in (0..<first + count).map { _ in random.next() } }
                var digests = [Digest](repeating: .zero, count: count + 1)
                withPointers(rows) { kernels.columns([key], keyedFlags, $0, entryCount, first, count, &digests) }
                for i in 0..<count {
                    let column = rows.flatMap { row in
                        (0..<8).map { UInt8(truncatingIfNeeded: row[first + i] >> UInt64(8 * $0)) }
                    }
                    #expect(digests[i] == Blake3.keyedHash(column, key: key), "\(entryCount) entries, column \(i)")
                }
                #expect(digests[count] == .zero, "written beyond the end")
            }
        }
    }

    @Test("The nonce found is the least", arguments: LaneKernels.available)
    func grinding(kernels: LaneKernels) {
        var random = SeededGenerator(seed: LaneTests.seed)
        for bits in 0...9 {
            let key = Digest(words: random.words8())
            let flags = Blake3.Flags([.keyedHash, .chunkStart, .chunkEnd, .root]).rawValue
            let mask: UInt32 = (1 << UInt32(bits)) - 1
            for start in [0, 1, 13, 0xFFFF_FFF8, 0x1234_5678_9ABC_DEF0] as [UInt64] {
                let expected = (start...).first { nonce in
                    let bytes = (0..<8).map { UInt8(truncatingIfNeeded: nonce >> UInt64(8 * $0)) }
                    let drawn = Blake3.keyedHash(bytes, key: key, length: 36).suffix(4).reversed()
                    return drawn.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & mask == 0
                }
                #expect(kernels.grind([key], flags, start, 1 << 20, mask) == expected)
                let tries = (expected ?? start) - start
                #expect(kernels.grind([key], flags, start, tries, mask) == .max, "none among \(tries)")
                #expect(kernels.grind([key], flags, start, tries + 1, mask) == expected)
            }
        }
    }

    @Test("Batches, pages and nodes, in threads, are what one at a time gives")
    func batches() {
        var random = SeededGenerator(seed: LaneTests.seed)
        for (count, length) in [(0, 0), (1, 0), (3, 24), (1500, 256), (2, 1025), (5, 3000)] {
            let bytes = random.bytes(count * length + 3)[3...]
            let digests = Blake3.hash(bytes, count: count, mode: Domain.leaf)
            #expect(digests.count == count)
            for i in 0..<count {
                let message = Array(bytes.dropFirst(i * length).prefix(length))
                #expect(digests[i] == Blake3.hash(message, mode: Domain.leaf))
            }
        }
        let words = (0..<256 * 300).map { _ in UInt32(truncatingIfNeeded: random.next()) }
        let kinds = (0..<300).map { _ in MemoryHashing.Kind(rawValue: UInt8(random.next() % 3)) ?? .data }
        let pages = MemoryHashing.pageDigests(words, kinds: kinds)
        for i in 0..<300 {
            #expect(pages[i] == MemoryHashing.chunkDigest(Array(words[256 * i..<256 * i + 256]), kind: kinds[i]))
        }
        for i in 0..<150 {
            #expect(Domain.nodeDigests(pages)[i] == Domain.nodeDigest(pages[2 * i], pages[2 * i + 1]))
            #expect(
                MemoryHashing.nodeDigests(children: pages)[i]
                    == MemoryHashing.nodeDigest(pages[2 * i], pages[2 * i + 1]))
        }
    }
}

/// The kernels of one instruction set.
struct LaneKernels: Sendable, CustomTestStringConvertible {
    typealias Many =
        @Sendable (
            UnsafeRawPointer?, sheaf_blake3_flags, UnsafeRawPointer?, UnsafePointer<Int>?, Int, Int, Int,
            Int, UnsafePointer<UInt64>?, UnsafeMutableRawPointer?
        ) -> Void
    typealias Columns =
        @Sendable (
            UnsafeRawPointer?, sheaf_blake3_flags, UnsafePointer<UnsafePointer<UInt64>?>?, Int, Int, Int,
            UnsafeMutableRawPointer?
        ) -> Void
    typealias Grind = @Sendable (UnsafeRawPointer?, UInt32, UInt64, UInt64, UInt32) -> UInt64

    let testDescription: String
    let many: Many
    let columns: Columns
    let grind: Grind

    /// Those that this machine can run, and the ones that are chosen at run time.
    static let available: [LaneKernels] = {
        var kernels = [
            LaneKernels(
                testDescription: "in use", many: sheaf_blake3_many, columns: sheaf_blake3_columns,
                grind: sheaf_blake3_grind),
            LaneKernels(
                testDescription: "portable", many: sheaf_blake3_many_portable, columns: sheaf_blake3_columns_portable,
                grind: sheaf_blake3_grind_portable),
        ]
        #if arch(x86_64)
            if sheaf_isa_detected().rawValue >= SHEAF_ISA_AVX2.rawValue {
                kernels.append(
                    LaneKernels(
                        testDescription: "avx2", many: sheaf_blake3_many_avx2, columns: sheaf_blake3_columns_avx2,
                        grind: sheaf_blake3_grind_avx2))
            }
            if sheaf_isa_detected().rawValue >= SHEAF_ISA_AVX512.rawValue {
                kernels.append(
                    LaneKernels(
                        testDescription: "avx512", many: sheaf_blake3_many_avx512, columns: sheaf_blake3_columns_avx512,
                        grind: sheaf_blake3_grind_avx512))
            }
        #endif
        return kernels
    }()
}

private let keyedFlags = sheaf_blake3_flags(
    every: Blake3.Flags.keyedHash.rawValue, first: Blake3.Flags.chunkStart.rawValue,
    last: Blake3.Flags([.chunkEnd, .root]).rawValue)

/// A chunk by the compression function alone, with `keyedFlags`.
private func naiveChunk(_ message: [UInt8], key: Digest, counter: UInt64) -> Digest {
    var chainingValue = key.words
    let blocks = max((message.count + 63) / 64, 1)
    for j in 0..<blocks {
        let bytes = message.dropFirst(64 * j).prefix(64)
        var block = SIMD16<UInt32>.zero
        for (i, byte) in bytes.enumerated() {
            block[i / 4] |= UInt32(byte) << UInt32(8 * (i % 4))
        }
        var flags: Blake3.Flags = .keyedHash
        if j == 0 { flags.insert(.chunkStart) }
        if j == blocks - 1 { flags.formUnion([.chunkEnd, .root]) }
        chainingValue =
            Blake3.compress(
                chainingValue: chainingValue, block: block, counter: counter, length: UInt32(bytes.count), flags: flags
            ).lowHalf
    }
    return Digest(words: chainingValue)
}

/// Pointers to rows, for the length of a call.
private func withPointers(_ rows: [[UInt64]], _ body: (UnsafePointer<UnsafePointer<UInt64>?>) -> Void) {
    let flat = rows.flatMap { $0 }
    flat.withUnsafeBufferPointer { buffer in
        let pointers = rows.indices.map { row in buffer.baseAddress.map { $0 + row * rows[0].count } }
        pointers.withUnsafeBufferPointer { if let start = $0.baseAddress { body(start) } }
    }
}

extension SeededGenerator {
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    mutating func words8() -> SIMD8<UInt32> {
        var words = SIMD8<UInt32>.zero
        for i in 0..<8 { words[i] = UInt32(truncatingIfNeeded: next()) }
        return words
    }
}
