import SheafVerifier
import Testing

/// What a program gets that embeds the verifier: this file imports nothing else of Sheaf's.
@Suite struct SegmentVerificationTests {
    @Test func aRunByTheLibrary() throws {
        let run = try Runs.summed()
        let proved = try verify(receipt: run.encoded[...], imageID: run.imageID)
        #expect(proved.segments == 3 && proved.journal == [12, 0, 0, 0] && proved.securityBits >= 128)
        #expect(ReceiptKind(run.encoded) == .run)
    }

    @Test func aSegmentByTheLibrary() throws {
        let run = try Runs.summed()
        for (number, receipt) in run.receipts.enumerated() {
            let bytes = receipt.encoded()
            #expect(ReceiptKind(bytes) == .segment)
            let proved = try verifySegment(receipt: bytes[...])
            #expect(proved.claim == receipt.claim && proved.stackLog == receipt.stackLog)
            #expect(proved.imageID == (number == 0 ? run.imageID : nil), "segment \(number)")
        }
    }

    /// Whoever asks for an image gets only a segment that starts its run.
    @Test func aSegmentOfAnImage() throws {
        let run = try Runs.summed(), other = try Runs.summedByOther()
        let first = run.receipts[0].encoded(), second = run.receipts[1].encoded()
        #expect(try verifySegment(receipt: first[...], imageID: run.imageID).imageID == run.imageID)
        #expect(throws: ReceiptError.image(expected: other.imageID, got: run.imageID)) {
            try verifySegment(receipt: first[...], imageID: other.imageID)
        }
        let start = run.receipts[1].claim.firstCycle
        #expect(throws: ReceiptError.ofNoImage(firstCycle: start)) {
            try verifySegment(receipt: second[...], imageID: run.imageID)
        }
        // Cycle 0 is not enough: some other registers could have been put there.
        var registers = run.receipts[0].claim
        registers.registerDigest = run.receipts[1].claim.registerDigest
        let forged = VerifiedSegment(claim: registers, stackLog: 16, securityBits: 128)
        #expect(forged.imageID == nil)
        // Nor are such registers: a program that clears them on its way would start anew there.
        var later = run.receipts[0].claim
        later.firstCycle = 1
        #expect(VerifiedSegment(claim: later, stackLog: 16, securityBits: 128).imageID == nil)
    }

    @Test func whatIsNoSegmentReceipt() throws {
        let run = try Runs.summed(), bytes = run.receipts[0].encoded()
        #expect(throws: ReceiptError.notAReceipt) { try verifySegment(receipt: run.encoded[...]) }
        #expect(throws: ReceiptError.trailingBytes(1)) { try verifySegment(receipt: (bytes + [0])[...]) }
        var flipped = bytes
        flipped[flipped.count - 1] ^= 1
        let error = #expect(throws: ReceiptError.self) { try verifySegment(receipt: flipped[...]) }
        #expect(error?.refusedProof == 0)
        #expect(ReceiptKind([1, 2, 3, 4]) == nil && ReceiptKind([]) == nil)
    }
}
