import Hashing
import Machine
import Receipts
import Testing

/// The rules of a run, each alone: claims that all fit but for one field.
@Suite struct ChainTests {
    private static func claims() throws -> [SegmentClaim] { try Runs.summed().receipts.map(\.claim) }

    private func link(_ claims: [SegmentClaim]) throws(ReceiptError) {
        var run = RunVerifier()
        for claim in claims { try run.link(claim) }
    }

    @Test func claimsOfARunLink() throws {
        try link(Self.claims())
    }

    @Test func everyLinkIsHeld() throws {
        let claims = try Self.claims()
        func refused(_ error: ReceiptError, _ segment: Int, _ change: (inout SegmentClaim) -> Void) {
            var changed = claims
            change(&changed[segment])
            #expect(throws: error) { try link(changed) }
        }
        for segment in [1, 2] {
            refused(.chain(segment: segment, what: .memory), segment) { $0.memoryRoot.words[3] ^= 1 }
            refused(.chain(segment: segment, what: .registers), segment) { $0.registerDigest.words[7] ^= 1 << 31 }
            refused(.chain(segment: segment, what: .programCounter), segment) { $0.programCounter ^= 4 }
            refused(.chain(segment: segment, what: .cycle), segment) { $0.firstCycle += 1 }
            refused(.chain(segment: segment, what: .cycle), segment) { $0.firstCycle += 1 << 32 }
        }
        refused(.chain(segment: 1, what: .cycle), 0) { $0.cycles += 1 }
        refused(.initialRegisters, 0) { $0.registerDigest.words[0] ^= 1 }
        refused(.initialCycle(got: 1 << 32), 0) { $0.firstCycle = 1 << 32 }
        refused(.afterTheEnd(segment: 2), 1) { $0.exit = .halted(code: 0) }
        refused(.afterTheEnd(segment: 1), 0) { $0.exit = .faulted(.breakpoint) }
        for segment in 0..<3 {
            refused(.empty, segment) { $0.cycles = 0 }
            // Claims of this process, which no decoder has looked at.
            refused(.claim(segment: segment, .malformedClaim), segment) { $0.programCounter ^= 1 }
            refused(.claim(segment: segment, .malformedClaim), segment) { $0.cycles = 1 << 24 + 1 }
            refused(.claim(segment: segment, .malformedClaim), segment) { $0.firstCycle = .max }
        }
    }

    @Test func aRunEnds() throws {
        let run = try Runs.summed()
        #expect(throws: ReceiptError.empty) { try RunVerifier().finish(journal: run.journal) }
        var verifier = RunVerifier()
        try verifier.link(run.receipts[0].claim)
        #expect(throws: ReceiptError.unfinished) { try verifier.finish(journal: run.journal) }
    }
}
