import CRdKafka
import Dispatch
import Synchronization

/// What plain and transactional producers share: a handle, a thread that serves its callbacks, and back-pressure.
final class KafkaProducerCore: Sendable {
    let handle: KafkaHandle
    private let configuration: ProducerConfiguration
    private let room: WakeUp
    private let isEnding = Atomic<Bool>(false)
    private let isClosed = Atomic<Bool>(false)
    private let serving = DispatchGroup()

    init(
        _ kafka: KafkaConfiguration, _ configuration: ProducerConfiguration, options: [String: String] = [:]
    ) throws(BrokerError) {
        self.configuration = configuration
        let room = WakeUp()
        self.room = room
        var all = [
            "enable.idempotence": "true",
            "partitioner": "murmur2_random",
            "linger.ms": "1",
            // Topics are made before they are written: one that is not there after so long will not come.
            "topic.metadata.propagation.max.ms": "3000",
            "message.max.bytes": "\(configuration.maximumMessageBytes)",
            "queue.buffering.max.kbytes": "\(max(1, configuration.bufferBytes / 1024))",
            "message.timeout.ms": "\(configuration.deliveryTimeout.milliseconds)",
        ]
        all.merge(options) { $1 }
        handle = try KafkaHandle(
            RD_KAFKA_PRODUCER, kafka, all, KafkaHandle.Context(log: kafka.log, onDelivery: { room.signal() }))
        // A serial queue has a thread of its own while its block runs.
        DispatchQueue(label: "sheaf kafka producer").async(group: serving) { [self] in
            while !isEnding.load(ordering: .acquiring) { rd_kafka_poll(handle.pointer, 100) }
        }
    }

    func produce(_ record: OutgoingRecord) throws(BrokerError) -> Delivery {
        let deadline = ContinuousClock.now + configuration.backPressureTimeout
        let delivery = Delivery()
        while true {
            if isClosed.load(ordering: .acquiring) { throw BrokerError(.closed, "the producer is closed") }
            guard let error = enqueue(record, delivery) else { return delivery }
            guard error.code == .queueFull, ContinuousClock.now < deadline else { throw error }
            room.wait(until: min(deadline, .now + .milliseconds(100)))
        }
    }

    /// Hands the record to librdkafka, which copies it.
    private func enqueue(_ record: OutgoingRecord, _ delivery: Delivery) -> BrokerError? {
        let headers = rd_kafka_headers_new(record.headers.count)
        for header in record.headers {
            header.value.withUnsafeBytes { bytes in
                _ = rd_kafka_header_add(headers, header.name, -1, bytes.baseAddress, bytes.count)
            }
        }
        let tag = Unmanaged.passRetained(delivery)
        let error = record.topic.withCString { topic in
            Self.withBytes(record.key) { key, keyCount in
                Self.withBytes(record.value) { value, valueCount -> OpaquePointer? in
                    var arguments = [rd_kafka_vu_t](repeating: rd_kafka_vu_t(), count: 7)
                    arguments[0].vtype = RD_KAFKA_VTYPE_TOPIC
                    arguments[0].u.cstr = topic
                    arguments[1].vtype = RD_KAFKA_VTYPE_PARTITION
                    arguments[1].u.i32 = record.partition ?? -1  // RD_KAFKA_PARTITION_UA: by key
                    arguments[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS
                    arguments[2].u.i = Int32(RD_KAFKA_MSG_F_COPY)
                    arguments[3].vtype = RD_KAFKA_VTYPE_KEY
                    arguments[3].u.mem.ptr = key
                    arguments[3].u.mem.size = keyCount
                    arguments[4].vtype = RD_KAFKA_VTYPE_VALUE
                    arguments[4].u.mem.ptr = value
                    arguments[4].u.mem.size = valueCount
                    arguments[5].vtype = RD_KAFKA_VTYPE_OPAQUE
                    arguments[5].u.ptr = tag.toOpaque()
                    arguments[6].vtype = RD_KAFKA_VTYPE_HEADERS
                    arguments[6].u.headers = headers
                    return rd_kafka_produceva(handle.pointer, arguments, arguments.count)
                }
            }
        }
        guard let error else { return nil }
        // Nothing was taken: the headers and the tag are still ours.
        rd_kafka_headers_destroy(headers)
        tag.release()
        return BrokerError(consuming: error, "producing a record of \(record.size) bytes for '\(record.topic)'")
    }

    /// Null for nil, a pointer to something for no bytes: librdkafka tells them apart.
    private static func withBytes<Outcome>(
        _ bytes: [UInt8]?, _ body: (UnsafeMutableRawPointer?, Int) -> Outcome
    ) -> Outcome {
        guard let bytes else { return body(nil, 0) }
        // An address also where there are no bytes.
        return (bytes.isEmpty ? [0] : bytes).withUnsafeBytes { buffer in
            // librdkafka copies (F_COPY) and does not write, whatever the type says.
            body(UnsafeMutableRawPointer(mutating: buffer.baseAddress), bytes.count)
        }
    }

    func flush(timeout: Duration) throws(BrokerError) {
        let code = rd_kafka_flush(handle.pointer, timeout.milliseconds)
        if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw BrokerError(code, "flushing") }
    }

    func close(timeout: Duration) {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        rd_kafka_flush(handle.pointer, timeout.milliseconds)
        rd_kafka_purge(handle.pointer, Int32(RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT))
        rd_kafka_flush(handle.pointer, 1000)  // serves the callbacks of what was purged
        isEnding.store(true, ordering: .releasing)
        serving.wait()
        handle.close()
    }
}

final class KafkaProducer: Producer {
    private let core: KafkaProducerCore

    init(_ core: KafkaProducerCore) {
        self.core = core
    }

    deinit {
        close()
    }

    func produce(_ record: OutgoingRecord) throws(BrokerError) -> Delivery { try core.produce(record) }
    func flush(timeout: Duration) throws(BrokerError) { try core.flush(timeout: timeout) }
    func close(timeout: Duration) { core.close(timeout: timeout) }
}
