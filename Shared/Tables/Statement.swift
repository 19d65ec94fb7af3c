import Hashing

/// What a proof proves: that rows exist, so many of each table, which satisfy every constraint and whose messages
/// balance together with the boundary.
public struct Statement: Sendable {
    public let record: ParameterRecord
    public let system: TableSystem
    /// The number of rows of each table.
    public let heights: [Int]
    public let boundary: Boundary
    /// All that the statement is said to prove, which is more than the boundary shows. The protocol only hashes it.
    public let claim: [CanonicalValue]

    public init(
        record: ParameterRecord, system: TableSystem, heights: [Int], boundary: Boundary, claim: [CanonicalValue] = []
    ) {
        self.record = record
        self.system = system
        self.heights = heights
        self.boundary = boundary
        self.claim = claim
    }

    /// The state from which the transcripts of prover and verifier start: the digest of the tables, then record, claim,
    /// boundary, heights and layout, each list with its count.
    public func transcriptState(_ layout: Layout) -> Digest {
        let sides = [boundary.pushed, boundary.pulled].map { messages in
            CanonicalValue.list(messages.map { message in .numbers((0..<4).map { message[$0] }) })
        }
        let runs = layout.tables.map { CanonicalValue.numbers([UInt32($0.offset), UInt32($0.log)]) }
        let stated: [CanonicalValue] = [
            record.canonicalValue, .list(claim), .list(sides), .numbers(heights.map { UInt32($0) }), .list(runs),
        ]
        return Hashing.transcriptState(tables: system.digest, statement: CanonicalValue.list(stated).bytes)
    }
}

/// The four words of a message; `[3]` carries the tag in the tables of the machine.
public typealias MessageWords = SIMD4<UInt32>

/// The messages that the verifier itself sends and receives: a claim, as the tables see it.
public struct Boundary: Hashable, Sendable {
    public let pushed: [MessageWords]
    public let pulled: [MessageWords]

    public init(pushed: [MessageWords], pulled: [MessageWords]) {
        self.pushed = pushed
        self.pulled = pulled
    }

    public func messages(of side: Side) -> [MessageWords] { side == .pushed ? pushed : pulled }
}

/// Why a statement cannot be proved under its record, whatever the rows.
public enum StatementError: Error, Equatable, Sendable {
    /// The statement does not have one height for each table.
    case numberOfHeights(expected: Int, got: Int)
    /// A height is negative or above the record's limit.
    case height(table: Int, limit: Int, got: Int)
    /// So many messages, counted with their powers, that a multiset could have 2^32 members.
    case tooManyMessages(side: Side)
    /// The runs of the stack need a larger class: both in log₂ elements of K.
    case stackTooLarge(classLog: Int, neededLog: Int)
    /// The tallest table needs a larger class: both in bits of a height.
    case tableTooTall(classLog: Int, neededLog: Int)
}
