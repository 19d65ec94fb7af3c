import BinaryFields
import Hashing
import Tables

/// The verifier of proofs over one system of tables: `docs/protocol.md` as a program, a file a step, in its order.
///
///     let verifier = Verifier(system)
///     try verifier.verify(statement, proof: bytes)  // returns, or throws a VerificationError
///
/// It is total: any bytes under any statement give a verdict. It reads the proof once, from start to end, through the
/// transcript, and reads exactly what the tables and the record dictate. Control flow depends on them alone: heights and
/// layout enter as data (``LayoutBit``), so that a recursion circuit can be recorded from this source.
///
/// What depends on tables alone is worked out once, in `init`: keep one verifier for each system in a process.
public struct Verifier: Sendable {
    public let system: TableSystem
    let forms: LinearForms

    public init(_ system: TableSystem) {
        self.system = system
        forms = LinearForms(system)
    }

    /// Returns if the proof proves the statement; throws what is wrong with it otherwise.
    public func verify(_ statement: Statement, proof: [UInt8]) throws(VerificationError) {
        _ = try run(statement, proof, recording: false)
    }

    /// Verifies, and tells all that was claimed on the way: for tests, which compare it with other implementations.
    package func trace(_ statement: Statement, proof: [UInt8]) throws(VerificationError) -> VerifierTrace {
        try run(statement, proof, recording: true)
    }

    /// All that was claimed up to where the proof is refused, if it is: for the prover, which holds each claim against the
    /// rows in its debug mode.
    package func claims(of statement: Statement, proof: [UInt8]) -> (claims: [StepClaim], refusal: VerificationError?) {
        var claims: [StepClaim] = []
        do {
            _ = try run(statement, proof, recording: false) { claims.append($0) }
            return (claims, nil)
        } catch {
            return (claims, error)
        }
    }

    private func run(
        _ statement: Statement, _ bytes: [UInt8], recording: Bool, observe: (StepClaim) -> Void = { _ in }
    ) throws(VerificationError) -> VerifierTrace {
        // 0. Statement
        guard statement.system.digest == system.digest else {
            throw .tables(expected: system.digest, got: statement.system.digest)
        }
        let layout: Layout
        do { layout = try Layout(statement) } catch { throw .statement(error) }
        let state = statement.transcriptState(layout)
        let shape = Shape(layout)
        var proof = ProofReader(VerifierTranscript(state: state, proof: bytes, recording: recording))
        let root = try proof.digest()
        // 1 to 7
        let messages = try reduceMessages(statement.boundary, shape, &proof)
        observe(.messages(messages))
        let constraints = try reduceConstraints(shape, &proof)
        observe(.constraints(constraints))
        let rows = try reduceRows(messages, constraints, shape, &proof)
        observe(.rows(rows))
        let columns = try reduceColumns(messages, constraints, rows, shape, &proof)
        observe(.columns(columns))
        let stack = try switchRing(columns, &proof)
        observe(.stack(stack))
        let opening = try open(root, stack, statement.record, &proof)
        observe(.opening(opening))
        try checkWeight(opening, stack, columns, rows, shape, &proof)
        try proof.finish()
        return VerifierTrace(
            messages: messages, constraints: constraints, rows: rows, columns: columns, stack: stack, opening: opening,
            schedule: proof.schedule)
    }
}

/// What is left to be shown after a step.
package enum StepClaim: Sendable {
    case messages(MessageClaim)
    case constraints(ConstraintClaim)
    case rows(RowClaim)
    case columns(ColumnClaim)
    case stack(StackClaim)
    case opening(OpeningClaim)
}

/// What an accepted proof claimed, step by step.
package struct VerifierTrace: Sendable {
    package let messages: MessageClaim
    package let constraints: ConstraintClaim
    package let rows: RowClaim
    package let columns: ColumnClaim
    package let stack: StackClaim
    package let opening: OpeningClaim
    package let schedule: [TranscriptEvent]
}
