import Synchronization

final class EmbeddedGroupConsumer: OffsetHolding {
    private struct Local {
        var cursor = EmbeddedCursor()
        /// Nil before the first assignment and after a revocation.
        var membership: EmbeddedMembership?
        var groupPartitions: [TopicPartition] = []
        var assignments = 0
        var id: GroupCoordinator.MemberID
    }

    let broker: EmbeddedBroker
    private let configuration: GroupConfiguration
    private let polling = Mutex(())
    private let local: Mutex<Local>
    private let wakeUp = WakeUp()
    private let isClosed = Atomic<Bool>(false)

    init(_ broker: EmbeddedBroker, _ configuration: GroupConfiguration) {
        self.broker = broker
        self.configuration = configuration
        let wakeUp = wakeUp
        local = Mutex(
            Local(
                id: broker.state.withLock { state in
                    state.sleepers[ObjectIdentifier(wakeUp)] = wakeUp
                    return state.join(configuration)
                }))
    }

    deinit {
        close()
    }

    // MARK: - Polling

    func poll(timeout: Duration, maximum: Int) throws -> [Record] {
        let records = polling.withLockIfAvailable { _ in
            Result { try pollAlone(timeout: timeout, maximum: maximum) }
        }
        guard let records else {
            throw BrokerError(.invalidArgument, "the consumer is being polled already, by another thread or a callback")
        }
        return try records.get()
    }

    private func pollAlone(timeout: Duration, maximum: Int) throws -> [Record] {
        let deadline = ContinuousClock.now + timeout
        while true {
            if isClosed.load(ordering: .acquiring) { throw BrokerError(.closed, "the consumer is closed") }
            let (step, expiry) = try nextStep()
            switch step {
            case .assign(let partitions, let generation):
                try assign(partitions, generation)
                continue
            case .revoke:
                revoke(areLost: false)
                continue
            case .expelled:
                revoke(areLost: true)
                continue
            case .wait:
                break
            case .read:
                let records = maximum > 0 ? try read(maximum) : []
                if !records.isEmpty { return records }
            }
            if ContinuousClock.now >= deadline { return [] }
            // Members that fall silent and transactions that run out of time make no noise; so look now and then.
            wakeUp.wait(until: min(deadline, expiry ?? deadline, .now + .milliseconds(100)))
        }
    }

    private func nextStep() throws(BrokerError) -> (GroupCoordinator.Step, ContinuousClock.Instant?) {
        let (group, id) = (configuration.group, local.withLock { $0.id })
        return try broker.withState { state throws(BrokerError) in
            _ = try state.openStore()
            let topics = state.descriptions
            let step = state.groups[group]?.poll(id, topics: topics, now: .now) ?? .expelled
            if case .assign = step { state.wakeAll() }
            return (step, state.nextExpiry)
        }
    }

    private func assign(_ partitions: [TopicPartition], _ generation: Int32) throws {
        local.withLock { local in
            local.membership = EmbeddedMembership(group: configuration.group, id: local.id, generation: generation)
            local.groupPartitions = partitions
            local.assignments += 1
            local.cursor.assign([:])
        }
        let starts = try configuration.onAssigned(partitions)
        var positions: [TopicPartition: Int64] = [:]
        for (partition, start) in starts { positions[partition] = try resolve(partition, start) }
        local.withLock { $0.cursor.assign(positions) }
    }

    private func resolve(_ place: TopicPartition, _ start: StartingOffset) throws(BrokerError) -> Int64 {
        let configuration = configuration
        return try broker.withState { state throws(BrokerError) in
            let partition = try state.partition(place)
            switch start {
            case .beginning: return partition.low
            case .end: return partition.lastStableOffset
            case .offset(let offset): return offset
            case .committed:
                if let offset = try state.openStore().committed(place, group: configuration.group) { return offset }
                return configuration.whenNothingCommitted == .beginning ? partition.low : partition.lastStableOffset
            }
        }
    }

