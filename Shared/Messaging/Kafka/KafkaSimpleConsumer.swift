import CRdKafka
import Synchronization

/// librdkafka's consumer without a group: topics, partitions that are started and stopped, and one queue for all.
///
/// Sendable: librdkafka's functions may be called from any thread; what is started is kept under a lock.
final class KafkaSimpleConsumer: @unchecked Sendable {
    fileprivate struct State {
        var topics: [String: OpaquePointer] = [:]
        var started: Set<TopicPartition> = []
    }

    private let handle: KafkaHandle
    private let queue: OpaquePointer
    private let state = Mutex(State())

    init(_ handle: KafkaHandle) {
        self.handle = handle
        queue = rd_kafka_queue_new(handle.pointer)
    }

    /// Reads these partitions from these offsets, librdkafka's logical ones included.
    /// - Parameter replacing: whether others are stopped.
    func start(_ offsets: [TopicPartition: Int64], replacing: Bool = true) throws(BrokerError) {
        let failure = state.withLock { state -> BrokerError? in
            for place in state.started where replacing || offsets[place] != nil { state.stop(place) }
            for (place, offset) in offsets {
                guard let topic = state.topic(place.topic, handle) else {
                    return BrokerError(rd_kafka_last_error(), "opening topic '\(place.topic)'")
                }
                guard rd_kafka_consume_start_queue(topic, place.partition, offset, queue) == 0 else {
                    return BrokerError(rd_kafka_last_error(), "starting to read \(place)")
                }
                state.started.insert(place)
            }
            return nil
        }
        if let failure { throw failure }
    }

    /// The next message, which the caller destroys.
    func next(_ timeout: Duration) -> UnsafeMutablePointer<rd_kafka_message_t>? {
        rd_kafka_consume_queue(queue, timeout.milliseconds)
    }

    /// Reads no partition any more; messages that were fetched already may still come.
    func stop() {
        state.withLock { state in
            for place in state.started { state.stop(place) }
        }
    }

    /// Stops everything and gives back queue and topics; the handle can be closed then.
    func close() {
        state.withLock { state in
            for place in state.started { state.stop(place) }
            for topic in state.topics.values { rd_kafka_topic_destroy(topic) }
            state.topics = [:]
        }
        rd_kafka_queue_destroy(queue)
    }
}

extension KafkaSimpleConsumer.State {
    fileprivate mutating func topic(_ name: String, _ handle: KafkaHandle) -> OpaquePointer? {
        if let topic = topics[name] { return topic }
        guard let topic = rd_kafka_topic_new(handle.pointer, name, nil) else { return nil }
        topics[name] = topic
        // With its leaders known, reading starts at once; librdkafka looks again after half a second otherwise. Without
        // an answer it goes on as it would anyway.
        var metadata: UnsafePointer<rd_kafka_metadata>?
        if rd_kafka_metadata(handle.pointer, 0, topic, &metadata, 2000) == RD_KAFKA_RESP_ERR_NO_ERROR {
            rd_kafka_metadata_destroy(metadata)
        }
        return topic
    }

    fileprivate mutating func stop(_ place: TopicPartition) {
        if let topic = topics[place.topic] { rd_kafka_consume_stop(topic, place.partition) }
        started.remove(place)
    }
}
