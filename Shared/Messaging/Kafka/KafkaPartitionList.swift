import CRdKafka

/// Partitions with offsets, copied from and to librdkafka's lists.
struct KafkaPartitionList: Sendable {
    struct Entry: Sendable {
        var place: TopicPartition
        /// Negative values are librdkafka's logical offsets.
        var offset: Int64
        var error: Int32
    }

    var entries: [Entry]

    init(_ offsets: [TopicPartition: Int64]) {
        entries = offsets.sorted { $0.key < $1.key }.map { Entry(place: $0.key, offset: $0.value, error: 0) }
    }

    /// Copies a list of librdkafka.
    init(reading list: UnsafePointer<rd_kafka_topic_partition_list_t>?) {
        entries = []
        guard let list, let elements = list.pointee.elems else { return }
        // librdkafka vouches for `cnt` elements.
        for index in 0..<Int(list.pointee.cnt) {
            let element = elements[index]
            entries.append(
                Entry(
                    place: TopicPartition(String(cString: element.topic), element.partition), offset: element.offset,
                    error: element.err.rawValue))
        }
    }

    init(reading list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?) {
        self.init(reading: UnsafePointer(list))
    }

    /// Hands a list of librdkafka to `body`, frees it afterwards.
    func withPointer<Outcome>(
        _ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> Outcome
    ) -> Outcome {
        guard let list = rd_kafka_topic_partition_list_new(Int32(entries.count)) else {
            preconditionFailure("librdkafka has no memory for a list of partitions")
        }
        defer { rd_kafka_topic_partition_list_destroy(list) }
        for entry in entries {
            // The element that `add` returns belongs to the list and is written before the next one is added.
            rd_kafka_topic_partition_list_add(list, entry.place.topic, entry.place.partition)?.pointee.offset =
                entry.offset
        }
        return body(list)
    }
}

extension StartingOffset {
    /// librdkafka's number for it.
    var kafkaOffset: Int64 {
        switch self {
        case .beginning: Int64(RD_KAFKA_OFFSET_BEGINNING)
        case .end: Int64(RD_KAFKA_OFFSET_END)
        case .offset(let offset): offset
        case .committed: Int64(RD_KAFKA_OFFSET_STORED)
        }
    }
}
