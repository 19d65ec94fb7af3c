/// One piece of work: a segment of a job to be proved (later also its lifting and joining by recursion).
public struct TaskID: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    public let job: String
    public let kind: TaskKind
    /// The place in the job: for a segment, its index in the run.
    public let index: Int

    public init(job: String, kind: TaskKind = .segment, index: Int) {
        self.job = job
        self.kind = kind
        self.index = index
    }

    /// `job/12` for a segment, `job/join-12` for the other kinds: the key of its records.
    public var description: String {
        kind == .segment ? "\(job)/\(index)" : "\(job)/\(kind.rawValue)-\(index)"
    }

    /// Reads what `description` wrote; nil for anything else.
    public init?(key: String) {
        guard let slash = key.firstIndex(of: "/") else { return nil }
        let job = String(key[..<slash])
        var place = key[key.index(after: slash)...]
        var kind = TaskKind.segment
        if let dash = place.firstIndex(of: "-") {
            guard let named = TaskKind(rawValue: String(place[..<dash])), named != .segment else { return nil }
            kind = named
            place = place[place.index(after: dash)...]
        }
        guard Identifier.isValid(job), let index = Int(place), index >= 0, String(index) == place else { return nil }
        self.init(job: job, kind: kind, index: index)
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = TaskID(key: text) else { throw MessageError.invalid(field: "task", value: text) }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.job, left.kind.order, left.index) < (right.job, right.kind.order, right.index)
    }
}

public enum TaskKind: String, Codable, Sendable, CaseIterable {
    case segment, lift, join

    var order: Int { self == .segment ? 0 : self == .lift ? 1 : 2 }
}

/// A task as the executor publishes it to `tasks`. Key: the task.
public struct TaskMessage: ControlMessage, Hashable {
    public let task: TaskID
    /// What a receipt must claim to be believed: the claim's canonical bytes, hexadecimal.
    public let claim: String
    /// The segment's bytes.
    public let body: BodyReference
    /// The size class that its proof needs: log2 of the stack. It decides the memory of whoever proves it.
    public let stackLog2: Int
    public let cycles: UInt64

    enum CodingKeys: String, CodingKey {
        case task, claim, body, cycles
        case stackLog2 = "stack_log2"
    }

    public init(task: TaskID, claim: String, body: BodyReference, stackLog2: Int, cycles: UInt64) {
        self.task = task
        self.claim = claim
        self.body = body
        self.stackLog2 = stackLog2
        self.cycles = cycles
    }

    public func validate() throws {
        try require(claim.isLowerHex && claim.utf8.count % 2 == 0, "claim", claim)
        try require((10...32).contains(stackLog2), "stack_log2", stackLog2)
        try body.validate(field: "body")
    }
}

/// The end of a run, published to `tasks` after its last segment. Key: the job.
public struct RunEnd: ControlMessage, Hashable {
    public static var maximumBytes: Int { Topics.maximumMessageBytes }

    public let job: String
    public let cycles: UInt64
    public let segments: Int
    /// Hexadecimal; absent when the run failed.
    public let journal: String?
    /// What a receipt of the run needs to bind its journal to the last memory root: hexadecimal, the encoding is that of
    /// Receipts.
    public let journalOpening: String?
    /// Where the same lies when it is too large for a message; `journal` and `journalOpening` are absent then.
    public let openingBody: BodyReference?
    public let exit: ExitMessage?
    /// Why there will be no more segments although the program did not end: a bad program, a limit reached.
    public let failure: String?

    enum CodingKeys: String, CodingKey {
        case job, cycles, segments, journal, exit, failure
        case journalOpening = "journal_opening"
        case openingBody = "opening_body"
    }

    public init(
        job: String, cycles: UInt64, segments: Int, journal: String?, journalOpening: String?,
        openingBody: BodyReference? = nil, exit: ExitMessage?, failure: String? = nil
    ) {
        self.job = job
        self.cycles = cycles
        self.segments = segments
        self.journal = journal
        self.journalOpening = journalOpening
        self.openingBody = openingBody
        self.exit = exit
        self.failure = failure
    }

    public func validate() throws {
        try require(Identifier.isValid(job), "job", job)
        try require(segments >= 0, "segments", segments)
        try openingBody?.validate(field: "opening_body")
    }

    /// Hexadecimal digits of a journal's opening that a message still carries.
    public static let longestOpening = 256 * 1024

    /// The same end, its journal's opening named instead of carried.
    public func naming(_ body: BodyReference) -> RunEnd {
        RunEnd(
            job: job, cycles: cycles, segments: segments, journal: nil, journalOpening: nil, openingBody: body,
            exit: exit, failure: failure)
    }
}

/// The fate of a task. Key: the task; the dispatcher writes it, once.
public struct Settlement: ControlMessage, Hashable {
    public let task: TaskID
    /// The first receipt that verified; absent when the task failed for good.
    public let receipt: BodyReference?
    public let failure: String?
    public let lane: LaneName?
    public let node: String?

    public init(task: TaskID, receipt: BodyReference?, failure: String?, lane: LaneName?, node: String?) {
        self.task = task
        self.receipt = receipt
        self.failure = failure
        self.lane = lane
        self.node = node
    }

    public func validate() throws {
        try require((receipt == nil) != (failure == nil), "receipt", "exactly one of receipt and failure")
        try receipt?.validate(field: "receipt")
    }
}

/// That a job has its result and holds nothing any more. Key: the job; the aggregator writes it, once.
public struct JobEnd: ControlMessage, Hashable {
    public let job: String
    public let status: JobResult.Status

    public init(job: String, status: JobResult.Status) {
        self.job = job
        self.status = status
    }

    public func validate() throws { try require(Identifier.isValid(job), "job", job) }
}
