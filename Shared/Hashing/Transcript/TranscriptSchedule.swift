/// What happened on a transcript, in order: the schedule that tests pin for prover and verifier alike. It holds no value,
/// only order and width.
public enum TranscriptEvent: Hashable, Sendable {
    /// Bytes of the proof that the next draw hashes.
    case absorbed(bytes: Int)
    /// Bytes of the proof that nothing hashes: opened columns and paths, which an absorbed root binds.
    case unabsorbed(bytes: Int)
    /// Values drawn, each of so many bytes; none for the empty draw before grinding.
    case drawn(count: Int, bytesEach: Int)
}
