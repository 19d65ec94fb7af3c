import CRdKafka

/// Changes to the cluster: each call asks, waits for the event that answers, and frees both.
struct KafkaAdmin {
    private let control: KafkaControl
    private let kafka: KafkaConfiguration

    init(_ control: KafkaControl, _ kafka: KafkaConfiguration) {
        self.control = control
        self.kafka = kafka
    }

    private var handle: OpaquePointer { control.handle.pointer }

    /// Sends a request and hands its answer to `read`.
    private func ask<Outcome>(
        _ attempt: String, _ send: (_ queue: OpaquePointer) -> Void,
        _ read: (_ event: OpaquePointer) throws(BrokerError) -> Outcome
    ) throws(BrokerError) -> Outcome {
        try control.handle.requireOpen()
        guard let queue = rd_kafka_queue_new(handle) else { throw BrokerError(.other, "\(attempt): no queue") }
        defer { rd_kafka_queue_destroy(queue) }
        send(queue)
        guard let event = rd_kafka_queue_poll(queue, kafka.timeout.milliseconds) else {
            throw BrokerError(.timedOut, "\(attempt): no answer", isRetriable: true)
        }
        defer { rd_kafka_event_destroy(event) }
        let code = rd_kafka_event_error(event)
        if code != RD_KAFKA_RESP_ERR_NO_ERROR {
            throw BrokerError(code, attempt, detail: rd_kafka_event_error_string(event).map { String(cString: $0) })
        }
        return try read(event)
    }

    // MARK: - Topics

