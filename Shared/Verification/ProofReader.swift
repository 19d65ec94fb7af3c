import BinaryFields
import Hashing

/// The proof, read through the transcript; what is wrong with its bytes is a refusal.
struct ProofReader {
    private var transcript: VerifierTranscript

    init(_ transcript: VerifierTranscript) {
        self.transcript = transcript
    }

    /// What happened so far, if it is recorded.
    var schedule: [TranscriptEvent] { transcript.schedule ?? [] }

    /// Reads `count` elements, which are absorbed.
    mutating func elements(_ count: Int) throws(VerificationError) -> [E] {
        do { return try transcript.read(count) } catch { throw .transcript(error) }
    }

    /// Reads one element.
    mutating func element() throws(VerificationError) -> E {
        do { return try transcript.read() } catch { throw .transcript(error) }
    }

    /// Reads a root.
    mutating func digest() throws(VerificationError) -> Digest {
        do { return try transcript.readDigest() } catch { throw .transcript(error) }
    }

    /// Draws `count` challenges.
    mutating func draw(_ count: Int) -> [E] { transcript.draw(count) }

    /// Draws one challenge.
    mutating func draw() -> E { transcript.draw() }

    /// Draws `count` indices below 2^`log`.
    mutating func drawIndices(_ count: Int, log: Int) -> [Int] { transcript.drawIndices(count, log: log) }

    /// Reads a nonce that must bring about `bits` zero bits.
    mutating func grind(bits: Int) throws(VerificationError) {
        do { try transcript.checkGrinding(bits: bits) } catch { throw .transcript(error) }
    }

    /// Reads the columns at `indices`, each of so many bytes, from under a root.
    mutating func columns(
        at indices: [Int], root: Digest, depth: Int, columnBytes: Int
    ) throws(VerificationError) -> [ArraySlice<UInt8>] {
        do {
            return try transcript.readColumns(at: indices, root: root, depth: depth, columnBytes: columnBytes)
        } catch { throw .transcript(error) }
    }

    /// Checks that nothing is left.
    func finish() throws(VerificationError) {
        do { try transcript.finish() } catch { throw .transcript(error) }
    }

    /// A sumcheck for a claim in `rounds` variables, of a polynomial s of degree 2 or 3 in each. Returns the point of
    /// the challenges, to which the claim is then reduced.
    ///
    /// The claim is s(0) + s(1), which is the sum of all coefficients but s₀: so s₁ is not sent.
    mutating func sumcheck(rounds: Int, degree: Int, claim: inout E) throws(VerificationError) -> [E] {
        var point: [E] = []
        for _ in 0..<rounds {
            var coefficients = try elements(degree)  // s₀, s₂ and, if the degree is 3, s₃
            coefficients.insert(coefficients.dropFirst().reduce(claim, +), at: 1)
            let challenge = draw()
            claim = evaluate(coefficients, at: challenge)
            point.append(challenge)
        }
        return point.reversed()  // the highest bit was bound first
    }
}
