/// Why a proof cannot be read as the transcript of its statement. What was expected and what was got stand in each case.
public enum TranscriptError: Error, Hashable, Sendable {
    /// The proof ends before `expected` bytes could be read; `remaining` are left.
    case endsEarly(expected: Int, remaining: Int)
    /// Bytes are left when everything has been read.
    case trailingBytes(Int)
    /// The nonce does not give the zero bits that the record asks for.
    case grinding(bits: Int)
    /// Opened columns do not lead to the committed root.
    case merkleRoot(expected: Digest, got: Digest)
}

/// The verifier's side of the transcript: reads the proof from its start; what is read is absorbed, challenges are drawn.
/// No length comes from the proof, so nothing is allocated beyond what the shape dictates and the proof holds.
public struct VerifierTranscript: Sendable {
    private var sponge: Sponge
    private let proof: [UInt8]
    /// Bytes read so far.
    public private(set) var position = 0
    /// Bytes not read yet.
    public var remaining: Int { proof.count - position }

    /// `recording`: whether ``schedule`` is kept.
    public init(state: Digest, proof: [UInt8], recording: Bool = false) {
        sponge = Sponge(state: state, recording: recording)
        self.proof = proof
    }

    /// What happened so far, when recording.
    public var schedule: [TranscriptEvent]? { sponge.schedule }

    /// Reads `count` bytes that the next draw hashes.
    public mutating func readBytes(_ count: Int) throws(TranscriptError) -> ArraySlice<UInt8> {
        let bytes = try advance(count)
        sponge.absorb(bytes)
        return bytes
    }

    public mutating func readDigest() throws(TranscriptError) -> Digest {
        Digest(bytes: try readBytes(Digest.byteCount)) ?? .zero  // always 32 bytes
    }

    /// Reads `count` bytes that an absorbed root binds already: they are not hashed.
    public mutating func readUnabsorbed(_ count: Int) throws(TranscriptError) -> ArraySlice<UInt8> {
        let bytes = try advance(count)
        sponge.pass(count)
        return bytes
    }

    /// `count` values of `width` bytes each, one after the other.
    public mutating func drawBytes(_ count: Int, width: Int) -> [UInt8] {
        sponge.draw(count, width: width)
    }

    /// `count` indices below 2^`log`, log at most 32.
    public mutating func drawIndices(_ count: Int, log: Int) -> [Int] {
        sponge.drawIndices(count, log: log)
    }

    /// After an empty draw, reads a nonce of 8 bytes and checks that an index drawn is zero in its lowest `bits` bits.
    public mutating func checkGrinding(bits: Int) throws(TranscriptError) {
        _ = sponge.draw(0, width: 24)
        _ = try readBytes(8)
        guard sponge.drawIndices(1, log: bits) == [0] else { throw .grinding(bits: bits) }
    }

    /// Checks that nothing is left.
    public func finish() throws(TranscriptError) {
        guard remaining == 0 else { throw .trailingBytes(remaining) }
    }

    private mutating func advance(_ count: Int) throws(TranscriptError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw .endsEarly(expected: count, remaining: remaining) }
        defer { position += count }
        return proof[position..<position + count]
    }
}
