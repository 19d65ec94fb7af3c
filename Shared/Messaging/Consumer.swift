/// Where reading begins.
public enum StartingOffset: Hashable, Sendable {
    /// The first record that is kept.
    case beginning
    /// What is written from now on.
    case end
    /// This offset, or the next one that holds a record.
    case offset(Int64)
    /// The group's committed offset; where there is none, as `GroupConfiguration.whenNothingCommitted` says.
    case committed
}

/// A member of a consumer group: the group gives each partition of the topics to one member.
///
/// All reading and all callbacks happen in `poll`, on the caller's thread. Polls must follow each other within
/// `GroupConfiguration.maximumPollInterval`, or the group gives the partitions to others: while long work runs elsewhere,
/// pause partitions and go on polling. Only committed records are read.
public protocol GroupConsumer: Sendable {
    /// Waits for records until there is at least one or `timeout` has passed.
    ///
    /// Partitions are taken in turn. During a rebalance the callbacks of `GroupConfiguration` run in here.
    /// - Parameter maximum: of records; with 0 only the group's affairs are served.
    /// - Throws: what polling again does not heal; an error of `onAssigned` (the assignment is empty then).
    func poll(timeout: Duration, maximum: Int) throws -> [Record]

    /// The group's partitions and those that `onAssigned` added.
    var assignment: [TopicPartition] { get }

    /// Leaves partitions out of `poll` until they are resumed; what was fetched of them stays. Forgotten at a rebalance.
    func pause(_ partitions: Set<TopicPartition>)
    func resume(_ partitions: Set<TopicPartition>)

    /// Goes on reading an assigned partition elsewhere.
    func seek(_ partition: TopicPartition, to start: StartingOffset) throws(BrokerError)

    /// Commits outside of a transaction that all below these offsets is done.
    /// - Throws: `.generationLost`.
    func commit(_ offsets: [TopicPartition: Int64]) throws(BrokerError)

    /// The committed offsets; partitions without one are left out.
    func committed(_ partitions: [TopicPartition]) throws(BrokerError) -> [TopicPartition: Int64]

    /// Leaves the group (`onRevoked` is called) and frees the client. More calls do nothing.
    func close()
}

extension GroupConsumer {
    public func poll(timeout: Duration) throws -> [Record] {
        try poll(timeout: timeout, maximum: 500)
    }
}

public struct GroupConfiguration: Sendable {
    public enum WhenNothingCommitted: String, Sendable { case beginning, end }

    public var group: String
    /// The input that the group shares out.
    public var topics: [TopicSelector]
    public var whenNothingCommitted = WhenNothingCommitted.beginning
    /// The longest time between two polls.
    public var maximumPollInterval: Duration = .seconds(300)
    /// The longest silence of a process before the group does without it.
    public var sessionTimeout: Duration = .seconds(10)

    /// Called in `poll` with the partitions that this member now has. It returns what to read: usually the same from
    /// `.committed`, together with partitions of state, which belong to no group, from where their reading stopped.
    ///
    /// It may take its time (below `maximumPollInterval`), and read the state with a `Reader` of its own; it must not
    /// call the consumer.
    public var onAssigned: @Sendable ([TopicPartition]) throws -> [TopicPartition: StartingOffset] = { partitions in
        Dictionary(uniqueKeysWithValues: partitions.map { ($0, StartingOffset.committed) })
    }

    /// Called in `poll` and `close` with the group's partitions that this member no longer has. When they are lost,
    /// others have them already and nothing can be committed.
    public var onRevoked: @Sendable (_ partitions: [TopicPartition], _ areLost: Bool) -> Void = { _, _ in }

    /// Called in `poll` for offsets that were passed over since what is there cannot be decoded.
    public var onUnreadable: UnreadableHandler = { _, _, _ in }

    public init(group: String, topics: [TopicSelector]) {
        self.group = group
        self.topics = topics
    }
}

/// Offsets that were passed over: where, which, and why.
public typealias UnreadableHandler = @Sendable (TopicPartition, Range<Int64>, BrokerError) -> Void

/// Reads partitions of its own choice, in no group. One thread at a time. Only committed records are read.
public protocol Reader: Sendable {
    /// Reads these partitions from now on, and no others. `.committed` is no start here.
    func assign(_ partitions: [TopicPartition: StartingOffset]) throws(BrokerError)

    /// Waits for records until there is at least one or `timeout` has passed.
    /// - Throws: what polling again does not heal, such as `.offsetOutOfRange` if `whenOutOfRange` is `.fail`.
    func poll(timeout: Duration, maximum: Int) throws(BrokerError) -> [Record]

    /// Hands all records of the assigned partitions to `visit`, up to the ends that they had when this was called;
    /// transactions that were open then are waited for.
    ///
    /// - Throws: `.timedOut` when no record came for `timeout` and the end was not reached; what `visit` throws.
    /// - Returns: the offsets at which reading goes on.
    func readToEnd(timeout: Duration, _ visit: (Record) throws -> Void) throws -> [TopicPartition: Int64]

    /// The records at these positions, in this order. Ends the assignment: `poll` has nothing to read afterwards.
    ///
    /// - Throws: `.offsetOutOfRange` or `.recordNotFound` when one is not there (any more), `.timedOut` when it has not
    ///   come into sight.
    func read(_ positions: [Position], timeout: Duration) throws(BrokerError) -> [Record]

    /// Frees the client. More calls do nothing.
    func close()
}

extension Reader {
    public func poll(timeout: Duration) throws(BrokerError) -> [Record] {
        try poll(timeout: timeout, maximum: 500)
    }

    /// Assigns all of these partitions and reads them to their ends, those of one step before those of the next: for state
    /// in which what one topic says is only right once another is known. Reading goes on from there, in no order.
    public func readToEnd(
        inSteps steps: [[TopicPartition]], timeout: Duration, _ visit: (Record) throws -> Void
    ) throws -> [TopicPartition: Int64] {
        var ends: [TopicPartition: Int64] = [:]
        for step in steps {
            var starts = ends.mapValues { StartingOffset.offset($0) }
            for partition in step { starts[partition] = .beginning }
            try assign(starts)
            ends = try readToEnd(timeout: timeout, visit)
        }
        return ends
    }
}

public struct ReaderConfiguration: Sendable {
    public enum WhenOutOfRange: String, Sendable { case fail, beginning, end }

    public enum Purpose: String, Sendable {
        /// Following what comes: nothing is asked for in vain.
        case following
        /// Reading to the ends that there are: an end is noticed within milliseconds.
        case state
        /// Bodies, which are large and read one by one: little is fetched ahead.
        case bodies
    }

    public var purpose = Purpose.following
    /// What happens when the offset to read is no longer kept.
    public var whenOutOfRange = WhenOutOfRange.fail
    public var onUnreadable: UnreadableHandler = { _, _, _ in }

    public init() {}
}
