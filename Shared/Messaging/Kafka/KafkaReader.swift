import CRdKafka
import Synchronization

/// Reads partitions over librdkafka's simple consumer, which needs no group and no rights to one.
final class KafkaReader: Reader {
    private struct Local {
        /// The next offset of each assigned partition, as far as it is known.
        var positions: [TopicPartition: Int64] = [:]
        var unreadable = UnreadablePositions()
    }

    private let handle: KafkaHandle
    private let kafka: KafkaConfiguration
    private let configuration: ReaderConfiguration
    private let control: KafkaControl
    private let simple: KafkaSimpleConsumer
    private let local = Mutex(Local())
    private let isClosed = Atomic<Bool>(false)

    init(
        _ kafka: KafkaConfiguration, _ configuration: ReaderConfiguration, _ control: KafkaControl
    ) throws(BrokerError) {
        self.kafka = kafka
        self.configuration = configuration
        self.control = control
        let reset =
            switch configuration.whenOutOfRange {
            case .fail: "error"
            case .beginning: "earliest"
            case .end: "latest"
            }
        var options = [
            "isolation.level": "read_committed",
            "enable.partition.eof": "true",
            "enable.auto.commit": "false",
            "auto.offset.reset": reset,
            // An answer comes as soon as there is something; until then each fetch names every partition (2.0.2 keeps no
            // fetch session), so they are few. What is assigned while one is open waits for it, and so does the word that a
            // partition has ended.
            "fetch.wait.max.ms": configuration.purpose == .following ? "250" : "10",
            "queued.min.messages": "1000",
            "queued.max.messages.kbytes": "16384",
        ]
        if configuration.purpose == .bodies {
            // A fetch brings the body that was asked for, however large, and little of what follows it.
            //
            // `queued.min.messages` stays what it is: a partition with more in its queue rests for a second (2.0.2),
            // and with 1 that is after every body.
            options["fetch.message.max.bytes"] = "65536"
        }
        handle = try KafkaHandle(RD_KAFKA_CONSUMER, kafka, options, KafkaHandle.Context(log: kafka.log))
        simple = KafkaSimpleConsumer(handle)
    }

    deinit {
        close()
    }

    func assign(_ partitions: [TopicPartition: StartingOffset]) throws(BrokerError) {
        try requireOpen()
        if partitions.values.contains(.committed) {
            throw BrokerError(.invalidArgument, "a reader belongs to no group and has no committed offsets")
        }
        var offsets: [TopicPartition: Int64] = [:]
        for (place, start) in partitions {
            // A tail begins where the end is now, not where it is when the client gets around to asking.
            offsets[place] = start == .end ? try control.stableEnd(place) : start.kafkaOffset
        }
        try simple.start(offsets)
        local.withLock { local in
            local.positions = offsets.mapValues { max(0, $0) }
            local.unreadable = UnreadablePositions()
        }
    }

    func poll(timeout: Duration, maximum: Int) throws(BrokerError) -> [Record] {
        let deadline = ContinuousClock.now + timeout
        var records: [Record] = []
        var bytes = 0
        while records.count < maximum, bytes < 16 << 20 {
            try requireOpen()
            let wait = records.isEmpty ? min(deadline - .now, .milliseconds(200)) : .zero
            if let message = simple.next(wait) {
                defer { rd_kafka_message_destroy(message) }
                if let record = try receive(message) {
                    bytes += record.value?.count ?? 0
                    records.append(record)
                }
            } else if !records.isEmpty || ContinuousClock.now >= deadline {
                break
            }
        }
        return records
    }

    /// The record of a message; nil for the end of a partition and for errors that librdkafka heals.
    private func receive(_ message: UnsafeMutablePointer<rd_kafka_message_t>) throws(BrokerError) -> Record? {
        let (place, offset) = (KafkaMessage.topicPartition(message), message.pointee.offset)
        switch message.pointee.err {
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            local.withLock { local in
                if local.positions[place] != nil { local.positions[place] = offset + 1 }
                local.unreadable.succeeded(place)
            }
            return KafkaMessage.record(message)
        case RD_KAFKA_RESP_ERR__PARTITION_EOF:
            local.withLock { local in
                if let known = local.positions[place] { local.positions[place] = max(known, offset) }
            }
            return nil
        default:
            break
        }
        let detail = rd_kafka_message_errstr(message).map { String(cString: $0) }
        let error = BrokerError(message.pointee.err, "reading \(place)", detail: detail)
        switch error.code {
        case .unreadable:
            if let skipped = local.withLock({ $0.unreadable.failed(at: offset, of: place) }) {
                try simple.start([place: skipped.upperBound], replacing: false)
                configuration.onUnreadable(place, skipped, error)
            }
            return nil
        case .unreachable, .timedOut:
            kafka.log(5, error.description)
            return nil
        default:
            throw error
        }
    }

    func readToEnd(
        timeout: Duration, _ visit: (Record) throws -> Void
    ) throws -> [TopicPartition: Int64] {
        var ends: [TopicPartition: Int64] = [:]
        for place in local.withLock({ Array($0.positions.keys) }) { ends[place] = try control.watermarks(place).high }
        var deadline = ContinuousClock.now + timeout
        var last = local.withLock { $0.positions }
        while true {
            let positions = local.withLock { $0.positions }
            if ends.allSatisfy({ positions[$0.key] ?? 0 >= $0.value }) { return positions }
            if positions != last { deadline = .now + timeout }
            last = positions
            if ContinuousClock.now >= deadline {
                throw BrokerError(.timedOut, "an open transaction or a silent broker hides the end", isRetriable: true)
            }
            for record in try poll(timeout: .milliseconds(50), maximum: 500) { try visit(record) }
        }
    }

    func read(_ positions: [Position], timeout: Duration) throws(BrokerError) -> [Record] {
        try requireOpen()
        // Nothing is fetched ahead of what was asked for.
        defer { unassign() }
        let deadline = ContinuousClock.now + timeout
        var records: [Record] = []
        var current: TopicPartition?
        for position in positions {
            // Parts that follow each other closely are read on; others are sought.
            let next = local.withLock { $0.positions[position.topicPartition] }
            if current != position.topicPartition || next.map({ !($0...$0 + 8).contains(position.offset) }) ?? true {
                try assign([position.topicPartition: .offset(position.offset)])
                current = position.topicPartition
            }
            records.append(try read(position, until: deadline))
        }
        return records
    }

    private func unassign() {
        simple.stop()
        local.withLock { $0.positions = [:] }
    }

    private func read(_ position: Position, until deadline: ContinuousClock.Instant) throws(BrokerError) -> Record {
        let place = position.topicPartition
        while true {
            let records = try poll(timeout: min(.milliseconds(50), deadline - .now), maximum: 1)
            if let record = records.first(where: { $0.position == position }) { return record }
            let next = local.withLock { $0.positions[place] } ?? 0
            if next > position.offset { throw BrokerError(.recordNotFound, "\(position) holds no record") }
            if ContinuousClock.now >= deadline {
                throw BrokerError(.timedOut, "\(position) is not written or not committed yet", isRetriable: true)
            }
        }
    }

    private func requireOpen() throws(BrokerError) {
        if isClosed.load(ordering: .acquiring) { throw BrokerError(.closed, "the reader is closed") }
    }

    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        simple.close()
        handle.close()
    }
}
