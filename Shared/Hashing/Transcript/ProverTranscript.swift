/// The prover's side of the transcript: what is sent is written to the proof and absorbed, challenges are drawn.
///
///     var transcript = ProverTranscript(state: transcriptState(tables: digest, statement: bytes))
///     transcript.send(root)
///     let gamma = transcript.drawBytes(1, width: 24)
public struct ProverTranscript: Sendable {
    private var sponge: Sponge
    /// All that was written.
    public private(set) var proof: [UInt8] = []

    /// `recording`: whether ``schedule`` is kept.
    public init(state: Digest, recording: Bool = false) {
        sponge = Sponge(state: state, recording: recording)
    }

    /// What happened so far, when recording.
    public var schedule: [TranscriptEvent]? { sponge.schedule }

    /// Writes bytes that the next draw hashes.
    public mutating func send(bytes: some Collection<UInt8>) {
        proof.append(contentsOf: bytes)
        sponge.absorb(bytes)
    }

    public mutating func send(_ digest: Digest) {
        send(bytes: digest.bytes)
    }

    /// Writes bytes that an absorbed root binds already: they are not hashed.
    public mutating func sendUnabsorbed(bytes: some Collection<UInt8>) {
        proof.append(contentsOf: bytes)
        sponge.pass(bytes.count)
    }

    /// `count` values of `width` bytes each, one after the other.
    public mutating func drawBytes(_ count: Int, width: Int) -> [UInt8] {
        sponge.draw(count, width: width)
    }

    /// `count` indices below 2^`log`, log at most 32.
    public mutating func drawIndices(_ count: Int, log: Int) -> [Int] {
        sponge.drawIndices(count, log: log)
    }

    /// After an empty draw, sends the least nonce of 8 bytes after which an index drawn is zero in its lowest `bits` bits
    /// (at most 32): a try is one compression, whatever was sent before. Expects 2^bits tries.
    public mutating func grind(bits: Int) {
        _ = sponge.draw(0, width: 24)
        send(bytes: Grinding.bytes(ofNonce: Grinding.leastNonce(state: sponge.state, bits: bits)))
        _ = sponge.drawIndices(1, log: bits)
    }
}
