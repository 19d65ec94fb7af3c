import CRdKafka
import Synchronization

/// A group consumer whose partitions have queues of their own, so that they are read in turn and paused without losing
/// what was fetched; librdkafka's main queue carries the group's affairs only.
final class KafkaGroupConsumer: OffsetHolding {
    fileprivate struct Local {
        var queues: [KafkaQueue] = []
        var paused: Set<TopicPartition> = []
        var membership: KafkaMembership?
        var groupPartitions: [TopicPartition] = []
        var assignments = 0
        var lastPoll = ContinuousClock.now
        /// Longer than a member may stay away: whatever is revoked next was lost before.
        var wasAway = false
        var unreadable = UnreadablePositions()
    }

    private let handle: KafkaHandle
    private let kafka: KafkaConfiguration
    private let configuration: GroupConfiguration
    private let control: KafkaControl
    private let rebalances = KafkaRebalances()
    private let wakeUp = WakeUp()
    private let polling = Mutex(())
    private let local = Mutex(Local())
    private let mainQueue: KafkaQueue
    private let isClosed = Atomic<Bool>(false)

    init(
        _ kafka: KafkaConfiguration, _ configuration: GroupConfiguration, _ control: KafkaControl
    ) throws(BrokerError) {
        self.kafka = kafka
        self.configuration = configuration
        self.control = control
        let pollInterval = configuration.maximumPollInterval.milliseconds
        let options = [
            "group.id": configuration.group,
            "partition.assignment.strategy": "range",
            "enable.auto.commit": "false",
            "enable.auto.offset.store": "false",
            "isolation.level": "read_committed",
            "auto.offset.reset": configuration.whenNothingCommitted == .beginning ? "earliest" : "latest",
            "max.poll.interval.ms": "\(pollInterval)",
            "session.timeout.ms": "\(min(configuration.sessionTimeout.milliseconds, pollInterval))",
            "heartbeat.interval.ms": "\(min(3000, max(100, configuration.sessionTimeout.milliseconds / 4)))",
            "fetch.wait.max.ms": "250",
            "queued.min.messages": "1000",
            "queued.max.messages.kbytes": "16384",
            "topic.metadata.refresh.interval.ms": "\(kafka.topicRefreshInterval.milliseconds)",
        ]
        let rebalances = rebalances
        handle = try KafkaHandle(
            RD_KAFKA_CONSUMER, kafka, options,
            KafkaHandle.Context(log: kafka.log, rebalance: { rebalances.receive($0, $1, $2) }))
        rd_kafka_poll_set_consumer(handle.pointer)
        mainQueue = KafkaQueue(main: handle, wakeUp)
        let topics = configuration.topics.map { selector in
            switch selector {
            case .named(let name): TopicPartition(name, -1)
            case .prefixed(let prefix): TopicPartition("^" + prefix.replacing(".", with: "\\."), -1)
            }
        }
        let list = KafkaPartitionList(Dictionary(topics.map { ($0, -1001) }) { first, _ in first })
        let code = list.withPointer { rd_kafka_subscribe(handle.pointer, $0) }
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw BrokerError(code, "subscribing") }
    }

    deinit {
        close()
    }

    // MARK: - Polling

    func poll(timeout: Duration, maximum: Int) throws -> [Record] {
        let result = polling.withLockIfAvailable { _ in
            Result { try pollAlone(timeout: timeout, maximum: maximum) }
        }
        guard let result else {
            throw BrokerError(.invalidArgument, "the consumer is being polled already, by another thread or a callback")
        }
        return try result.get()
    }

    private func pollAlone(timeout: Duration, maximum: Int) throws -> [Record] {
        let deadline = ContinuousClock.now + timeout
        local.withLock { local in
            if ContinuousClock.now - local.lastPoll > configuration.maximumPollInterval { local.wasAway = true }
        }
        defer { local.withLock { $0.lastPoll = .now } }
        while true {
            if isClosed.load(ordering: .acquiring) { throw BrokerError(.closed, "the consumer is closed") }
            try serveGroup()
            var records: [Record] = []
            var bytes = 0
            for queue in local.withLock({ $0.takeTurns() }) {
                while records.count < maximum, bytes < 16 << 20, let message = rd_kafka_consume_queue(queue.pointer, 0)
                {
                    defer { rd_kafka_message_destroy(message) }
                    if let record = try receive(message) {
                        bytes += record.value?.count ?? 0
                        records.append(record)
                    }
                }
            }
            if !records.isEmpty || ContinuousClock.now >= deadline { return records }
            wakeUp.wait(until: min(deadline, .now + .milliseconds(500)))
        }
    }

    /// Errors of the client and changes of the assignment.
    private func serveGroup() throws {
        while true {
            let message = rd_kafka_consumer_poll(handle.pointer, 0)
            if let message {
                defer { rd_kafka_message_destroy(message) }
                _ = try receive(message)
            }
            let change = rebalances.next()
            if let change {
                if change.isAssignment {
                    try assign(change.partitions)
                } else {
                    revoke(change.partitions, change.areLost)
                }
            }
            if message == nil, change == nil { return }
        }
    }

    /// The record of a message, or nil for an error that librdkafka heals.
    private func receive(_ message: UnsafeMutablePointer<rd_kafka_message_t>) throws(BrokerError) -> Record? {
        let code = message.pointee.err
        if code == RD_KAFKA_RESP_ERR_NO_ERROR {
            let record = KafkaMessage.record(message)
            local.withLock { $0.unreadable.succeeded(record.position.topicPartition) }
            return record
        }
        let detail = rd_kafka_message_errstr(message).map { String(cString: $0) }
        let error = BrokerError(
            code, "consuming as group '\(configuration.group)'", detail: detail,
            isFatal: code == RD_KAFKA_RESP_ERR__FATAL)
        switch error.code {
        case .unreadable where message.pointee.partition >= 0:
            let (place, offset) = (KafkaMessage.topicPartition(message), message.pointee.offset)
            if let skipped = local.withLock({ $0.unreadable.failed(at: offset, of: place) }) {
                try seek(place, to: .offset(skipped.upperBound))
                configuration.onUnreadable(place, skipped, error)
            }
            return nil
        case .notAuthorized, .authenticationFailed, .invalidConfiguration:
            throw error
        default:
            if error.isFatal { throw error }
            kafka.log(5, error.description)
            return nil
        }
    }

    private func assign(_ partitions: [TopicPartition]) throws {
        let membership = try KafkaMembership(of: handle.pointer)
        local.withLock { local in
            local.membership = membership
            local.groupPartitions = partitions
            local.assignments += 1
        }
        let starts: [TopicPartition: StartingOffset]
        do {
            starts = try configuration.onAssigned(partitions)
        } catch {
            rd_kafka_assign(handle.pointer, nil)
            throw error
        }
        let queues = starts.keys.sorted().compactMap { KafkaQueue(partition: $0, of: handle, wakeUp) }
        let code = KafkaPartitionList(starts.mapValues(\.kafkaOffset)).withPointer {
            rd_kafka_assign(handle.pointer, $0)
        }
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw BrokerError(code, "assigning partitions") }
        local.withLock { local in
            local.queues = queues
            local.paused = []
        }
    }

    private func revoke(_ partitions: [TopicPartition], _ areLost: Bool) {
        let wasAway = local.withLock { local in
            local.membership = nil
            local.groupPartitions = []
            local.queues = []
            defer { local.wasAway = false }
            return local.wasAway
        }
        // librdkafka 2.0.2 no longer knows, when the callback comes, that a member stayed away too long.
        configuration.onRevoked(partitions, areLost || wasAway)
        rd_kafka_assign(handle.pointer, nil)
    }

    // MARK: - Positions and offsets

    var assignment: [TopicPartition] { local.withLock { $0.queues.map(\.place).sorted() } }

    var groupAssignment: (number: Int, partitions: [TopicPartition]) {
        local.withLock { ($0.assignments, $0.groupPartitions) }
    }

    func pause(_ partitions: Set<TopicPartition>) {
        local.withLock { $0.paused.formUnion(partitions) }
    }

    func resume(_ partitions: Set<TopicPartition>) {
        local.withLock { $0.paused.subtract(partitions) }
        wakeUp.signal()
    }

    func seek(_ partition: TopicPartition, to start: StartingOffset) throws(BrokerError) {
        guard assignment.contains(partition) else {
            throw BrokerError(.invalidArgument, "\(partition) is not assigned")
        }
        var start = start
        if start == .committed {
            let committed = try committed([partition])[partition]
            start =
                committed.map { .offset($0) } ?? (configuration.whenNothingCommitted == .beginning ? .beginning : .end)
        }
        let result = KafkaPartitionList([partition: start.kafkaOffset]).withPointer { list in
            rd_kafka_seek_partitions(handle.pointer, list, kafka.timeout.milliseconds)
                .map { BrokerError(consuming: $0, "seeking in \(partition)") }
        }
        if let result { throw result }
    }

    func requireMembership() throws(BrokerError) -> KafkaMembership {
        let membership = isClosed.load(ordering: .acquiring) ? nil : local.withLock { $0.membership }
        guard let membership, rd_kafka_assignment_lost(handle.pointer) == 0 else {
            throw BrokerError(.generationLost, "group '\(configuration.group)' gives this consumer nothing (any more)")
        }
        return membership
    }

    func commit(_ offsets: [TopicPartition: Int64]) throws(BrokerError) {
        _ = try requireMembership()
        let code = KafkaPartitionList(offsets).withPointer { rd_kafka_commit(handle.pointer, $0, 0) }
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw BrokerError(code, "committing offsets") }
    }

    func committed(_ partitions: [TopicPartition]) throws(BrokerError) -> [TopicPartition: Int64] {
        if isClosed.load(ordering: .acquiring) { throw BrokerError(.closed, "the consumer is closed") }
        let request = KafkaPartitionList(Dictionary(partitions.map { ($0, -1001) }) { first, _ in first })
        let (code, answer) = request.withPointer { list in
            (rd_kafka_committed(handle.pointer, list, kafka.timeout.milliseconds), KafkaPartitionList(reading: list))
        }
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw BrokerError(code, "reading committed offsets") }
        var offsets: [TopicPartition: Int64] = [:]
        for entry in answer.entries where entry.offset >= 0 { offsets[entry.place] = entry.offset }
        return offsets
    }

    func firstOffset(of partition: TopicPartition) throws(BrokerError) -> Int64 {
        let ends = try control.watermarks(partition)
        return configuration.whenNothingCommitted == .beginning ? ends.low : ends.high
    }

    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        wakeUp.signal()
        polling.withLock { _ in
            let (partitions, wasMember) = local.withLock { local in
                defer { (local.membership, local.groupPartitions, local.queues) = (nil, [], []) }
                return (local.groupPartitions, local.membership != nil)
            }
            if wasMember { configuration.onRevoked(partitions, false) }
            leave(wasMember: wasMember)
            mainQueue.release()
            handle.close()
        }
    }

    /// Leaves the group as a member does that wants nothing any more, and waits a moment for it to be told.
    ///
    /// Not by rd_kafka_consumer_close: in 2.0.2 its rebalance callback, which must give up the assignment, can come when
    /// nobody answers that any more, and waits for ever.
    private func leave(wasMember: Bool) {
        rd_kafka_unsubscribe(handle.pointer)
        let deadline = ContinuousClock.now + .seconds(wasMember ? 3 : 0)
        var isRevoked = false
        repeat {
            if let message = rd_kafka_consumer_poll(handle.pointer, 20) { rd_kafka_message_destroy(message) }
            while let change = rebalances.next() {
                rd_kafka_assign(handle.pointer, nil)
                isRevoked = isRevoked || !change.isAssignment
            }
        } while !isRevoked && ContinuousClock.now < deadline
        rebalances.close()
        // The word that this member leaves is on its way.
        if isRevoked { WakeUp().wait(until: .now + .milliseconds(50)) }
    }
}

extension KafkaGroupConsumer.Local {
    /// The queues to read now; the one that was first goes to the back.
    fileprivate mutating func takeTurns() -> [KafkaQueue] {
        defer { if !queues.isEmpty { queues.append(queues.removeFirst()) } }
        return queues.filter { !paused.contains($0.place) }
    }
}