    func create(_ topics: [TopicSettings]) throws(BrokerError) -> [String] {
        for topic in topics where !TopicSettings.isName(topic.name) || topic.partitions < 1 {
            throw BrokerError(
                .invalidArgument, "'\(topic.name)' with \(topic.partitions) partitions cannot be a topic")
        }
        if topics.isEmpty { return [] }
        var requests: [OpaquePointer?] = []
        defer { for request in requests { rd_kafka_NewTopic_destroy(request) } }
        for topic in topics { requests.append(try newTopic(topic)) }
        let made = try ask("creating topics") { queue in
            rd_kafka_CreateTopics(handle, &requests, requests.count, nil, queue)
        } _: { event throws(BrokerError) in
            var count = 0
            guard let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
            else { return [String]() }
            return try names(results, count, "creating", tolerated: RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
        }
        try awaitLeaders(topics)
        return made
    }

    private func newTopic(_ topic: TopicSettings) throws(BrokerError) -> OpaquePointer {
        var text = [CChar](repeating: 0, count: 512)
        let replication = topic.replication.map(Int32.init) ?? -1
        guard let request = rd_kafka_NewTopic_new(topic.name, topic.partitions, replication, &text, text.count) else {
            throw BrokerError(.invalidArgument, "topic '\(topic.name)': \(KafkaHandle.string(text))")
        }
        for (name, value) in topic.kafkaSettings { rd_kafka_NewTopic_set_config(request, name, value) }
        return request
    }

    /// The names of the topics that something was done to.
    private func names(
        _ results: UnsafeMutablePointer<OpaquePointer?>, _ count: Int, _ attempt: String,
        tolerated: rd_kafka_resp_err_t
    ) throws(BrokerError) -> [String] {
        var names: [String] = []
        for index in 0..<count {
            guard let result = results[index], let text = rd_kafka_topic_result_name(result) else { continue }
            let name = String(cString: text)
            let code = rd_kafka_topic_result_error(result)
            if code == RD_KAFKA_RESP_ERR_NO_ERROR {
                names.append(name)
            } else if code != tolerated {
                let detail = rd_kafka_topic_result_error_string(result).map { String(cString: $0) }
                throw BrokerError(code, "\(attempt) topic '\(name)'", detail: detail)
            }
        }
        return names
    }

    /// Waits until every partition has a leader; until then a producer would be told that there is no such topic.
    private func awaitLeaders(_ topics: [TopicSettings]) throws(BrokerError) {
        let deadline = ContinuousClock.now + kafka.timeout
        for topic in topics {
            while true {
                if let found = try control.topics(topic.name).first, found.leaders == Int(found.description.partitions)
                {
                    break
                }
                guard ContinuousClock.now < deadline else {
                    throw BrokerError(.timedOut, "topic '\(topic.name)' has no leaders yet", isRetriable: true)
                }
                WakeUp().wait(until: .now + .milliseconds(50))
            }
        }
    }

    func delete(_ names: [String]) throws(BrokerError) {
        if names.isEmpty { return }
        var requests = names.map { rd_kafka_DeleteTopic_new($0) }
        defer { for request in requests { rd_kafka_DeleteTopic_destroy(request) } }
        let deleted = try ask("deleting topics") { queue in
            rd_kafka_DeleteTopics(handle, &requests, requests.count, nil, queue)
        } _: { event throws(BrokerError) in
            var count = 0
            guard let results = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count)
            else { return [String]() }
            return try self.names(results, count, "deleting", tolerated: RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        }
        let deadline = ContinuousClock.now + kafka.timeout
        for name in deleted {
            while ContinuousClock.now < deadline, try !control.topics(name).isEmpty {
                WakeUp().wait(until: .now + .milliseconds(50))
            }
        }
    }

    // MARK: - Records and offsets

    func deleteRecords(below offsets: [TopicPartition: Int64]) throws(BrokerError) -> [TopicPartition: Int64] {
        if offsets.isEmpty { return [:] }
        var cut: [TopicPartition: Int64] = [:]
        for (place, offset) in offsets {
            let ends = try control.watermarks(place)
            cut[place] = min(max(offset, ends.low), try control.stableEnd(place))
        }
        var request: OpaquePointer? = KafkaPartitionList(cut).withPointer { rd_kafka_DeleteRecords_new($0) }
        defer { rd_kafka_DeleteRecords_destroy(request) }
        return try ask("deleting records") { queue in
            rd_kafka_DeleteRecords(handle, &request, 1, nil, queue)
        } _: { event throws(BrokerError) in
            let list = rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event))
            var lows: [TopicPartition: Int64] = [:]
            for entry in KafkaPartitionList(reading: list).entries {
                if entry.error != 0 {
                    throw BrokerError(rd_kafka_resp_err_t(entry.error), "deleting records of \(entry.place)")
                }
                lows[entry.place] = entry.offset
            }
            return lows
        }
    }

    func committed(_ partition: TopicPartition, group: String) throws(BrokerError) -> Int64? {
        var request: OpaquePointer? = KafkaPartitionList([partition: -1001]).withPointer { list in
            rd_kafka_ListConsumerGroupOffsets_new(group, list)
        }
        defer { rd_kafka_ListConsumerGroupOffsets_destroy(request) }
        return try ask("reading the offsets of group '\(group)'") { queue in
            rd_kafka_ListConsumerGroupOffsets(handle, &request, 1, nil, queue)
        } _: { event throws(BrokerError) in
            var count = 0
            let result = rd_kafka_event_ListConsumerGroupOffsets_result(event)
            guard let groups = rd_kafka_ListConsumerGroupOffsets_result_groups(result, &count), count == 1,
                let answer = groups[0]
            else { return nil }
            if let error = rd_kafka_group_result_error(answer) {
                throw BrokerError(rd_kafka_error_code(error), "reading the offsets of group '\(group)'")
            }
            let entries = KafkaPartitionList(reading: rd_kafka_group_result_partitions(answer)).entries
            return entries.first { $0.place == partition && $0.offset >= 0 }?.offset
        }
    }
}

extension TopicSettings {
    /// By Kafka's names.
    fileprivate var kafkaSettings: [String: String] {
        var settings = [
            "cleanup.policy": cleanup == .compactAndDelete ? "compact,delete" : cleanup.rawValue,
            "retention.ms": retention.map { "\(Int64($0.seconds * 1000))" } ?? "-1",
        ]
        settings["retention.bytes"] = retentionBytes.map { "\($0)" }
        settings["max.message.bytes"] = maximumMessageBytes.map { "\($0)" }
        settings["segment.ms"] = compactionLag.map { "\(Int64($0.seconds * 1000))" }
        return settings.merging(other) { $1 }
    }
}
