import CRdKafka

/// Reads messages of librdkafka, which its caller frees.
enum KafkaMessage {
    static func topicPartition(_ message: UnsafePointer<rd_kafka_message_t>) -> TopicPartition {
        let name = message.pointee.rkt.flatMap { rd_kafka_topic_name($0) }.map { String(cString: $0) } ?? ""
        return TopicPartition(name, message.pointee.partition)
    }

    /// Copies all of a message without error.
    static func record(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> Record {
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let timestamp = rd_kafka_message_timestamp(message, &kind)
        return Record(
            position: Position(topicPartition(message), offset: message.pointee.offset),
            key: bytes(message.pointee.key, message.pointee.key_len),
            value: bytes(message.pointee.payload, message.pointee.len), headers: headers(message),
            timestamp: timestamp)
    }

    /// librdkafka's pointer and length hold as long as the message; nil stands for null.
    private static func bytes(_ start: UnsafeRawPointer?, _ count: Int) -> [UInt8]? {
        start.map { Array(UnsafeRawBufferPointer(start: $0, count: count)) }
    }

    private static func headers(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> [Header] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
        var headers: [Header] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while rd_kafka_header_get_all(list, headers.count, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
            guard let name else { break }
            headers.append(Header(String(cString: name), bytes(value, size) ?? []))
        }
        return headers
    }
}
