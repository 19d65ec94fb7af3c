import BinaryFields
import Hashing
import ProofVectors
import Tables
import Testing
import Verification

/// The verifier against the protocol's executable specification, which made these proofs.
struct VectorTests {
    @Test(arguments: ["toy", "random", "cheating"]) func tablesHaveTheSpecificationsDigest(file: String) throws {
        for described in try VectorSystem.load(file) {
            #expect(described.system.digest == described.digest)
        }
    }

    @Test(arguments: try VectorCases.honest) func statementsBeginTheSpecificationsTranscript(vector: VectorCase) throws
    {
        let layout = try Layout(vector.statement)
        #expect(vector.statement.transcriptState(layout) == vector.state)
    }

    @Test(arguments: try VectorCases.honest) func proofsAreAccepted(vector: VectorCase) throws {
        try Verifier(vector.statement.system).verify(vector.statement, proof: vector.proof)
    }

    @Test(arguments: try VectorCases.honest) func everyClaimOnTheWayIsTheSpecifications(vector: VectorCase) throws {
        let trace = try Verifier(vector.statement.system).trace(vector.statement, proof: vector.proof)
        let found: [String: [E]] = [
            "gamma": [trace.messages.gamma], "zeta": trace.messages.point, "messages": [trace.messages.value],
            "kappa": trace.constraints.kappa, "tau": trace.constraints.tau,
            "bitWeights": trace.constraints.bitWeights, "constraints": [trace.constraints.value],
            "pairPoint": trace.rows.pairPoint, "phi": [trace.rows.phi], "rowPoint": trace.rows.rowPoint,
            "a": [trace.rows.a], "b": [trace.rows.b], "weight": [trace.rows.weight], "linear": [trace.rows.linear],
            "bitPoint": trace.columns.bitPoint, "columnPoint": trace.columns.columnPoint,
            "columns": [trace.columns.value], "form": [trace.columns.form],
            "rho": trace.stack.rho, "stack": [trace.stack.value],
            "stackPoint": trace.opening.point, "stackWeight": [trace.opening.weight],
        ]
        #expect(Set(found.keys) == Set(vector.claims.keys))
        for (name, claim) in vector.claims {
            #expect(found[name] == claim, "\(name)")
        }
    }

    @Test(arguments: try VectorCases.honest) func theScheduleIsTheSpecifications(vector: VectorCase) throws {
        let trace = try Verifier(vector.statement.system).trace(vector.statement, proof: vector.proof)
        #expect(trace.schedule.merged == vector.schedule)
    }

    /// Replays proof and schedule with BLAKE3 alone: the transcript as `docs/protocol.md` has it.
    @Test(arguments: try VectorCases.honest) func everyDrawnByteIsTheSpecifications(vector: VectorCase) throws {
        var state = try #require(vector.state)
        var (pending, rest, drawn) = ([UInt8](), vector.proof[...], [UInt8]())
        for event in vector.schedule {
            switch event {
            case .absorbed(let bytes):
                pending += rest.prefix(bytes)
                rest = rest.dropFirst(bytes)
            case .unabsorbed(let bytes):
                rest = rest.dropFirst(bytes)
            case .drawn(let count, let width):
                let output = Blake3.keyedHash(pending, key: state, length: 32 + count * width)
                state = try #require(Digest(bytes: output.prefix(32)))
                drawn += output.dropFirst(32)
                pending = []
            }
        }
        #expect(rest.isEmpty)
        #expect(drawn == vector.drawn)
    }
}

/// The cases of all files.
enum VectorCases {
    static var honest: [VectorCase] {
        get throws { try all.filter { $0.refusal == nil } }
    }

    static var refused: [VectorCase] {
        get throws { try all.filter { $0.refusal != nil } }
    }

    private static var all: [VectorCase] {
        get throws { try ["toy", "random", "cheating"].flatMap { try VectorSystem.load($0).flatMap(\.cases) } }
    }
}

extension [TranscriptEvent] {
    /// What is absorbed, or passed, in a row is one event however it is cut.
    var merged: [TranscriptEvent] {
        reduce(into: []) { events, event in
            switch (events.last, event) {
            case (.absorbed(let before), .absorbed(let bytes)):
                events[events.count - 1] = .absorbed(bytes: before + bytes)
            case (.unabsorbed(let before), .unabsorbed(let bytes)):
                events[events.count - 1] = .unabsorbed(bytes: before + bytes)
            case (_, .unabsorbed(bytes: 0)), (_, .absorbed(bytes: 0)): break
            default: events.append(event)
            }
        }
    }
}
