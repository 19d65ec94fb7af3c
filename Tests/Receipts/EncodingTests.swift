import Hashing
import Machine
import Oracles
import Receipts
import Testing

/// Receipts as bytes: what is written is read, in one form, and whatever else there is, is refused with its reason.
@Suite struct EncodingTests {
    @Test func whatIsWrittenIsRead() throws {
        let run = try Runs.summed()
        for receipt in run.receipts {
            let bytes = receipt.encoded()
            #expect(bytes.count == receipt.encodedCount)
            #expect(try SegmentReceipt(decoding: bytes[...]) == receipt)
            #expect(SegmentClaim(decoding: receipt.claim.encoded()[...]) == receipt.claim)
        }
        let composite = try CompositeReceipt(decoding: run.encoded[...])
        #expect(composite.segments == run.receipts && composite.journal == run.journal)
        #expect(composite.encoded() == run.encoded)
        #expect(try JournalOpening(decoding: run.journal.encoded()) == run.journal)
        // The same bytes where they do not begin at 0.
        let shifted = [1, 2, 3] + run.encoded
        #expect(try CompositeReceipt(decoding: shifted[3...]) == composite)
    }

    /// Fields that have other values than in any receipt, each with the error that names it.
    @Test func fieldsOfNoReceipt() throws {
        let run = try Runs.summed(), segment = run.receipts[0].encoded(), whole = run.encoded
        func segmentError(_ change: (inout [UInt8]) -> Void) -> ReceiptError? {
            var bytes = segment
            change(&bytes)
            do throws(ReceiptError) { _ = try SegmentReceipt(decoding: bytes[...]) } catch { return error }
            return nil
        }
        func wholeError(_ change: (inout [UInt8]) -> Void) -> ReceiptError? {
            var bytes = whole
            change(&bytes)
            return refusal(bytes)
        }
        #expect(segmentError { $0[0] ^= 1 } == .notAReceipt)
        #expect(segmentError { $0 = [] } == .notAReceipt)
        #expect(segmentError { $0[4] = 2 } == .version(expected: 1, got: 2))
        #expect(segmentError { $0[16 + 136] |= 1 } == .field("claim"), "an odd program counter")
        #expect(segmentError { $0[16 + 148] = 3 } == .field("claim"), "a status that there is not")
        #expect(segmentError { $0[172] += 1 } == .field("number of tables"))
        #expect(segmentError { $0.append(0) } == .trailingBytes(1))
        let lengthOfProof = 176 + 4 * TableKind.allCases.count
        #expect(
            segmentError { bytes in for i in 0..<4 { bytes[lengthOfProof + i] = 255 } }
                == .truncated(field: "proof", needed: Int(UInt32.max), left: segment.count - lengthOfProof - 4))

        #expect(wholeError { $0 = Array($0.prefix(3)) } == .notAReceipt)
        #expect(wholeError { $0[7] = 1 } == .version(expected: 1, got: 1 << 24 | 1))
        #expect(wholeError { $0[12] = 0 } == .field("number of journal pages"))
        #expect(wholeError { $0[14] = 1 } == .field("number of journal pages"))
        #expect(wholeError { $0[18] = 1 } == .field("number of journal digests"))
        #expect(wholeError { $0[8] = 4 } == .truncated(field: "length of segment 3", needed: 4, left: 0))
        #expect(wholeError { $0 += [1, 2] } == .trailingBytes(2))
        // A segment receipt is no receipt of a run.
        #expect(refusal(segment) == .notAReceipt)
    }

    /// Whatever it says of its length, a receipt that ends early is refused where it ends.
    @Test func truncatedAnywhere() throws {
        let run = try Runs.summed(), whole = run.encoded, segment = run.receipts[0].encoded()
        let seed = UInt64.random(in: 0...UInt64.max)
        print("truncated receipts: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let sampled = (0..<(isHeavy ? 5000 : 100)).map { _ in Int(random.next() % UInt64(whole.count)) }
        for length in Array(0..<600) + sampled {
            switch refusal(Array(whole.prefix(length))) {
            case .truncated, .notAReceipt: break
            case let other: Issue.record("\(length) bytes: \(String(describing: other))")
            }
            let short = segment.prefix(min(length, segment.count - 1))
            #expect(throws: ReceiptError.self) { try SegmentReceipt(decoding: short) }
        }
    }

    /// Flipped bits, exchanged, doubled and missing bytes: refused, typed; and what is read at all is written the same.
    @Test func mutatedReceiptsAreRefused() throws {
        let run = try Runs.summed(), other = try Runs.summedOtherInput()
        let seed = UInt64.random(in: 0...UInt64.max)
        print("mutated receipts: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for round in 0..<(isHeavy ? 20_000 : 300) {
            let changed = mutated(run.encoded, other.encoded, &random)
            guard changed != run.encoded else { continue }
            #expect(refusal(changed) != nil, "seed \(seed), round \(round)")
            if let composite = try? CompositeReceipt(decoding: changed[...]) {
                #expect(composite.encoded() == changed, "seed \(seed), round \(round)")
            }
        }
    }

    private func mutated(_ bytes: [UInt8], _ other: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var result = bytes
        func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
        // Half of all changes hit what stands before the first proof.
        let place = below(2) == 0 ? below(3000) : below(bytes.count), end = min(place + below(100) + 1, bytes.count)
        switch below(7) {
        case 0, 1: result[place] ^= 1 << UInt8(below(8))
        case 2: result[place] = UInt8(below(256))
        case 3: result.removeSubrange(place..<end)
        case 4: result.insert(contentsOf: bytes[place..<end], at: place)
        case 5: result.replaceSubrange(place..<end, with: repeatElement(0, count: end - place))
        default:
            // Another run's bytes from here on: valid all the way where the two runs are the same so far.
            result = Array(bytes.prefix(place)) + other.dropFirst(place)
            if result == other { result[place] ^= 1 }
        }
        return result
    }
}
