import Foundation
import Hashing
import Machine
import Oracles
import Testing

@Suite struct SegmentEncodingTests {
    /// A segment of the given shape, everything else from a seed.
    static func sample(_ random: inout SeededGenerator, pageCount: Int, inputCount: Int) -> Segment {
        var pages: Set<UInt32> = []
        while pages.count < pageCount { pages.insert(UInt32.random(in: 0..<1 << 22, using: &random)) }
        let indices = pages.sorted()
        let kinds = indices.map { _ in Bool.random(using: &random) ? PageKind.code : .data }
        let contents = (0..<256 * pageCount).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) }
        var tree = MemoryTree()
        tree.update(Array(zip(indices, MemoryHash.pages(contents, kinds: kinds))))
        let registers = [0] + (1..<32).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) }
        let exits = [Exit.running, .halted(code: 77)] + FaultCode.allCases.map { .faulted($0) }
        return Segment(
            index: 3, limitLog: 13, firstCycle: 5 << 40, cycles: 8000,
            before: MachineState(programCounter: 0x1_0000, registers: registers, memoryRoot: tree.root),
            after: MachineState(
                programCounter: 0x1_0002, registers: registers.map { $0 / 3 }, memoryRoot: MemoryTree.empty[1]),
            pages: zip(indices, kinds).map { Segment.Page(index: $0, kind: $1) }, contents: contents,
            opening: tree.opening(of: indices),
            inputs: (0..<inputCount).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) },
            exit: exits.randomElement(using: &random)!)
    }

    @Test(arguments: [(0, 0), (1, 0), (2, 5), (9, 1)]) func roundTrip(pageCount: Int, inputCount: Int) throws {
        var random = SeededGenerator(seed: 1)
        let segment = Self.sample(&random, pageCount: pageCount, inputCount: inputCount)
        let bytes = segment.encoded()
        #expect(bytes.count == segment.encodedCount)
        let decoded = try Segment(decoding: bytes)
        #expect(decoded == segment)
        #expect(decoded.encoded() == bytes)
        #expect(try decoded.openedTree().root == (pageCount == 0 ? nil : segment.before.memoryRoot))
    }

    @Test func fieldsStandWhereTheCommentSays() throws {
        var random = SeededGenerator(seed: 2)
        let segment = Self.sample(&random, pageCount: 2, inputCount: 3)
        let bytes = segment.encoded()
        func word(_ offset: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
        }
        #expect(Array(bytes[0..<4]) == Array("SHSG".utf8))
        #expect(word(4) == 1 && word(8) == 3 && bytes[12] == 13 && UInt32(bytes[13]) == segment.exit.status)
        #expect(word(16) == segment.exit.code && word(20) == 8000 && word(24) == 0 && word(28) == 5 << 8)
        #expect(word(32) == segment.before.programCounter && word(36) == segment.before.registers[1])
        #expect(Array(bytes[160..<192]) == segment.before.memoryRoot.bytes)
        #expect(word(192) == segment.after.programCounter)
        #expect(Array(bytes[320..<352]) == segment.after.memoryRoot.bytes)
        #expect(word(352) == 3 && word(356) == 2 && word(360) == UInt32(segment.opening.count))
        #expect(word(364) == segment.inputs[0])
        #expect(word(376) == segment.pages[0].index | UInt32(segment.pages[0].kind.rawValue) << 31)
        #expect(word(384) == segment.contents[0])
        #expect(Array(bytes.suffix(32)) == segment.opening[segment.opening.count - 1].bytes)
    }

    @Test func everyPrefixIsRefused() {
        var random = SeededGenerator(seed: 3)
        let bytes = Self.sample(&random, pageCount: 2, inputCount: 2).encoded()
        for count in 0..<bytes.count {
            #expect(throws: SegmentError.self) { try Segment(decoding: Array(bytes.prefix(count))) }
        }
        #expect(throws: SegmentError.trailingBytes(1)) { try Segment(decoding: bytes + [0]) }
    }

    @Test func wrongFieldsAreNamed() {
        var random = SeededGenerator(seed: 4)
        let segment = Self.sample(&random, pageCount: 2, inputCount: 1)
        let valid = segment.encoded()
        func refused(_ error: SegmentError, at offset: Int, _ new: [UInt8]) {
            var bytes = valid
            bytes.replaceSubrange(offset..<offset + new.count, with: new)
            #expect(throws: error) { try Segment(decoding: bytes) }
        }
        refused(.notASegment, at: 0, [0])
        refused(.version(expected: 1, got: 2), at: 4, [2])
        refused(.field("limitLog", value: 12), at: 12, [12])
        refused(.field("limitLog", value: 25), at: 12, [25])
        refused(.field("zero", value: 1), at: 15, [1])
        refused(.field("exit", value: 3 << 32), at: 13, [3, 0, 0, 0, 0, 0, 0])
        refused(.field("exit", value: 1), at: 13, [0, 0, 0, 1, 0, 0, 0])
        refused(.field("exit", value: 2 << 32 | 5), at: 13, [2, 0, 0, 5, 0, 0, 0])
        refused(.field("cycles", value: 0), at: 20, [0, 0, 0, 0])
        refused(.field("cycles", value: 8193), at: 20, [1, 32, 0, 0])
        refused(.field("firstCycle", value: .max), at: 24, [UInt8](repeating: 255, count: 8))
        refused(.field("before pc", value: 0x1_0001), at: 32, [1])
        refused(.field("after pc", value: 0x1_0003), at: 192, [3])
        refused(.field("number of inputs", value: 8001), at: 352, [0x41, 0x1F])
        refused(.field("number of pages", value: 0x8000_0002), at: 359, [0x80])
        let count = segment.opening.count
        refused(.openingLength(expected: count, got: count + 1), at: 360, [UInt8(count + 1)])
        refused(
            .pageOrder(previous: segment.pages[0].index, next: segment.pages[0].index), at: 372,
            Array(valid[368..<372]))
        let page = UInt64(segment.pages[0].index | UInt32(segment.pages[0].kind.rawValue) << 31 | 1 << 22)
        refused(.field("page", value: page), at: 370, [valid[370] | 64])
    }

    @Test func pagesThatDoNotBelongToTheRootAreRefused() {
        var random = SeededGenerator(seed: 5)
        let segment = Self.sample(&random, pageCount: 3, inputCount: 0)
        var other = segment
        other.contents[300] ^= 1
        #expect(throws: SegmentError.self) { try other.openedTree() }
        other = segment
        other.pages[1].kind = other.pages[1].kind == .code ? .data : .code
        #expect(throws: SegmentError.self) { try other.openedTree() }
        other = segment
        other.before.memoryRoot.words[0] ^= 1
        #expect(throws: SegmentError.self) { try other.openedTree() }
    }

    /// Changed bytes either decode to a segment whose encoding they are, or are refused with a typed error.
    @Test func changedBytesNeverTrap() {
        let rounds = ProcessInfo.processInfo.environment["SHEAF_HEAVY"] == nil ? 4000 : 2_000_000
        let seed = UInt64.random(in: 0...UInt64.max)
        print("segment decoder: \(rounds) rounds, seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let samples = [(0, 0), (1, 2), (3, 1)].map {
            Self.sample(&random, pageCount: $0, inputCount: $1).encoded()
        }
        for _ in 0..<rounds {
            var bytes = samples[Int.random(in: 0..<3, using: &random)]
            if Int.random(in: 0..<8, using: &random) == 0 {
                bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
            }
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let end = Bool.random(using: &random) ? min(bytes.count, 400) : bytes.count
                bytes[Int.random(in: 0..<end, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do {
                let decoded = try Segment(decoding: bytes)
                #expect(decoded.encoded() == bytes)
            } catch {
                #expect(!"\(error)".isEmpty)
            }
        }
    }
}
