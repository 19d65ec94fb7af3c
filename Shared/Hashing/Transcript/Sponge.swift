/// The state that prover and verifier share: what was sent since the last draw waits, and a draw hashes it under the
/// state as key. The first 32 bytes of the output are the new state, the drawn values follow. (protocol.md, "Transcript")
struct Sponge: Sendable {
    private(set) var state: Digest
    private(set) var pending: [UInt8] = []
    /// What happened so far, if someone asked.
    private(set) var schedule: [TranscriptEvent]?

    init(state: Digest, recording: Bool) {
        self.state = state
        schedule = recording ? [] : nil
    }

    mutating func absorb(_ bytes: some Collection<UInt8>) {
        pending.append(contentsOf: bytes)
        schedule?.append(.absorbed(bytes: bytes.count))
    }

    mutating func pass(_ count: Int) {
        schedule?.append(.unabsorbed(bytes: count))
    }

    /// `count` values of `width` bytes each, one after the other.
    mutating func draw(_ count: Int, width: Int) -> [UInt8] {
        let output = Blake3.keyedHash(pending, key: state, length: Digest.byteCount + count * width)
        schedule?.append(.drawn(count: count, bytesEach: width))
        pending.removeAll(keepingCapacity: true)
        state = Digest(bytes: output.prefix(Digest.byteCount)) ?? .zero  // the output is never shorter
        return Array(output.dropFirst(Digest.byteCount))
    }

    /// `count` indices below 2^`log`, each the low bits of four bytes.
    mutating func drawIndices(_ count: Int, log: Int) -> [Int] {
        precondition((0...32).contains(log), "an index has at most 32 bits")
        let bytes = draw(count, width: 4)
        let mask: UInt64 = (1 << UInt64(log)) - 1
        return (0..<count).map { i in
            let value = (0..<4).reduce(UInt64(0)) { $0 | UInt64(bytes[4 * i + $1]) << UInt64(8 * $1) }
            return Int(value & mask)
        }
    }
}

/// The first state: BLAKE3, in the transcript's domain, of the digest of all tables and the canonical bytes of parameter
/// record, claim, boundary messages, heights and layout.
public func transcriptState(tables: Digest, statement: [UInt8]) -> Digest {
    Blake3.hash(tables.bytes + statement, mode: Domain.transcript)
}
