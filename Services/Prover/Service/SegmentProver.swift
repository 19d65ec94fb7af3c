import Machine
import Proving
import Receipts
import Tables

/// Makes a segment's receipt: fills the tables from the segment, and proves them under the least class that holds them.
public struct SegmentProver: Sendable {
    public init() {}

    /// From the bytes of a segment to those of its receipt.
    ///
    /// - Parameter claim: what the receipt has to claim, in its canonical bytes; a segment of another claim is refused
    ///   before anything is proved.
    @Sendable public func prove(segment bytes: [UInt8], claim: [UInt8]) throws -> [UInt8] {
        let segment = try Segment(decoding: bytes)
        guard SegmentClaim(segment).encoded() == claim else { throw SegmentProverError.otherClaim }
        return try prove(segment).encoded()
    }

    /// What the making of a receipt consists of, in order.
    public enum Stage: Hashable, Sendable, CaseIterable, CustomStringConvertible {
        /// The cycles executed once more, and every table's rows counted.
        case replay
        /// The rows written into the stack.
        case fill
        case proof(Prover.Step)

        public static let allCases = [Stage.replay, .fill] + Prover.Step.allCases.map(Stage.proof)

        public var description: String {
            switch self {
            case .replay: "replay"
            case .fill: "fill"
            case .proof(let step): step.rawValue
            }
        }
    }

    /// - Parameter done: called after each stage.
    public func prove(_ segment: Segment, done: (Stage) -> Void = { _ in }) throws -> SegmentReceipt {
        let claim = SegmentClaim(segment)
        let (statement, witness) = try rows(of: segment, claim, done: done)
        let proof = try Prover(statement: statement, witness: witness).prove { step, _ in done(.proof(step)) }
        return SegmentReceipt(
            recordVersion: statement.record.version, stackLog: statement.record.stackLog, claim: claim,
            heights: statement.heights, proof: proof)
    }

    /// What is to be proved, and its rows. The replay of the cycles, as large as half the rows, is gone when it returns.
    private func rows(
        of segment: Segment, _ claim: SegmentClaim, done: (Stage) -> Void
    ) throws -> (Statement, Witness) {
        let trace = try Trace(segment)
        done(.replay)
        let (statement, layout) = try leastStatement(claim, heights: trace.heights)
        let witness = trace.witness(layout)
        done(.fill)
        return (statement, witness)
    }

    /// The statement under the record of the least class that holds rows of these heights.
    private func leastStatement(_ claim: SegmentClaim, heights: [Int]) throws -> (Statement, Layout) {
        for stackLog in ParameterRecord.classes {
            guard let record = ParameterRecord.builtIn(version: 1, stackLog: stackLog) else { continue }
            let statement = try SegmentVerifierRules.standard.statement(claim, heights: heights, record: record)
            do { return (statement, try Layout(statement)) } catch {
                switch error {
                case .stackTooLarge, .tableTooTall: continue  // a larger class may hold it
                default: throw error
                }
            }
        }
        throw SegmentProverError.noClass
    }

    /// The cycles that a claim speaks of; nil when it is none.
    static func cycles(ofClaim claim: [UInt8]) -> UInt32? { SegmentClaim(decoding: claim[...])?.cycles }

    /// What a proof of a class takes at most, trace and receipt included: bytes. By `sheaf bench segments`, with the share
    /// of its stack that is in use, a class takes 36 to 59 for each element (docs/measurements.md).
    public static func memory(ofClass stackLog: Int) -> Int { 64 << 20 + 62 << stackLog }

    /// The largest class, log₂ of the stack, whose proof fits so much memory.
    public static func largestClass(memory: Int) -> Int {
        ParameterRecord.classes.last { self.memory(ofClass: $0) <= memory } ?? ParameterRecord.classes.lowerBound
    }

    /// The largest limit of a segment, log₂ of its cycles, whose proof fits so much memory; at most 2^21, from where on
    /// paging is no longer cheaper.
    public static func largestLimit(memory: Int) -> Int { min(21, max(15, largestClass(memory: memory) - 4)) }
}

public enum SegmentProverError: Error, CustomStringConvertible {
    case otherClaim
    case noClass

    public var description: String {
        switch self {
        case .otherClaim: "the segment is not the one that the claim speaks of"
        case .noClass: "no size class holds the segment: use a lower limit"
        }
    }
}
