import BinaryFields
import Hashing
import Tables

/// Makes the proof of a statement from its rows.
///
///     let prover = try Prover(statement: statement, witness: witness)
///     let proof = prover.prove()
///
/// The proof depends on statement and witness alone: neither the number of threads nor the instruction set changes a byte.
/// Rows that break the statement give bytes that no verifier accepts.
///
/// The steps are those of protocol.md, under its names, a file a step.
public struct Prover {
    /// What a proof is made of, in order.
    public enum Step: String, CaseIterable, Sendable {
        case commitment, messages, constraints, pairs, rows, columns, ringSwitch, opening, weight
    }

    private let trace: Trace
    private let layout: Layout

    /// Throws `StatementError` where the statement does not fit its record.
    ///
    /// - Precondition: the witness has the statement's heights and class.
    public init(statement: Statement, witness: Witness) throws(StatementError) {
        let layout = try Layout(statement)
        precondition(
            witness.layout.tables == layout.tables && witness.layout.stackLog == layout.stackLog,
            "the witness is of another statement")
        self.layout = layout
        trace = Trace(statement, layout: layout, stack: witness.stack)
    }

    /// The proof's bytes.
    ///
    /// - Parameter report: called after each step with the time that it took.
    public func prove(report: (Step, Duration) -> Void = { _, _ in }) -> [UInt8] {
        var transcript = ProverTranscript(state: trace.statement.transcriptState(layout))
        prove(&transcript, report: report)
        return transcript.proof
    }

    /// Debug mode: holds each claim of a proof that this prover made against its meaning on the rows, without the prover's
    /// shortcuts, which takes minutes from some ten thousand rows on.
    ///
    /// - Returns: the first step that ends with a wrong claim or in which the verifier refuses, if there is one. Rows that
    ///   break the statement have it in `messages` or `constraints`.
    public func firstWrongClaim(in proof: [UInt8]) -> Step? {
        var check = ClaimCheck(trace)
        return check.firstWrong(in: proof)
    }

    /// The proof on a transcript, which may keep its schedule.
    package func prove(_ transcript: inout ProverTranscript, report: (Step, Duration) -> Void = { _, _ in }) {
        let clock = ContinuousClock()
        var began = clock.now
        func done(_ step: Step) {
            let now = clock.now
            report(step, now - began)
            began = now
        }
        let record = trace.record

        let commitment = Commitment(
            trace.stack, variables: record.stackLog, folds: record.folds[0], rate: record.rates[0])
        transcript.send(commitment.root)
        done(.commitment)

        let messages = Messages(trace, &transcript)
        done(.messages)

        let constraints = Constraints(trace, &transcript)
        done(.constraints)

        let pairs = PairClaims(trace, constraints, &transcript)
        done(.pairs)

        let rows = RowClaims(trace, messages, constraints, consume pairs, &transcript)
        done(.rows)

        let columns = ColumnClaims(trace, rows, &transcript)
        done(.columns)

        let ringSwitch = RingSwitch(trace, columns, rows: rows.weights, &transcript)
        done(.ringSwitch)

        let opening = Opening(record, consume commitment, stack: trace.stack, weights: ringSwitch.weights, &transcript)
        done(.opening)

        WeightSumcheck.prove(
            trace, rho: ringSwitch.rho, columnPoint: columns.columnPoint, rowPoint: rows.point,
            stackPoint: opening.point, &transcript)
        done(.weight)
    }
}
