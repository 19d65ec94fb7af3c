import Hashing
import Testing

@Suite("Transcript")
struct TranscriptTests {
    /// Runs every case of the model's vectors on both sides, `step` for each line; checks the proof's bytes.
    @Test("Prover and verifier draw what the model draws, write and read the same proof by the same schedule")
    func modelVectors() throws {
        for lines in try cases() {
            let state = transcriptState(
                tables: try #require(Digest(hex: lines[0][1])), statement: try bytes(hex: lines[0][2]))
            #expect(state.hex == lines[0][3])

            var prover = ProverTranscript(state: state, recording: true)
            for line in lines.dropFirst() {
                try check(line, on: &prover)
            }
            let last = try #require(lines.last)
            #expect(Blake3.hash(prover.proof).hex == last[1])
            #expect(prover.proof.count == Int(last[2]))

            var verifier = VerifierTranscript(state: state, proof: prover.proof, recording: true)
            for line in lines.dropFirst() {
                try check(line, on: &verifier)
            }
            try verifier.finish()
            #expect(verifier.schedule == prover.schedule)
            #expect(verifier.schedule?.count == expectedEvents(lines))
        }
    }

    @Test("A changed byte of what is absorbed changes every later draw; what is not absorbed changes none")
    func absorption() {
        let draws = { (sent: [UInt8], passed: [UInt8]) in
            var transcript = ProverTranscript(state: .zero)
            transcript.send(bytes: sent)
            transcript.sendUnabsorbed(bytes: passed)
            return [
                transcript.drawBytes(1, width: 24), transcript.drawBytes(2, width: 4),
                transcript.drawBytes(1, width: 8),
            ]
        }
        let reference = draws([1, 2, 3], [4, 5])
        #expect(draws([1, 2, 3], [4, 6]) == reference)
        for changed in [[1, 2, 2], [0, 2, 3], [1, 2], [1, 2, 3, 0], []] as [[UInt8]] {
            for (old, new) in zip(reference, draws(changed, [4, 5])) {
                #expect(old != new)
            }
        }
    }

    @Test("A proof that is too short, too long, or not ground is refused with what was expected")
    func refusals() {
        let proof: [UInt8] = [1, 2, 3]
        #expect(throws: TranscriptError.endsEarly(expected: 4, remaining: 3)) {
            var transcript = VerifierTranscript(state: .zero, proof: proof)
            _ = try transcript.readBytes(4)
        }
        #expect(throws: TranscriptError.endsEarly(expected: Int.max, remaining: 2)) {
            var transcript = VerifierTranscript(state: .zero, proof: proof)
            _ = try transcript.readBytes(1)
            _ = try transcript.readUnabsorbed(Int.max)
        }
        #expect(throws: TranscriptError.endsEarly(expected: -1, remaining: 3)) {
            var transcript = VerifierTranscript(state: .zero, proof: proof)
            _ = try transcript.readBytes(-1)
        }
        #expect(throws: TranscriptError.trailingBytes(1)) {
            var transcript = VerifierTranscript(state: .zero, proof: proof)
            _ = try transcript.readBytes(2)
            try transcript.finish()
        }
        var prover = ProverTranscript(state: .zero)
        prover.grind(bits: 10)
        for nonce in 0..<prover.proof[0] {
            #expect(throws: TranscriptError.grinding(bits: 10), "a lesser nonce") {
                var transcript = VerifierTranscript(state: .zero, proof: [nonce, prover.proof[1]] + prover.proof[2...])
                try transcript.checkGrinding(bits: 10)
            }
        }
    }

    private func cases() throws -> [[[String]]] {
        var cases: [[[String]]] = []
        for line in try VectorFile("transcript").lines {
            if line[0] == "state" {
                cases.append([])
            }
            cases[cases.count - 1].append(line)
        }
        return cases
    }

    private func check(_ line: [String], on transcript: inout ProverTranscript) throws {
        switch line[0] {
        case "send": transcript.send(bytes: try bytes(hex: line[1]))
        case "pass": transcript.sendUnabsorbed(bytes: try bytes(hex: line[1]))
        case "draw":
            let values = transcript.drawBytes(try #require(Int(line[1])), width: try #require(Int(line[2])))
            #expect(hex(values) == line[3])
        case "indices":
            let indices = transcript.drawIndices(try #require(Int(line[1])), log: try #require(Int(line[2])))
            #expect(indices == line[3].split(separator: ",").map { Int($0) })
        case "grind":
            transcript.grind(bits: try #require(Int(line[1])))
            let nonce = transcript.proof.suffix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            #expect(nonce == UInt64(line[2]))
        default: #expect(line[0] == "proof")
        }
    }

    private func check(_ line: [String], on transcript: inout VerifierTranscript) throws {
        switch line[0] {
        case "send": #expect(hex(try transcript.readBytes(line[1].utf8.count / 2)) == line[1])
        case "pass": #expect(hex(try transcript.readUnabsorbed(line[1].utf8.count / 2)) == line[1])
        case "draw":
            let values = transcript.drawBytes(try #require(Int(line[1])), width: try #require(Int(line[2])))
            #expect(hex(values) == line[3])
        case "indices":
            let indices = transcript.drawIndices(try #require(Int(line[1])), log: try #require(Int(line[2])))
            #expect(indices == line[3].split(separator: ",").map { Int($0) })
        case "grind": try transcript.checkGrinding(bits: try #require(Int(line[1])))
        default: #expect(line[0] == "proof")
        }
    }

    /// One event for each line between the first and the last, three for a grinding.
    private func expectedEvents(_ lines: [[String]]) -> Int {
        lines.dropFirst().dropLast().map { $0[0] == "grind" ? 3 : 1 }.reduce(0, +)
    }
}
