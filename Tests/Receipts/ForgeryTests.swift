import Execution
import Hashing
import Machine
import Oracles
import ProverService
import Receipts
import Testing
import Verification

private typealias A = Assembler

/// Receipts whose parts are valid, put together or changed so that they would prove what did not happen: each refused
/// with the error of its own.
@Suite struct ForgeryTests {
    @Test func ofAnotherProgram() throws {
        let run = try Runs.summed(), other = try Runs.summedByOther()
        #expect(refusal(run.encoded, imageID: other.imageID) == .image(expected: other.imageID, got: run.imageID))
        // The other program's first segment, under this one's end.
        let mixed = run.with([other.receipts[0]] + run.receipts[1...])
        #expect(refusal(mixed) == .chain(segment: 1, what: .memory))
    }

    /// Input is private, and bound by what the run did with it.
    @Test func ofAnotherInput() throws {
        let run = try Runs.summed(), other = try Runs.summedOtherInput()
        #expect(try verify(receipt: other.encoded[...], imageID: run.imageID).journal == [13, 0, 0, 0])
        let root = try other.journal.root(), last = run.receipts[2].claim.nextMemoryRoot
        #expect(refusal(run.with(journal: other.journal)) == .journal(expected: last, got: root))
        #expect(refusal(run.with([run.receipts[0]] + other.receipts[1...])) == .chain(segment: 1, what: .memory))
    }

    @Test func withASegmentOfAnotherRun() throws {
        let run = try Runs.summed(), other = try Runs.summedOtherInput(), r = run.receipts
        #expect(refusal(run.with([r[0], other.receipts[1], r[2]])) == .chain(segment: 1, what: .memory))
        #expect(refusal(run.with([r[0], r[1], other.receipts[2]])) == .chain(segment: 2, what: .memory))
    }

    @Test func inAnotherOrder() throws {
        let run = try Runs.summed(), r = run.receipts
        #expect(refusal(run.with([r[0], r[2], r[1]])) == .chain(segment: 1, what: .memory))
        #expect(refusal(run.with([r[1], r[0], r[2]])) == .initialRegisters)
    }

    @Test func withASegmentLeftOut() throws {
        let run = try Runs.summed(), r = run.receipts
        #expect(refusal(run.with([r[1], r[2]])) == .initialRegisters)
        #expect(refusal(run.with([r[0], r[2]])) == .chain(segment: 1, what: .memory))
        #expect(refusal(run.with([r[0], r[1]])) == .unfinished)
        #expect(refusal(run.with([])) == .empty)
    }

    @Test func withASegmentDoubled() throws {
        let run = try Runs.summed(), r = run.receipts
        #expect(refusal(run.with([r[0], r[0], r[1], r[2]])) == .chain(segment: 1, what: .memory))
        #expect(refusal(run.with([r[0], r[1], r[2], r[2]])) == .afterTheEnd(segment: 3))
    }

    /// A program that works in registers alone keeps its memory: the chain holds it by what else moves.
    @Test func whereMemoryStandsStill() throws {
        let loop = [A.addi(5, 5, -1), A.b(1, 5, 0, -4)]
        let run = try ProvedRun(A.li(5, 14_000) + loop + A.halt), r = run.receipts
        #expect(r.count == 4 && refusal(run.encoded) == nil)
        #expect(Set(r.map(\.claim.memoryRoot)).count == 1 && r[1].claim.programCounter == r[2].claim.programCounter)
        #expect(refusal(run.with([r[0], r[2], r[1], r[3]])) == .chain(segment: 1, what: .registers))
        #expect(refusal(run.with([r[0], r[1], r[3]])) == .chain(segment: 2, what: .registers))
    }

