/// Who proves what: the policy of the pipeline as a pure state machine.
///
/// Messages and time go in, actions come out; it holds no clock, no broker, no randomness. So it runs unchanged in the
/// verifier service, in tests and in a simulation of ten thousand nodes.
///
/// - Work is pulled: a node that says `ready` is given a task, at once. Higher priority goes first, then the job with
///   the fewest running copies, then the lowest index; a lane gets a task again that it had before only if no other
///   lane can take it.
/// - A second copy of a task, up to its job's redundancy, goes out only to a node for which nothing unstarted waits, and
///   to another lane while there is one: idle machines race stragglers, and redundancy costs nothing while there is a
///   backlog.
/// - The last tasks go to the fast: a node leaves one to others that will have done all that waits before it would.
/// - A receipt settles its task when it is the first valid one, whoever sent it. Every failure (late, silent, invalid)
///   costs the lane credit and is a replay: the task waits again, its attempt raised. Attempts are bounded.
/// - A node whose receipt is invalid gets no work for a while, twice as long each time, so that one broken machine costs its
///   lane's credit once and not again and again.
public struct Dispatcher: Sendable {
    public struct Settings: Sendable, Hashable {
        /// A node that said nothing for so long is gone: seconds.
        public var silence = 12.0
        /// Work that a node was sent and does not hold after so long is sent again: seconds.
        public var resend = 6.0
        /// How often a task is tried before its job fails.
        public var attempts = 32
        /// What a copy may take beyond its estimate: seconds.
        public var leastAllowance = 10.0
        /// Estimates are multiplied by it.
        public var allowanceFactor = 2.0
        /// What a copy may take when nothing was measured yet: seconds.
        public var unknownAllowance = 900.0
        /// A slow node leaves its task to others that will be done after at most this part of its own time.
        public var tailMargin = 0.95

        public init() {}
    }

    public enum Input: Sendable {
        case execution(Execution)
        case task(TaskMessage)
        /// Its job is over, and it was taken out of `tasks`.
        case withdrawn(TaskID)
        case settlement(Settlement)
        case jobEnd(JobEnd)
        /// A job's time has passed: nothing of it will be heard again.
        case forgotten(job: String)
        /// What this dispatcher, or the one before it, wrote to `dispatch`.
        case record(DispatchRecord)
        case control(Control)
        /// All that was there when this dispatcher took over has been read: only now can anything be late.
        case caughtUp
        case tick
    }

    public enum Action: Sendable, Equatable {
        case send(lane: LaneName, partition: Int32, Work)
        case settle(Settlement)
        case save(DispatchRecord)
        /// A tombstone for a task's record in `dispatch`.
        case forget(TaskID)
        case event(JobEvent)
    }

    public let settings: Settings
    var jobs: [String: JobState] = [:]
    var nodes: [NodeKey: NodeState] = [:]
    var lanes: [LaneName: LaneCredit] = [:]
    /// Nodes whose receipts were invalid. A node's silence does not clear it; an hour of good conduct does.
    var exclusions: [NodeKey: Exclusion] = [:]
    var deadlines = Deadlines()
    /// Records of tasks whose `tasks` message has not been read yet.
    var records: [TaskID: DispatchRecord.Task] = [:]
    /// Nodes that have free places and for which there was nothing.
    var hungry: Set<NodeKey> = []
    var caughtUp = false
    /// What all nodes together do: cycles a second.
    var fleetRate = 0.0
    var now = 0.0
    var actions: [Action] = []

    public init(settings: Settings = Settings()) {
        self.settings = settings
    }

    /// Takes one input at a time (seconds since 1970, never falling) and says what follows.
    public mutating func handle(_ input: Input, now time: Double) -> [Action] {
        now = max(now, time)
        actions = []
        switch input {
        case .execution(let execution): take(execution)
        case .task(let message): take(message)
        case .settlement(let settlement): restore(settlement)
        case .jobEnd(let end): forget(job: end.job)
        case .withdrawn(let task): close(task)
        case .forgotten(let job):
            forget(job: job)
            jobs[job] = nil
        case .record(let record): restore(record)
        case .control(let control):
            if let ready = control.ready { take(ready, of: control.lane) }
            if let verdict = control.verdict { take(verdict, of: NodeKey(lane: control.lane, node: control.node)) }
        case .caughtUp: catchUp()
        case .tick: tick()
        }
        return actions
    }
}

// MARK: State

struct NodeKey: Hashable, Sendable, Comparable {
    let lane: LaneName
    let node: String

    static func < (left: Self, right: Self) -> Bool { (left.lane, left.node) < (right.lane, right.node) }
}

struct NodeState: Sendable {
    var ready: Ready
    var seen: Double
    /// What the dispatcher gave it and has not taken back.
    var assigned: Set<TaskID> = []
    var pace = Pace()
}

struct Copy: Sendable, Hashable {
    let key: NodeKey
    var started: Double
    var sent: Double
    var deadline: Double
    /// How many tasks its node had to finish first.
    var ahead = 0
    /// Its deadline has passed: it no longer counts, but may still win.
    var late = false
}

struct TaskState: Sendable {
    let message: TaskMessage
    var attempt = 0
    var copies: [Copy] = []
    var lanesThatHadIt: Set<LaneName> = []

    var running: Int { copies.count { !$0.late } }
}

struct JobState: Sendable {
    var priority = 5
    var redundancy = 1
    var acceptedAt = 0.0
    /// Its execution has been read, and it was not cancelled or refused.
    var active = false
    var ended = false
    var open: [TaskID: TaskState] = [:]
    var settled: Set<TaskID> = []
    /// Open tasks without a running copy, highest first, so that the lowest is the last.
    var waiting: [TaskID] = []
    var runningCopies = 0

    mutating func wait(_ task: TaskID) {
        var low = 0, high = waiting.count
        while low < high {
            let middle = (low + high) / 2
            if waiting[middle] > task { low = middle + 1 } else { high = middle }
        }
        if low == waiting.count || waiting[low] != task { waiting.insert(task, at: low) }
    }

    mutating func stopWaiting(_ task: TaskID) {
        if let place = waiting.lastIndex(of: task) { waiting.remove(at: place) }
    }
}

/// What the dispatcher keeps in `dispatch`, compacted: tasks that run or failed, lanes' credit.
public struct DispatchRecord: ControlMessage, Hashable {
    public let task: Task?
    public let lane: Lane?

    public struct Task: Codable, Hashable, Sendable {
        public let task: TaskID
        public let attempt: Int
        public let copies: [Holder]
        public let lanes: [LaneName]
    }

    public struct Holder: Codable, Hashable, Sendable {
        public let lane: LaneName
        public let node: String
    }

    public struct Lane: Codable, Hashable, Sendable {
        public let lane: LaneName
        public let credit: LaneCredit
    }

    init(task: Task) {
        self.task = task
        lane = nil
    }

    init(lane: Lane) {
        task = nil
        self.lane = lane
    }

    /// The key of its record: the task, or `lane:` and the lane.
    public var key: String { task.map { $0.task.description } ?? "lane:" + (lane?.lane.text ?? "") }
}
