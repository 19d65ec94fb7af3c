import Synchronization

/// A broker within this process, kept in a file or in memory.
///
/// The semantics are Kafka's as far as `Broker` promises them. What was confirmed survives the death of the process at
/// any instant; open transactions and group memberships do not. One process at a time has a file open.
public final class EmbeddedBroker: Broker {
    public enum Storage: Sendable {
        /// A SQLite database at this path, with its write-ahead log beside it.
        case file(String)
        /// Gone with the broker.
        case memory
    }

    let state: Mutex<EmbeddedState>

    /// - Throws: `.inUse` when another process has the file open, `.storage`.
    public init(_ storage: Storage) throws(BrokerError) {
        let path =
            switch storage {
            case .file(let path): path
            case .memory: ":memory:"
            }
        state = Mutex(try EmbeddedState(path: path))
    }

    public func makeProducer(_ configuration: ProducerConfiguration) throws(BrokerError) -> any Producer {
        EmbeddedProducer(self, configuration)
    }

    public func makeTransactionalProducer(
        _ configuration: TransactionalConfiguration, for consumer: any GroupConsumer
    ) throws(BrokerError) -> any TransactionalProducer {
        guard let consumer = consumer as? EmbeddedGroupConsumer, consumer.broker === self else {
            throw BrokerError(.invalidArgument, "the consumer belongs to another broker")
        }
        return try EmbeddedTransactionalProducer(self, configuration, consumer)
    }

    public func makeGroupConsumer(_ configuration: GroupConfiguration) throws(BrokerError) -> any GroupConsumer {
        EmbeddedGroupConsumer(self, configuration)
    }

    public func makeReader(_ configuration: ReaderConfiguration) throws(BrokerError) -> any Reader {
        EmbeddedReader(self, configuration)
    }

    public func createTopics(_ topics: [TopicSettings]) throws(BrokerError) -> [String] {
        try withState { state throws(BrokerError) in
            var made: [String] = []
            for topic in topics {
                guard TopicSettings.isName(topic.name), topic.partitions > 0 else {
                    throw BrokerError(
                        .invalidArgument, "'\(topic.name)' with \(topic.partitions) partitions cannot be a topic")
                }
                if state.topics[topic.name] != nil { continue }
                state.topics[topic.name] = try state.openStore().create(topic)
                made.append(topic.name)
            }
            if !made.isEmpty { state.wakeAll() }
            return made
        }
    }

    public func deleteTopics(_ names: [String]) throws(BrokerError) {
        try withState { state throws(BrokerError) in
            for name in names {
                guard let topic = state.topics[name] else { continue }
                try state.openStore().delete(topic)
                state.topics[name] = nil
            }
            state.wakeAll()
        }
    }

    public func topics(_ selector: TopicSelector) throws(BrokerError) -> [TopicDescription] {
        try withState { state throws(BrokerError) in
            _ = try state.openStore()
            return state.descriptions.filter { selector.matches($0.name) }
        }
    }

    public func watermarks(_ partition: TopicPartition) throws(BrokerError) -> Watermarks {
        try withState { state throws(BrokerError) in
            _ = try state.openStore()
            let found = try state.partition(partition)
            return Watermarks(low: found.low, high: found.next)
        }
    }

    public func deleteRecords(
        below offsets: [TopicPartition: Int64]
    ) throws(BrokerError) -> [TopicPartition: Int64] {
        try withState { state throws(BrokerError) in
            var lows: [TopicPartition: Int64] = [:]
            for (place, offset) in offsets {
                let partition = try state.partition(place)
                let low = max(partition.low, min(offset, partition.lastStableOffset))
                try state.openStore().deleteRecords(partition, below: low)
                state.topics[place.topic]?.partitions[Int(place.partition)].low = low
                lows[place] = low
            }
            return lows
        }
    }

    public func committed(_ partition: TopicPartition, group: String) throws(BrokerError) -> Int64? {
        try withState { state throws(BrokerError) in try state.openStore().committed(partition, group: group) }
    }

    /// Applies retention and compaction as if it were `now`; otherwise done every ten seconds while there are writes.
    /// - Parameter now: milliseconds since 1970.
    package func clean(now: Int64) throws(BrokerError) {
        try withState { state throws(BrokerError) in try state.clean(now: now) }
    }

    public func close() {
        state.withLock { state in
            state.store = nil
            state.wakeAll()
        }
    }

    /// Runs `body` with the state under the lock, after what has run out of time is ended.
    func withState<Outcome: Sendable>(
        _ body: (inout EmbeddedState) throws(BrokerError) -> Outcome
    ) throws(BrokerError) -> Outcome {
        let result = state.withLock { state -> Result<Outcome, BrokerError> in
            state.expireTransactions()
            do throws(BrokerError) {
                return .success(try body(&state))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
