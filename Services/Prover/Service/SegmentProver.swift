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

    public func prove(_ segment: Segment) throws -> SegmentReceipt {
        let claim = SegmentClaim(segment)
        let (statement, witness) = try rows(of: segment, claim)
        let proof = try Prover(statement: statement, witness: witness).prove()
        return SegmentReceipt(
            recordVersion: statement.record.version, stackLog: statement.record.stackLog, claim: claim,
            heights: statement.heights, proof: proof)
    }

    /// What is to be proved, and its rows. The replay of the cycles, as large as half the rows, is gone when it returns.
    private func rows(of segment: Segment, _ claim: SegmentClaim) throws -> (Statement, Witness) {
        let trace = try Trace(segment)
        let (statement, layout) = try leastStatement(claim, heights: trace.heights)
        return (statement, trace.witness(layout))
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

    /// What a proof of a class takes, at most: bytes for each element of its stack.
    private static let bytesPerElement = 160

    /// The largest class, log₂ of the stack, whose proof fits so much memory.
    public static func largestClass(memory: Int) -> Int {
        (16...28).last { bytesPerElement << $0 <= memory } ?? 16
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
