/// All that the embedded broker remembers, kept under one lock: the store on disk, and what only lives with the process
/// (open transactions, groups, who waits for records).
struct EmbeddedState {
    /// Nil once the broker is closed.
    var store: RecordStore?
    var topics: [String: EmbeddedTopic] = [:]
    var groups: [String: GroupCoordinator] = [:]
    var transactions: [EmbeddedTransactionNumber: OpenTransaction] = [:]
    /// The present epoch of each transactional id that this process has seen.
    var epochs: [String: Int64] = [:]
    var sleepers: [ObjectIdentifier: WakeUp] = [:]
    var nextNumber: UInt64 = 1
    /// Where records with neither partition nor key go next.
    var turn: Int32 = 0
    var lastCleaning = ContinuousClock.now

    /// Records that wait for a commit.
    struct OpenTransaction {
        var transactionalID: String
        var epoch: Int64
        var deadline: ContinuousClock.Instant
        var records: [(partition: TopicPartition, offset: Int64, record: OutgoingRecord)] = []
    }

    init(path: String) throws(BrokerError) {
        let store = try RecordStore(path: path)
        for topic in try store.loadTopics() { topics[topic.settings.name] = topic }
        self.store = store
    }

    mutating func makeNumber() -> UInt64 {
        defer { nextNumber += 1 }
        return nextNumber
    }

    func openStore() throws(BrokerError) -> RecordStore {
        guard let store else { throw BrokerError(.closed, "the embedded broker is closed") }
        return store
    }

    func wakeAll() {
        for sleeper in sleepers.values { sleeper.signal() }
    }

    var descriptions: [TopicDescription] {
        topics.values.map { TopicDescription(name: $0.settings.name, partitions: $0.settings.partitions) }
            .sorted { $0.name < $1.name }
    }

    func partition(_ place: TopicPartition) throws(BrokerError) -> EmbeddedPartition {
        guard let topic = topics[place.topic], topic.partitions.indices.contains(Int(place.partition)) else {
            throw BrokerError(.unknownTopicOrPartition, "there is no partition \(place)")
        }
        return topic.partitions[Int(place.partition)]
    }

    // MARK: - Writing

    /// Where a record goes, after its size is checked.
    mutating func place(
        _ record: OutgoingRecord, _ configuration: ProducerConfiguration
    ) throws(BrokerError) -> TopicPartition {
        _ = try openStore()
        guard let topic = topics[record.topic] else {
            throw BrokerError(.unknownTopicOrPartition, "there is no topic '\(record.topic)'")
        }
        let limit = min(configuration.maximumMessageBytes, topic.settings.maximumMessageBytes ?? 1_048_588)
        guard record.size <= Int(limit) else {
            throw BrokerError(
                .messageTooLarge, "a record of \(record.size) bytes for '\(record.topic)', at most \(limit) allowed")
        }
        if topic.settings.cleanup != .delete, record.key == nil {
            throw BrokerError(.invalidArgument, "a record without key for the compacted topic '\(record.topic)'")
        }
        let place = TopicPartition(record.topic, record.partition ?? choosePartition(record, topic.settings.partitions))
        _ = try partition(place)
        return place
    }

    private mutating func choosePartition(_ record: OutgoingRecord, _ count: Int32) -> Int32 {
        if let key = record.key { return Partitioner.partition(forKey: key, count: count) }
        turn = turn == .max ? 0 : turn + 1
        return turn % count
    }

    /// Writes a record outside of a transaction.
    mutating func append(
        _ record: OutgoingRecord, _ configuration: ProducerConfiguration
    ) throws(BrokerError) -> Position {
        let place = try place(record, configuration)
        let partition = try partition(place)
        let store = try openStore()
        let offset = partition.next
        try store.connection.transaction { () throws(BrokerError) in
            try store.insert(record, partition: partition, offset: offset, timestamp: wallClockMilliseconds())
        }
        topics[place.topic]?.partitions[Int(place.partition)].next = offset + 1
        cleanNowAndThen()
        wakeAll()
        return Position(place, offset: offset)
    }

    // MARK: - Keeping what must be kept

    /// Applies retention and compaction, at most every ten seconds.
    private mutating func cleanNowAndThen() {
        guard ContinuousClock.now - lastCleaning > .seconds(10) else { return }
        // What fails now is tried again the next time, and the write that came here is done.
        try? clean(now: wallClockMilliseconds())
    }

    mutating func clean(now: Int64) throws(BrokerError) {
        lastCleaning = .now
        let store = try openStore()
        for (name, topic) in topics {
            for (index, low) in try store.clean(topic, now: now).enumerated() {
                topics[name]?.partitions[index].low = low
            }
        }
    }
}
