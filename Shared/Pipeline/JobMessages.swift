import Foundation

/// What a user publishes to `jobs`: a program to run and prove, or a word about a job of before.
///
/// The whole message travels in one record, so a program written by hand comes as base64 and a large one by reference
/// (`sheaf submit` uploads it first).
public struct Job: ControlMessage, Hashable {
    public static var maximumBytes: Int { Topics.maximumMessageBytes }

    /// The job's name, the user's choice: 1 to 64 of `a-z A-Z 0-9 . _ -`. A second job of the same name is the same job
    /// if it says the same, and refused if it does not.
    public let id: String
    /// `cancel` ends a job of before; absent, the job is to be proved.
    public let action: Action?
    /// The ELF file: exactly one of the two.
    public let program: BodyReference?
    public let programBase64: String?
    /// What the program reads: at most one of the two; neither is an empty input.
    public let input: BodyReference?
    public let inputBase64: String?
    /// Segments end after 2^`limit_log2` cycles: 13 to 24.
    public let limitLog2: Int?
    /// On how many nodes of different lanes a segment may be proved at once: 1 to 16.
    public let redundancy: Int?
    /// 0 to 9; higher goes first.
    public let priority: Int?
    /// The job fails when it is not done so many seconds after it was accepted.
    public let deadlineSeconds: Int?
    /// The run fails when it has not ended after so many cycles.
    public let cycleLimit: UInt64?

    public enum Action: String, Codable, Sendable { case prove, cancel }

    enum CodingKeys: String, CodingKey {
        case id, action, program, input, redundancy, priority
        case programBase64 = "program_base64"
        case inputBase64 = "input_base64"
        case limitLog2 = "limit_log2"
        case deadlineSeconds = "deadline_seconds"
        case cycleLimit = "cycle_limit"
    }

    public init(
        id: String, action: Action? = nil, program: BodyReference? = nil, programBase64: String? = nil,
        input: BodyReference? = nil, inputBase64: String? = nil, limitLog2: Int? = nil, redundancy: Int? = nil,
        priority: Int? = nil, deadlineSeconds: Int? = nil, cycleLimit: UInt64? = nil
    ) {
        self.id = id
        self.action = action
        self.program = program
        self.programBase64 = programBase64
        self.input = input
        self.inputBase64 = inputBase64
        self.limitLog2 = limitLog2
        self.redundancy = redundancy
        self.priority = priority
        self.deadlineSeconds = deadlineSeconds
        self.cycleLimit = cycleLimit
    }

    public func validate() throws {
        try require(Identifier.isValid(id), "id", id)
        if action == .cancel { return }
        try require((program == nil) != (programBase64 == nil), "program", "exactly one of program and program_base64")
        try require(input == nil || inputBase64 == nil, "input", "at most one of input and input_base64")
        try program?.validate(field: "program")
        try input?.validate(field: "input")
        try require((13...24).contains(limitLog2 ?? 19), "limit_log2", limitLog2 ?? 0)
        try require((1...16).contains(redundancy ?? 1), "redundancy", redundancy ?? 0)
        try require((0...9).contains(priority ?? 5), "priority", priority ?? 0)
        try require((1...31_536_000).contains(deadlineSeconds ?? 1), "deadline_seconds", deadlineSeconds ?? 0)
        try require((cycleLimit ?? 1) > 0, "cycle_limit", cycleLimit ?? 0)
    }
}

/// Where bytes come from: a body somewhere, or the message itself. In JSON, `{"body": …}` or `{"base64": "…"}`.
public enum Source: Codable, Hashable, Sendable {
    case body(BodyReference)
    case inline(base64: String)

    private enum Keys: String, CodingKey { case body, base64 }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        if let body = try container.decodeIfPresent(BodyReference.self, forKey: .body) {
            self = .body(body)
        } else {
            self = .inline(base64: try container.decode(String.self, forKey: .base64))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        switch self {
        case .body(let body): try container.encode(body, forKey: .body)
        case .inline(let base64): try container.encode(base64, forKey: .base64)
        }
    }

    /// The bytes, if they are here already and are base64.
    public var inlineBytes: [UInt8]? {
        guard case .inline(let text) = self else { return nil }
        return Data(base64Encoded: text).map(Array.init)
    }
}

/// What ingest makes of a job: everything that decides its segments, pinned; or a refusal. Key: the job.
public struct Execution: ControlMessage, Hashable {
    public static var maximumBytes: Int { Topics.maximumMessageBytes }

