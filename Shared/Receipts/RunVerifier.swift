import Hashing
import Machine
import Tables
import Verification

/// What a valid receipt proves.
public struct VerifiedRun: Hashable, Sendable {
    /// The program: its entry and the memory that it started with.
    public let imageID: Digest
    /// What it published.
    public let journal: [UInt8]
    /// How it ended.
    public let exit: Exit
    public let cycles: UInt64
    public let segments: Int
    /// The least size class and version of a segment's parameter record, each proved to reach this many bits.
    public let securityBits: Int
}

/// Verifies segment receipts: holds what depends on the machine's tables alone, so keep one in a process.
public struct SegmentVerifier: Sendable {
    private let rules: SegmentVerifierRules
    private let verifier: Verifier

    /// Of the standard machine.
    public static let standard = SegmentVerifier(SegmentVerifierRules.standard)

    public init(_ rules: SegmentVerifierRules) {
        self.rules = rules
        verifier = Verifier(rules.system)
    }

    /// Returns if the receipt proves its claim. `index`: for errors, its place in the run.
    public func verify(_ receipt: SegmentReceipt, index: Int = 0) throws(ReceiptError) {
        guard let record = ParameterRecord.builtIn(version: receipt.recordVersion, stackLog: receipt.stackLog) else {
            throw .unknownRecord(version: receipt.recordVersion, stackLog: receipt.stackLog)
        }
        let statement: Statement
        do { statement = try rules.statement(receipt.claim, heights: receipt.heights, record: record) } catch {
            throw .claim(segment: index, error)
        }
        do { try verifier.verify(statement, proof: receipt.proof) } catch { throw .proof(segment: index, error) }
    }
}

/// Verifies the run that receipts of segments make, one after the other.
///
///     var run = RunVerifier()
///     for receipt in receipts { try run.add(receipt) }
///     let proved = try run.finish(journal: journal)
public struct RunVerifier: Sendable {
    private let verifier: SegmentVerifier
    private var first: SegmentClaim?
    private var last: SegmentClaim?
    private var count = 0

    public init(verifier: SegmentVerifier = .standard) {
        self.verifier = verifier
    }

    /// The next segment of the run: it must start where the last one ended, and its proof must be valid.
    public mutating func add(_ receipt: SegmentReceipt) throws(ReceiptError) {
        try link(receipt.claim)
        try verifier.verify(receipt, index: count - 1)
    }

    /// The chain alone: for a receipt whose proof was verified elsewhere.
    public mutating func link(_ claim: SegmentClaim) throws(ReceiptError) {
        guard claim.isWellFormed else { throw .claim(segment: count, .malformedClaim) }
        guard claim.cycles > 0 else { throw .empty }
        if let last {
            guard last.exit == .running else { throw .afterTheEnd(segment: count) }
            guard claim.memoryRoot == last.nextMemoryRoot else { throw .chain(segment: count, what: .memory) }
            guard claim.registerDigest == last.nextRegisterDigest else {
                throw .chain(segment: count, what: .registers)
            }
            guard claim.programCounter == last.nextProgramCounter else {
                throw .chain(segment: count, what: .programCounter)
            }
            guard claim.firstCycle == last.firstCycle + UInt64(last.cycles) else {
                throw .chain(segment: count, what: .cycle)
            }
        } else {
            guard claim.registerDigest == MemoryHash.zeroRegisters else { throw .initialRegisters }
            guard claim.firstCycle == 0 else { throw .initialCycle(got: claim.firstCycle) }
            first = claim
        }
        last = claim
        count += 1
    }

    /// The whole: the run has ended, and the journal stands in its last memory.
    public func finish(journal: JournalOpening) throws(ReceiptError) -> VerifiedRun {
        guard let first, let last else { throw .empty }
        guard last.exit != .running else { throw .unfinished }
        let root = try journal.root()
        guard root == last.nextMemoryRoot else { throw .journal(expected: last.nextMemoryRoot, got: root) }
        return VerifiedRun(
            imageID: ImageIdentity.digest(entry: first.programCounter, memoryRoot: first.memoryRoot),
            journal: journal.bytes,
            exit: last.exit, cycles: last.firstCycle + UInt64(last.cycles), segments: count,
            securityBits: ParameterRecord.securityTarget)
    }
}

/// Verifies an encoded composite receipt: that it is the run of a program, from its start to its end.
///
/// - Parameters:
///   - imageID: the program that it must be of; nil to accept any and look at `imageID` of what is returned.
///   - progress: called after each segment with its index.
public func verify(
    receipt bytes: ArraySlice<UInt8>, imageID: Digest? = nil, verifier: SegmentVerifier = .standard,
    progress: (Int) -> Void = { _ in }
) throws(ReceiptError) -> VerifiedRun {
    var run = RunVerifier(verifier: verifier)
    let journal = try CompositeReceipt.read(bytes) { (segment: SegmentReceipt, index: Int) throws(ReceiptError) in
        try run.add(segment)
        progress(index)
    }
    let proved = try run.finish(journal: journal)
    if let imageID, proved.imageID != imageID { throw .image(expected: imageID, got: proved.imageID) }
    return proved
}
