import Synchronization

final class EmbeddedReader: Reader {
    private let broker: EmbeddedBroker
    private let configuration: ReaderConfiguration
    private let cursor = Mutex(EmbeddedCursor())
    private let wakeUp = WakeUp()
    private let isClosed = Atomic<Bool>(false)

    init(_ broker: EmbeddedBroker, _ configuration: ReaderConfiguration) {
        self.broker = broker
        self.configuration = configuration
        broker.state.withLock { $0.sleepers[ObjectIdentifier(wakeUp)] = wakeUp }
    }

    deinit {
        close()
    }

    func assign(_ partitions: [TopicPartition: StartingOffset]) throws(BrokerError) {
        let positions = try broker.withState { state throws(BrokerError) in
            var positions: [TopicPartition: Int64] = [:]
            for (place, start) in partitions {
                let partition = try state.partition(place)
                switch start {
                case .beginning: positions[place] = partition.low
                case .end: positions[place] = partition.lastStableOffset
                case .offset(let offset): positions[place] = offset
                case .committed:
                    throw BrokerError(.invalidArgument, "a reader belongs to no group and has no committed offsets")
                }
            }
            return positions
        }
        cursor.withLock { $0.assign(positions) }
    }

    func poll(timeout: Duration, maximum: Int) throws(BrokerError) -> [Record] {
        let deadline = ContinuousClock.now + timeout
        while true {
            if isClosed.load(ordering: .acquiring) { throw BrokerError(.closed, "the reader is closed") }
            let (records, expiry) = try take(maximum: maximum)
            if !records.isEmpty || ContinuousClock.now >= deadline { return records }
            wakeUp.wait(until: min(deadline, expiry ?? deadline))
        }
    }

    /// What can be read now, and when an open transaction runs out of time that may hide more.
    private func take(maximum: Int) throws(BrokerError) -> ([Record], ContinuousClock.Instant?) {
        let whenOutOfRange = configuration.whenOutOfRange
        let before = cursor.withLock { $0 }
        let (read, records, expiry) = try broker.withState { state throws(BrokerError) in
            var cursor = before
            let records = try cursor.read(state, maximum: maximum) { partition in
                switch whenOutOfRange {
                case .fail: nil
                case .beginning: partition.low
                case .end: partition.lastStableOffset
                }
            }
            return (cursor, records, state.nextExpiry)
        }
        cursor.withLock { $0 = read }
        return (records, expiry)
    }

    func readToEnd(
        timeout: Duration, _ visit: (Record) throws -> Void
    ) throws -> [TopicPartition: Int64] {
        let places = Array(cursor.withLock { $0.positions }.keys)
        let ends = try broker.withState { state throws(BrokerError) in
            var ends: [TopicPartition: Int64] = [:]
            for place in places { ends[place] = try state.partition(place).next }
            return ends
        }
        while true {
            for record in try poll(timeout: .zero, maximum: 500) { try visit(record) }
            let positions = cursor.withLock { $0.positions }
            if ends.allSatisfy({ positions[$0.key] ?? 0 >= $0.value }) { return positions }
            let records = try poll(timeout: min(timeout, .milliseconds(50)), maximum: 500)
            for record in records { try visit(record) }
            if records.isEmpty { try expectProgress(ends, timeout) }
        }
    }

    /// Waits until a reading position can advance: only an open transaction holds it back.
    private func expectProgress(_ ends: [TopicPartition: Int64], _ timeout: Duration) throws(BrokerError) {
        let deadline = ContinuousClock.now + timeout
        let positions = cursor.withLock { $0.positions }
        while true {
            let canAdvance = try broker.withState { state throws(BrokerError) in
                for (place, end) in ends where positions[place] ?? 0 < end {
                    if try state.partition(place).lastStableOffset > positions[place] ?? 0 { return true }
                }
                return false
            }
            let isDone = ends.allSatisfy { positions[$0.key] ?? 0 >= $0.value }
            if canAdvance || isDone { return }
            if ContinuousClock.now >= deadline {
                throw BrokerError(
                    .timedOut, "an open transaction hides the end of what is to be read", isRetriable: true)
            }
            wakeUp.wait(until: min(deadline, .now + .milliseconds(100)))
        }
    }

    func read(_ positions: [Position], timeout: Duration) throws(BrokerError) -> [Record] {
        let deadline = ContinuousClock.now + timeout
        cursor.withLock { $0.assign([:]) }
        var records: [Record] = []
        for position in positions {
            records.append(try read(position, until: deadline))
        }
        return records
    }

    private func read(_ position: Position, until deadline: ContinuousClock.Instant) throws(BrokerError) -> Record {
        let (place, offset) = (position.topicPartition, position.offset)
        while true {
            if isClosed.load(ordering: .acquiring) { throw BrokerError(.closed, "the reader is closed") }
            let (record, isDecided) = try broker.withState { state throws(BrokerError) in
                let partition = try state.partition(place)
                guard offset >= partition.low else {
                    throw BrokerError(
                        .offsetOutOfRange, "\(position) is below \(partition.low), the first that is kept")
                }
                guard offset < partition.lastStableOffset else { return (Record?.none, false) }
                let found = try state.openStore().records(
                    place, partition, offset..<offset + 1, maximum: 1, maximumBytes: 1)
                return (found.first, true)
            }
            if let record { return record }
            if isDecided { throw BrokerError(.recordNotFound, "\(position) holds no record") }
            if ContinuousClock.now >= deadline {
                throw BrokerError(.timedOut, "\(position) is not written or not committed yet", isRetriable: true)
            }
            wakeUp.wait(until: min(deadline, .now + .milliseconds(100)))
        }
    }

    func close() {
        isClosed.store(true, ordering: .releasing)
        broker.state.withLock { $0.sleepers[ObjectIdentifier(wakeUp)] = nil }
        wakeUp.signal()
    }
}