    public let job: String
    public let state: State
    /// Why it was refused or cancelled, for people.
    public let reason: String?
    /// BLAKE3 of the job's canonical content: a second job of this name is the same if it has the same digest.
    public let contentDigest: String
    public let program: Source
    public let input: Source
    /// Of the program, as every receipt names it: 64 hexadecimal digits; empty when the job was refused.
    public let imageID: String
    public let limitLog2: Int
    public let redundancy: Int
    public let priority: Int
    public let deadlineSeconds: Int
    public let cycleLimit: UInt64
    /// When it was accepted: seconds since 1970.
    public let acceptedAt: Double

    public enum State: String, Codable, Sendable { case accepted, refused, cancelled }

    enum CodingKeys: String, CodingKey {
        case job, state, reason, program, input, redundancy, priority
        case contentDigest = "content_digest"
        case imageID = "image_id"
        case limitLog2 = "limit_log2"
        case deadlineSeconds = "deadline_seconds"
        case cycleLimit = "cycle_limit"
        case acceptedAt = "accepted_at"
    }

    public init(
        job: String, state: State, reason: String? = nil, contentDigest: String, program: Source, input: Source,
        imageID: String, limitLog2: Int, redundancy: Int, priority: Int, deadlineSeconds: Int, cycleLimit: UInt64,
        acceptedAt: Double
    ) {
        self.job = job
        self.state = state
        self.reason = reason
        self.contentDigest = contentDigest
        self.program = program
        self.input = input
        self.imageID = imageID
        self.limitLog2 = limitLog2
        self.redundancy = redundancy
        self.priority = priority
        self.deadlineSeconds = deadlineSeconds
        self.cycleLimit = cycleLimit
        self.acceptedAt = acceptedAt
    }

    public func validate() throws {
        try require(Identifier.isValid(job), "job", job)
        try require((13...24).contains(limitLog2), "limit_log2", limitLog2)
        try require((1...16).contains(redundancy), "redundancy", redundancy)
        try require((0...9).contains(priority), "priority", priority)
        if case .body(let body) = program { try body.validate(field: "program") }
        if case .body(let body) = input { try body.validate(field: "input") }
    }

    /// The same execution, ended by its user before it was done.
    public func cancelled(reason: String) -> Execution {
        Execution(
            job: job, state: .cancelled, reason: reason, contentDigest: contentDigest, program: program, input: input,
            imageID: imageID, limitLog2: limitLog2, redundancy: redundancy, priority: priority,
            deadlineSeconds: deadlineSeconds, cycleLimit: cycleLimit, acceptedAt: acceptedAt)
    }
}

/// How a run ended, as its last segment's claim says.
public struct ExitMessage: Codable, Hashable, Sendable {
    /// `halted` with the guest's own code, or `faulted` with the machine's (docs/guests.md).
    public let kind: Kind
    public let code: UInt32

    public enum Kind: String, Codable, Sendable { case halted, faulted }

    public init(kind: Kind, code: UInt32) {
        self.kind = kind
        self.code = code
    }
}

/// The one answer to a job. Key: the job.
public struct JobResult: ControlMessage, Hashable {
    public static var maximumBytes: Int { 4 << 20 }

    public let id: String
    public let status: Status
    /// For people; absent when done.
    public let reason: String?
    public let imageID: String?
    /// What the program published: hexadecimal. Longer ones are in the receipt alone.
    public let journal: String?
    public let exit: ExitMessage?
    public let cycles: UInt64?
    public let segments: Int?
    public let receipt: BodyReference?
    /// From acceptance to result.
    public let seconds: Double

    public enum Status: String, Codable, Sendable { case done, failed, refused, cancelled }

    enum CodingKeys: String, CodingKey {
        case id, status, reason, journal, exit, cycles, segments, receipt, seconds
        case imageID = "image_id"
    }

    public init(
        id: String, status: Status, reason: String? = nil, imageID: String? = nil, journal: String? = nil,
        exit: ExitMessage? = nil, cycles: UInt64? = nil, segments: Int? = nil, receipt: BodyReference? = nil,
        seconds: Double
    ) {
        self.id = id
        self.status = status
        self.reason = reason
        self.imageID = imageID
        self.journal = journal
        self.exit = exit
        self.cycles = cycles
        self.segments = segments
        self.receipt = receipt
        self.seconds = seconds
    }
}
