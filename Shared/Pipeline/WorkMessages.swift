/// What the dispatcher tells one node on `work.<lane>`. Key: the node.
public struct Work: ControlMessage, Hashable {
    /// The node that it is for; every other one ignores it.
    public let node: String
    public let order: Order
    public let task: TaskID
    /// The segment to prove; absent when the order is to drop it.
    public let body: BodyReference?
    /// The size class, log2 of the stack.
    public let stackLog2: Int?
    public let claim: String?
    /// How often this task was tried before.
    public let attempt: Int

    /// `drop`: the task is settled, or another's; what was done for it can be thrown away.
    public enum Order: String, Codable, Sendable { case prove, drop }

    enum CodingKeys: String, CodingKey {
        case node, order, task, body, claim, attempt
        case stackLog2 = "stack_log2"
    }

    public init(
        node: String, order: Order, task: TaskID, body: BodyReference? = nil, stackLog2: Int? = nil,
        claim: String? = nil, attempt: Int = 0
    ) {
        self.node = node
        self.order = order
        self.task = task
        self.body = body
        self.stackLog2 = stackLog2
        self.claim = claim
        self.attempt = attempt
    }

    public func validate() throws {
        try require(Identifier.isValid(node), "node", node)
        try require(order == .drop || body != nil && claim != nil, "body", "missing")
        try body?.validate(field: "body")
    }
}

/// A node's sign of life on `receipts.<lane>`: at once when it can take a task, and every few seconds.
public struct Ready: ControlMessage, Hashable {
    /// Unique within its lane: 1 to 64 of `a-z A-Z 0-9 . _ -`.
    public let node: String
    /// The partition of `work.<lane>` that it reads.
    public let partition: Int32
    /// The largest size class that its memory holds: log2 of the stack.
    public let maximumStackLog2: Int
    /// As it measured itself; 0 when it has proved nothing yet.
    public let cyclesPerSecond: Double
    /// The tasks that it has, proving or waiting.
    public let holds: [TaskID]
    /// How many more it can take: 0 when it only says that it lives.
    public let free: Int
    /// It takes no more work and goes when it has none left.
    public let leaving: Bool

    public static let maximumHeld = 16

    enum CodingKeys: String, CodingKey {
        case node, partition, holds, free, leaving
        case maximumStackLog2 = "maximum_stack_log2"
        case cyclesPerSecond = "cycles_per_second"
    }

    public init(
        node: String, partition: Int32, maximumStackLog2: Int, cyclesPerSecond: Double, holds: [TaskID], free: Int,
        leaving: Bool = false
    ) {
        self.node = node
        self.partition = partition
        self.maximumStackLog2 = maximumStackLog2
        self.cyclesPerSecond = cyclesPerSecond
        self.holds = holds
        self.free = free
        self.leaving = leaving
    }

    public func validate() throws {
        try require(Identifier.isValid(node), "node", node)
        try require((0..<4096).contains(partition), "partition", partition)
        try require((0...64).contains(maximumStackLog2), "maximum_stack_log2", maximumStackLog2)
        try require(cyclesPerSecond.isFinite && cyclesPerSecond >= 0, "cycles_per_second", cyclesPerSecond)
        try require(holds.count <= Self.maximumHeld, "holds", holds.count)
        try require((0...Self.maximumHeld).contains(free), "free", free)
    }
}

/// What a verifier tells the dispatcher on `control`: a node's word, or its own verdict on a receipt.
public struct Control: ControlMessage, Hashable {
    public let lane: LaneName
    public let node: String
    public let ready: Ready?
    public let verdict: Verdict?

    public struct Verdict: Codable, Hashable, Sendable {
        public let task: TaskID
        /// Where the verified receipt lies; absent when it was not valid.
        public let receipt: BodyReference?
        /// Why it is not valid.
        public let reason: String?

        public init(task: TaskID, receipt: BodyReference?, reason: String?) {
            self.task = task
            self.receipt = receipt
            self.reason = reason
        }
    }

    public init(lane: LaneName, ready: Ready) {
        self.lane = lane
        node = ready.node
        self.ready = ready
        verdict = nil
    }

    public init(lane: LaneName, node: String, verdict: Verdict) {
        self.lane = lane
        self.node = node
        ready = nil
        self.verdict = verdict
    }

    public func validate() throws {
        try require(Identifier.isValid(node), "node", node)
        try require((ready == nil) != (verdict == nil), "ready", "exactly one of ready and verdict")
        try ready?.validate()
        if let verdict {
            try require(
                (verdict.receipt == nil) != (verdict.reason == nil), "verdict", "exactly one of receipt and reason")
            try verdict.receipt?.validate(field: "verdict.receipt")
        }
    }
}

/// The names of the record headers that route a body without reading it.
public enum RoutingHeader {
    /// `ready` or `receipt` on `receipts.<lane>`.
    public static let kind = "kind"
    public static let task = "task"
    public static let node = "node"
    /// Of a part of a body: its number, from 0.
    public static let part = "part"
}

/// What happens to a job, for people (`sheaf watch`). Key: the job.
public struct JobEvent: ControlMessage, Hashable {
    public let job: String
    /// Seconds since 1970.
    public let time: Double
    public let what: What
    public let task: TaskID?
    public let lane: LaneName?
    public let node: String?
    public let cycles: UInt64?
    public let reason: String?

    public enum What: String, Codable, Sendable {
        case accepted, refused, executed, runEnded = "run_ended", proving, verified, replayed, settled, done, failed
        case cancelled
    }

    public init(
        job: String, time: Double, what: What, task: TaskID? = nil, lane: LaneName? = nil, node: String? = nil,
        cycles: UInt64? = nil, reason: String? = nil
    ) {
        self.job = job
        self.time = time
        self.what = what
        self.task = task
        self.lane = lane
        self.node = node
        self.cycles = cycles
        self.reason = reason
    }

    public func validate() throws { try require(Identifier.isValid(job), "job", job) }
}

/// A record that nobody could use, for operators. Key: the topic it came from.
public struct DeadLetter: ControlMessage, Hashable {
    public let topic: String
    public let partition: Int32
    public let offset: Int64
    public let reason: String
    /// The first KiB of what it was: base64.
    public let head: String
    /// Seconds since 1970.
    public let time: Double

    public init(topic: String, partition: Int32, offset: Int64, reason: String, head: String, time: Double) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.reason = reason
        self.head = head
        self.time = time
    }
}
