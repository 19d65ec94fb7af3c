/// The membership of one consumer group: a state machine without clock or threads, after Kafka's classic protocol.
///
///     stable ──join, leave, silence, new topics──▶ preparing ──all members have polled──▶ stable, next generation
///
/// While it prepares, every member first lets go of its partitions (in its next poll) and then waits; so no partition ever
/// has two owners that both follow the protocol. A member that does not poll in time is left out.
struct GroupCoordinator {
    typealias MemberID = UInt64

    private struct Member {
        var topics: [TopicSelector]
        var maximumPollInterval: Duration
        var lastPoll: ContinuousClock.Instant
        var state = MemberState.joined
    }

    private enum MemberState: Equatable {
        /// Has nothing and waits for the coming generation.
        case joined
        /// Has partitions of which it will hear in its next poll.
        case due([TopicPartition])
        /// Works on what the present generation gave it.
        case assigned
    }

    /// What a member has to do in its poll.
    enum Step: Equatable {
        /// Nothing but read.
        case read
        /// Wait for the others.
        case wait
        /// Let go of everything, then `rejoin`.
        case revoke
        /// The group does without it: let go of everything, then `join` anew.
        case expelled
        case assign([TopicPartition], generation: Int32)
    }

    private(set) var generation: Int32 = 0
    private var members: [MemberID: Member] = [:]
    private var isPreparing = false
    /// What the present assignment was made from.
    private var topics: [TopicDescription] = []

    mutating func join(
        _ id: MemberID, topics: [TopicSelector], maximumPollInterval: Duration, now: ContinuousClock.Instant
    ) {
        members[id] = Member(topics: topics, maximumPollInterval: maximumPollInterval, lastPoll: now)
        prepare()
    }

    mutating func leave(_ id: MemberID) {
        if members.removeValue(forKey: id) != nil { prepare() }
    }

    /// The member has let go of what it had.
    mutating func rejoin(_ id: MemberID) {
        members[id]?.state = .joined
    }

    /// Notes that a member polls, and says what it has to do.
    /// - Parameter topics: all that exist.
    mutating func poll(_ id: MemberID, topics: [TopicDescription], now: ContinuousClock.Instant) -> Step {
        members[id]?.lastPoll = now
        expelSilent(now)
        guard members[id] != nil else { return .expelled }
        if !isPreparing, relevant(topics) != self.topics { prepare() }
        if isPreparing, members[id]?.state == .assigned { return .revoke }
        if isPreparing, members.values.allSatisfy({ $0.state == .joined }) { complete(relevant(topics)) }
        if isPreparing { return .wait }
        if case .due(let partitions) = members[id]?.state {
            members[id]?.state = .assigned
            return .assign(partitions, generation: generation)
        }
        return .read
    }

    /// Whether offsets of this member, which was assigned in `generation`, may be committed: also while the next one is
    /// being prepared, since no one else has its partitions yet.
    func mayCommit(_ id: MemberID, generation: Int32) -> Bool {
        members[id]?.state == .assigned && generation == self.generation
    }

    mutating func expelSilent(_ now: ContinuousClock.Instant) {
        for (id, member) in members where now - member.lastPoll > member.maximumPollInterval { leave(id) }
    }

    private mutating func prepare() {
        isPreparing = true
        for (id, member) in members where member.state != .assigned { members[id]?.state = .joined }
    }

    private mutating func complete(_ topics: [TopicDescription]) {
        generation += 1
        isPreparing = false
        self.topics = topics
        for (id, partitions) in rangeAssignment(topics) { members[id]?.state = .due(partitions) }
    }

    /// Topics that any member reads, by rising name.
    private func relevant(_ topics: [TopicDescription]) -> [TopicDescription] {
        let selectors = Set(members.values.flatMap(\.topics))
        return topics.filter { topic in selectors.contains { $0.matches(topic.name) } }.sorted { $0.name < $1.name }
    }

    /// Of each topic, every member that reads it gets a run of partitions; the first ones get one more if need be.
    private func rangeAssignment(_ topics: [TopicDescription]) -> [MemberID: [TopicPartition]] {
        var assignment = members.mapValues { _ in [TopicPartition]() }
        for topic in topics {
            let readers = members.filter { $0.value.topics.contains { $0.matches(topic.name) } }.keys.sorted()
            guard !readers.isEmpty else { continue }
            let (share, extra) = Int(topic.partitions).quotientAndRemainder(dividingBy: readers.count)
            var next = 0
            for (index, reader) in readers.enumerated() {
                let end = next + share + (index < extra ? 1 : 0)
                assignment[reader]?.append(contentsOf: topic.topicPartitions[next..<end])
                next = end
            }
        }
        return assignment
    }
}