    /// Lets go of everything and asks for a place in the coming generation.
    private func revoke(areLost: Bool) {
        let partitions = local.withLock { local in
            defer { local.groupPartitions = [] }
            local.membership = nil
            local.cursor.assign([:])
            return local.groupPartitions
        }
        configuration.onRevoked(partitions, areLost)
        let configuration = configuration
        local.withLock { local in
            let old = local.id
            local.id = broker.state.withLock { state in
                state.wakeAll()
                if areLost { return state.join(configuration) }
                state.groups[configuration.group]?.rejoin(old)
                return old
            }
        }
    }

    private func read(_ maximum: Int) throws(BrokerError) -> [Record] {
        let before = local.withLock { $0.cursor }
        let whenNothing = configuration.whenNothingCommitted
        let (cursor, records) = try broker.withState { state throws(BrokerError) in
            var cursor = before
            let records = try cursor.read(state, maximum: maximum) { partition in
                whenNothing == .beginning ? partition.low : partition.lastStableOffset
            }
            return (cursor, records)
        }
        local.withLock { $0.cursor.advance(from: before, to: cursor) }
        return records
    }

    // MARK: - Positions and offsets

    var assignment: [TopicPartition] { local.withLock { $0.cursor.positions.keys.sorted() } }

    var groupAssignment: (number: Int, partitions: [TopicPartition]) {
        local.withLock { ($0.assignments, $0.groupPartitions) }
    }

    func pause(_ partitions: Set<TopicPartition>) {
        local.withLock { $0.cursor.paused.formUnion(partitions) }
    }

    func resume(_ partitions: Set<TopicPartition>) {
        local.withLock { $0.cursor.paused.subtract(partitions) }
        wakeUp.signal()
    }

    func seek(_ partition: TopicPartition, to start: StartingOffset) throws(BrokerError) {
        guard local.withLock({ $0.cursor.positions[partition] }) != nil else {
            throw BrokerError(.invalidArgument, "\(partition) is not assigned")
        }
        let offset = try resolve(partition, start)
        local.withLock { $0.cursor.seek(partition, to: offset) }
        wakeUp.signal()
    }

    func requireMembership() throws(BrokerError) -> EmbeddedMembership {
        guard let membership = local.withLock({ $0.membership }) else {
            throw BrokerError(.generationLost, "group '\(configuration.group)' has given this consumer nothing")
        }
        return membership
    }

    func commit(_ offsets: [TopicPartition: Int64]) throws(BrokerError) {
        let member = try requireMembership()
        try broker.withState { state throws(BrokerError) in
            try state.checkMembership(member)
            let store = try state.openStore()
            for partition in offsets.keys { _ = try state.partition(partition) }
            try store.connection.transaction { () throws(BrokerError) in
                try store.commit(offsets, group: member.group)
            }
        }
    }

    func committed(_ partitions: [TopicPartition]) throws(BrokerError) -> [TopicPartition: Int64] {
        let group = configuration.group
        return try broker.withState { state throws(BrokerError) in
            var offsets: [TopicPartition: Int64] = [:]
            for partition in partitions {
                offsets[partition] = try state.openStore().committed(partition, group: group)
            }
            return offsets
        }
    }

    func firstOffset(of partition: TopicPartition) throws(BrokerError) -> Int64 {
        try resolve(partition, configuration.whenNothingCommitted == .beginning ? .beginning : .end)
    }

    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        wakeUp.signal()
        polling.withLock { _ in
            let (partitions, wasMember) = local.withLock { local in
                defer { (local.membership, local.groupPartitions) = (nil, []) }
                local.cursor.assign([:])
                return (local.groupPartitions, local.membership != nil)
            }
            if wasMember { configuration.onRevoked(partitions, false) }
            let id = local.withLock { $0.id }
            broker.state.withLock { state in
                state.groups[configuration.group]?.leave(id)
                state.sleepers[ObjectIdentifier(wakeUp)] = nil
                state.wakeAll()
            }
        }
    }
}

extension EmbeddedState {
    /// A new member of the group.
    fileprivate mutating func join(_ configuration: GroupConfiguration) -> GroupCoordinator.MemberID {
        let id = makeNumber()
        groups[configuration.group, default: GroupCoordinator()].join(
            id, topics: configuration.topics, maximumPollInterval: configuration.maximumPollInterval, now: .now)
        wakeAll()
        return id
    }
}
