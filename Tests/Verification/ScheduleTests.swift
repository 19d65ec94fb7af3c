import Hashing
import ProofVectors
import Proving
import Tables
import Testing
import Verification

/// The transcript's schedule written down from docs/protocol.md, apart from prover and verifier, and held against both:
/// what is absorbed, what is drawn, in which order and how wide. And the length that the page gives for a proof.
struct ScheduleTests {
    @Test(arguments: try VectorCases.honest) func theVerifierKeepsTheSchedule(vector: VectorCase) throws {
        let trace = try Verifier(vector.statement.system).trace(vector.statement, proof: vector.proof)
        #expect(hashed(trace.schedule) == schedule(of: vector.statement))
    }

    @Test(arguments: try VectorCases.honest) func aProofIsAsLongAsThePageSays(vector: VectorCase) throws {
        let trace = try Verifier(vector.statement.system).trace(vector.statement, proof: vector.proof)
        let opened = trace.schedule.reduce(0) { sum, event in
            if case .unabsorbed(let bytes) = event { sum + bytes } else { sum }
        }
        #expect(vector.proof.count - opened == length(of: vector.statement))
    }

    @Test(arguments: 0..<6) func theProverKeepsTheSchedule(seed: UInt64) throws {
        let random = RandomSystem(seed: seed)
        let statement = try random.statement(spare: Int(seed % 3))
        var transcript = ProverTranscript(state: statement.transcriptState(try Layout(statement)), recording: true)
        try Prover(statement: statement, witness: try random.witness(statement)).prove(&transcript)
        #expect(hashed(try #require(transcript.schedule)) == schedule(of: statement), "seed \(seed)")
    }

    /// All but the columns and paths, whose number depends on how drawn indices meet.
    private func hashed(_ schedule: [TranscriptEvent]) -> [TranscriptEvent] {
        schedule.filter { if case .unabsorbed = $0 { false } else { true } }.merged
    }

    private func schedule(of statement: Statement) -> [TranscriptEvent] {
        let (record, system) = (statement.record, statement.system)
        let (pairLog, columnLog) = (system.constraintLog, system.columnLog)
        var events: [TranscriptEvent] = []
        func send(_ elements: Int) { events.append(.absorbed(bytes: 24 * elements)) }
        func draw(_ elements: Int) { events.append(.drawn(count: elements, bytesEach: 24)) }
        func sumcheck(rounds: Int, sent: Int) {
            for _ in 0..<rounds {
                send(sent)
                draw(1)
            }
        }
        events.append(.absorbed(bytes: 32))  // 0: the root
        draw(1)  // 1: gamma
        send(2)
        draw(1)
        for layer in 1..<1 + record.rowLog + system.slotLog {
            sumcheck(rounds: layer, sent: 2)
            send(2)
            draw(1)  // mu
        }
        draw(pairLog + max(record.rowLog - 3, 0))  // 2: kappa and tau
        send(64)
        draw(1)  // z
        sumcheck(rounds: pairLog, sent: 3)  // 3
        draw(1)  // phi
        sumcheck(rounds: record.rowLog, sent: 3)
        send(2)
        draw(1)  // 4: lambda
        sumcheck(rounds: columnLog + 6, sent: 2)
        send(64)  // 5
        draw(6)  // rho
        var variables = record.stackLog  // 6
        for level in record.folds.indices {
            sumcheck(rounds: record.folds[level], sent: 2)
            variables -= record.folds[level]
            if level + 1 < record.folds.count {
                events.append(.absorbed(bytes: 32))
                draw(variables)
                send(1)
            } else {
                send(1 << variables)
            }
            draw(0)
            events += [.absorbed(bytes: 8), .drawn(count: 1, bytesEach: 4)]
            events.append(.drawn(count: record.queries[level], bytesEach: 4))
            draw(1)  // beta
        }
        sumcheck(rounds: variables, sent: 2)
        send(1)
        sumcheck(rounds: 6 + columnLog, sent: 2)  // 7
        return events.merged
    }

    /// "How long a proof is".
    private func length(of statement: Statement) -> Int {
        let (record, system) = (statement.record, statement.system)
        let leafLog = 1 + record.rowLog + system.slotLog
        let layers = (1..<max(leafLog, 1)).reduce(0) { $0 + 2 * $1 + 2 }
        let rounds = 3 * system.constraintLog + 3 * record.rowLog + 2 * (system.columnLog + 6)
        let elements = 2 + layers + 64 + rounds + 2 + 64 + 2 * record.stackLog + 1 + 2 * (6 + system.columnLog)
        let levels = record.folds.count
        return 32 + 24 * elements + 24 << record.finalVariables + 8 * levels + 56 * (levels - 1)
    }
}
