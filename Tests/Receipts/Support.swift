import Execution
import ExecutorService
import Foundation
import Hashing
import Machine
import Oracles
import ProverService
import Receipts

private typealias A = Assembler

/// Large counts, with SHEAF_HEAVY=1.
let isHeavy = ProcessInfo.processInfo.environment["SHEAF_HEAVY"] == "1"

/// A run with the receipts of all its segments, made as a prover makes them.
struct ProvedRun: Sendable {
    let program: Program
    let segments: [Segment]
    let receipts: [SegmentReceipt]
    let journal: JournalOpening

    init(_ code: [UInt32], inputs: [UInt32] = [], limitLog: Int = 13) throws {
        try self.init(
            Program(elf: ExecutableFile.elf(code: code)), input: InputStream(words: inputs), limitLog: limitLog)
    }

    init(_ program: Program, input: Execution.InputStream = .empty, limitLog: Int) throws {
        self.program = program
        let segmenter = try Segmenter(program: program, input: input, limitLog: limitLog)
        var segments: [Segment] = []
        while let step = segmenter.next() { segments.append(step.segment) }
        self.segments = segments
        receipts = try segments.map { try SegmentProver().prove($0) }
        journal = JournalOpening(segmenter)
    }

    var imageID: Digest { program.imageID }
    var encoded: [UInt8] { with() }

    /// The receipt, with other segments or another journal.
    func with(_ segments: [SegmentReceipt]? = nil, journal: JournalOpening? = nil) -> [UInt8] {
        CompositeReceipt(journal: journal ?? self.journal, segments: segments ?? receipts).encoded()
    }
}

/// Runs that several tests look at, proved once.
enum Runs {
    /// Sums words of input in memory, publishes the sum and halts with `code`. Three segments of 2^13 cycles.
    static func summing(turns: UInt32 = 2500, code: Int = 5) -> [UInt32] {
        let start = A.li(3, ExecutableFile.dataBase) + A.li(5, turns) + [A.addi(6, 0, 0)]
        let loop =
            A.call(1) + [A.r(0, 0, 6, 6, 10), A.sw(6, 3, 0), A.lw(7, 3, 0), A.sw(5, 3, 4), A.addi(5, 5, -1)]
        let end =
            [A.b(1, 5, 0, -4 * loop.count)] + A.li(13, MemoryMap.journalBase)
            + [A.addi(14, 0, 4), A.sw(6, 13, 4), A.sw(14, 13, 0), A.addi(10, 0, code)]
        return start + loop + end + A.halt
    }

    private static let sum = Result { try ProvedRun(summing(), inputs: [3, 4, 5]) }
    private static let otherInput = Result { try ProvedRun(summing(), inputs: [3, 4, 6]) }
    private static let otherProgram = Result { try ProvedRun(summing(code: 6), inputs: [3, 4, 5]) }

    static func summed() throws -> ProvedRun { try sum.get() }
    static func summedOtherInput() throws -> ProvedRun { try otherInput.get() }
    static func summedByOther() throws -> ProvedRun { try otherProgram.get() }
}

extension SegmentReceipt {
    /// The receipt with some of its fields changed.
    func with(
        recordVersion: Int? = nil, stackLog: Int? = nil, heights: [Int]? = nil,
        _ change: (inout SegmentClaim) -> Void = { _ in }
    ) -> SegmentReceipt {
        var claim = claim
        change(&claim)
        return SegmentReceipt(
            recordVersion: recordVersion ?? self.recordVersion, stackLog: stackLog ?? self.stackLog, claim: claim,
            heights: heights ?? self.heights, proof: proof)
    }
}

/// The error with which a receipt is refused; nil if it is valid.
func refusal(_ receipt: [UInt8], imageID: Digest? = nil) -> ReceiptError? {
    do throws(ReceiptError) {
        _ = try verify(receipt: receipt[...], imageID: imageID)
        return nil
    } catch {
        return error
    }
}

extension ReceiptError {
    /// The segment whose proof is refused; nil for any other error.
    var refusedProof: Int? {
        if case .proof(let segment, _) = self { return segment }
        return nil
    }
}