    /// A program of which nothing moves but the clock.
    @Test func whereOnlyTheClockMoves() throws {
        let program = try Program(elf: ExecutableFile.elf(code: [A.j(0, 0)]))
        let segmenter = try Segmenter(program: program, input: .empty, limitLog: 13)
        let receipts = try (0..<2).map { _ in try SegmentProver().prove(try #require(segmenter.next()).segment) }
        #expect(receipts[0].claim.registerDigest == receipts[1].claim.registerDigest)
        var run = RunVerifier()
        try run.add(receipts[0])
        #expect(throws: ReceiptError.chain(segment: 1, what: .cycle)) { try run.add(receipts[0]) }
        run = RunVerifier()
        #expect(throws: ReceiptError.initialCycle(got: 1 << 13)) { try run.add(receipts[1]) }
    }

    /// Segments that are true and proved, but of no run from the start of an image.
    @Test func thatStartsOtherwise() throws {
        let run = try ProvedRun(A.halt)
        var segment = run.segments[0]
        segment.before.registers[10] = 7
        segment.after.registers[10] = 7
        segment.exit = .halted(code: 7)
        let registers = try SegmentProver().prove(segment)
        try SegmentVerifier.standard.verify(registers)
        #expect(refusal(run.with([registers])) == .initialRegisters)

        segment = run.segments[0]
        segment.firstCycle = 1000
        let later = try SegmentProver().prove(segment)
        try SegmentVerifier.standard.verify(later)
        #expect(refusal(run.with([later])) == .initialCycle(got: 1000))
    }

    @Test func withAChangedJournal() throws {
        let run = try Runs.summed(), root = try run.journal.root()
        func opening(_ change: (inout [UInt32]) -> Void) -> JournalOpening {
            var words = run.journal.words
            change(&words)
            return JournalOpening(words: words, digests: run.journal.digests)
        }
        for changed in [opening { $0[1] ^= 1 }, opening { $0[0] = 3 }, opening { $0[0] = 1020 }] {
            #expect(refusal(run.with(journal: changed)) == .journal(expected: root, got: try changed.root()))
        }
        #expect(refusal(run.with(journal: opening { $0[0] = 1021 })) == .field("number of journal pages"))
        for words in [[], Array(run.journal.words.dropLast()), run.journal.words + run.journal.words] {
            let other = JournalOpening(words: words, digests: run.journal.digests)
            #expect(throws: ReceiptError.field("journal pages")) { try other.root() }
        }
        let fewer = JournalOpening(words: run.journal.words, digests: run.journal.digests.dropLast())
        #expect(refusal(run.with(journal: fewer)) == .field("journal digests"))
        var digests = run.journal.digests
        digests.swapAt(0, 1)
        let swapped = JournalOpening(words: run.journal.words, digests: digests)
        #expect(refusal(run.with(journal: swapped)) == .journal(expected: root, got: try swapped.root()))
    }

    @Test func withAnotherExit() throws {
        let run = try Runs.summed(), r = run.receipts
        for exit in [Exit.halted(code: 6), .faulted(.breakpoint), .running] {
            #expect(refusal(run.with([r[0], r[1], r[2].with { $0.exit = exit }]))?.refusedProof == 2, "\(exit)")
        }
        #expect(refusal(run.with([r[0], r[1].with { $0.exit = .halted(code: 0) }]))?.refusedProof == 1)
    }

    /// Parameters are looked up by version and class; a proof under one class is none under another.
    @Test func withAnotherParameterRecord() throws {
        let run = try Runs.summed(), first = run.receipts[0], stackLog = first.stackLog
        #expect(refusal(run.with([first.with(recordVersion: 2)])) == .unknownRecord(version: 2, stackLog: stackLog))
        for other in [0, 15, 29, Int(UInt32.max)] {
            #expect(refusal(run.with([first.with(stackLog: other)])) == .unknownRecord(version: 1, stackLog: other))
        }
        for other in 16...28 where other != stackLog {
            #expect(refusal(run.with([first.with(stackLog: other)]))?.refusedProof == 0, "class \(other)")
        }
    }

    @Test func withOtherHeights() throws {
        let run = try ProvedRun(A.li(10, 3) + A.halt), receipt = run.receipts[0]
        for kind in TableKind.allCases {
            let honest = receipt.heights[kind.rawValue]
            func refused(height: Int) -> ReceiptError? {
                var heights = receipt.heights
                heights[kind.rawValue] = height
                return refusal(run.with([receipt.with(heights: heights)]))
            }
            for height in Set([honest + 1, honest - 1, 0]) where height >= 0 && height != honest {
                switch refused(height: height) {
                case .proof(0, _), .claim(0, .offers): break
                case let other: Issue.record("\(kind): \(height) for \(honest), \(String(describing: other))")
                }
            }
            switch refused(height: Int(UInt32.max)) {
            case .claim(0, .cycleRows), .claim(0, .offers), .proof(0, .statement(.height)): break
            case let other: Issue.record("\(kind): \(String(describing: other))")
            }
        }
    }

    /// The proof is bound to every byte of its claim.
    @Test func withAnotherClaim() throws {
        let receipt = try Runs.summed().receipts[2], bytes = receipt.claim.encoded()
        let seed = UInt64.random(in: 0...UInt64.max)
        print("claims with a flipped bit: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for position in bytes.indices {
            var changed = bytes
            changed[position] ^= 1 << UInt8(random.next() % 8)
            // What is no claim at all is refused when it is read.
            guard let claim = SegmentClaim(decoding: changed[...]) else { continue }
            #expect(throws: ReceiptError.self, "byte \(position)") {
                try SegmentVerifier.standard.verify(receipt.with { $0 = claim })
            }
        }
    }
}
