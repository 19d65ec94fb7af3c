import CRdKafka

/// Questions to the cluster: what there is, and where it ends.
final class KafkaControl: Sendable {
    let handle: KafkaHandle
    private let kafka: KafkaConfiguration
    /// Sees only what transactions have decided.
    private let committedHandle: KafkaHandle

    init(_ kafka: KafkaConfiguration) throws(BrokerError) {
        self.kafka = kafka
        let context = KafkaHandle.Context(log: kafka.log)
        handle = try KafkaHandle(RD_KAFKA_CONSUMER, kafka, ["isolation.level": "read_uncommitted"], context)
        committedHandle = try KafkaHandle(RD_KAFKA_CONSUMER, kafka, ["isolation.level": "read_committed"], context)
    }

    func watermarks(_ place: TopicPartition) throws(BrokerError) -> Watermarks {
        try watermarks(place, handle)
    }

    /// The first offset that is not decided yet.
    func stableEnd(_ place: TopicPartition) throws(BrokerError) -> Int64 {
        try watermarks(place, committedHandle).high
    }

    private func watermarks(_ place: TopicPartition, _ handle: KafkaHandle) throws(BrokerError) -> Watermarks {
        try handle.requireOpen()
        let deadline = ContinuousClock.now + kafka.timeout
        while true {
            var (low, high): (Int64, Int64) = (0, 0)
            let code = rd_kafka_query_watermark_offsets(
                handle.pointer, place.topic, place.partition, &low, &high, kafka.timeout.milliseconds)
            if code == RD_KAFKA_RESP_ERR_NO_ERROR { return Watermarks(low: low, high: high) }
            let error = BrokerError(code, "asking for the ends of \(place)")
            guard error.code == .unreachable, ContinuousClock.now < deadline else { throw error }
            WakeUp().wait(until: .now + .milliseconds(100))
        }
    }

    /// All topics, or one; each with the number of partitions that have a leader.
    func topics(_ name: String? = nil) throws(BrokerError) -> [(description: TopicDescription, leaders: Int)] {
        try handle.requireOpen()
        var topic: OpaquePointer?
        if let name { topic = rd_kafka_topic_new(handle.pointer, name, nil) }
        defer { if let topic { rd_kafka_topic_destroy(topic) } }
        var answer: UnsafePointer<rd_kafka_metadata>?
        let code = rd_kafka_metadata(handle.pointer, name == nil ? 1 : 0, topic, &answer, kafka.timeout.milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let answer else { throw BrokerError(code, "listing topics") }
        defer { rd_kafka_metadata_destroy(answer) }
        var found: [(TopicDescription, Int)] = []
        // librdkafka vouches for the counts beside its arrays.
        for index in 0..<Int(answer.pointee.topic_cnt) {
            let entry = answer.pointee.topics[index]
            guard entry.err == RD_KAFKA_RESP_ERR_NO_ERROR, entry.partition_cnt > 0, let text = entry.topic else {
                continue
            }
            let leaders = (0..<Int(entry.partition_cnt)).count { entry.partitions[$0].leader >= 0 }
            found.append((TopicDescription(name: String(cString: text), partitions: entry.partition_cnt), leaders))
        }
        return found
    }

    func close() {
        handle.close()
        committedHandle.close()
    }
}
