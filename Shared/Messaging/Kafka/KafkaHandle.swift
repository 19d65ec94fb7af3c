import CRdKafka
import Synchronization

/// A client of librdkafka: its threads, connections and queues, freed by `close`.
///
/// Sendable: librdkafka's functions may be called from any thread; the pointer is set once, and `close` is the last use,
/// which the owners see to by closing under the lock that guards their other calls.
final class KafkaHandle: @unchecked Sendable {
    /// What callbacks find behind librdkafka's opaque pointer.
    final class Context: Sendable {
        let log: @Sendable (Int, String) -> Void
        /// Called in `rd_kafka_consumer_poll`.
        let rebalance: (@Sendable (OpaquePointer, rd_kafka_resp_err_t, KafkaPartitionList) -> Void)?
        let onDelivery: (@Sendable () -> Void)?

        init(
            log: @escaping @Sendable (Int, String) -> Void,
            rebalance: (@Sendable (OpaquePointer, rd_kafka_resp_err_t, KafkaPartitionList) -> Void)? = nil,
            onDelivery: (@Sendable () -> Void)? = nil
        ) {
            self.log = log
            self.rebalance = rebalance
            self.onDelivery = onDelivery
        }
    }

    let pointer: OpaquePointer
    private let context: Unmanaged<Context>
    private let isClosed = Atomic<Bool>(false)

    /// - Parameter options: librdkafka's options; those of `configuration` win.
    /// - Throws: `.invalidConfiguration`.
    init(
        _ type: rd_kafka_type_t, _ configuration: KafkaConfiguration, _ options: [String: String], _ context: Context
    ) throws(BrokerError) {
        guard let conf = rd_kafka_conf_new() else {
            throw BrokerError(.invalidConfiguration, "librdkafka made no configuration")
        }
        var all = ["bootstrap.servers": configuration.brokers, "client.id": "sheaf", "log.connection.close": "false"]
        all.merge(options) { $1 }
        all.merge(configuration.options) { $1 }
        // Options that only the other kind of client knows are warned about, not refused, by librdkafka.
        for (name, value) in all {
            var text = [CChar](repeating: 0, count: 512)
            guard rd_kafka_conf_set(conf, name, value, &text, text.count) == RD_KAFKA_CONF_OK else {
                rd_kafka_conf_destroy(conf)
                throw BrokerError(.invalidConfiguration, "\(name) = \(value): \(Self.string(text))")
            }
        }
        let retained = Unmanaged.passRetained(context)
        rd_kafka_conf_set_opaque(conf, retained.toOpaque())
        rd_kafka_conf_set_log_cb(conf, kafkaDidLog)
        if context.rebalance != nil { rd_kafka_conf_set_rebalance_cb(conf, kafkaDidRebalance) }
        if type == RD_KAFKA_PRODUCER { rd_kafka_conf_set_dr_msg_cb(conf, kafkaDidDeliver) }
        var text = [CChar](repeating: 0, count: 512)
        guard let pointer = rd_kafka_new(type, conf, &text, text.count) else {
            rd_kafka_conf_destroy(conf)
            retained.release()
            throw BrokerError(.invalidConfiguration, Self.string(text))
        }
        self.pointer = pointer
        self.context = retained
    }

    deinit {
        close()
    }

    /// librdkafka must not be asked through a handle that it has freed.
    func requireOpen() throws(BrokerError) {
        if isClosed.load(ordering: .acquiring) { throw BrokerError(.closed, "the broker is closed") }
    }

    /// Ends all threads of the client and frees it; callbacks may come until it returns, and none after.
    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // A consumer has left its group by itself (`KafkaGroupConsumer.close`).
        rd_kafka_destroy_flags(pointer, Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE))
        context.release()
    }

    static func string(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// The context behind the opaque pointer lives until `KafkaHandle.close` has returned from rd_kafka_destroy.
private func context(_ opaque: UnsafeMutableRawPointer?) -> KafkaHandle.Context? {
    opaque.map { Unmanaged<KafkaHandle.Context>.fromOpaque($0).takeUnretainedValue() }
}

private func kafkaDidLog(
    handle: OpaquePointer?, level: Int32, facility: UnsafePointer<CChar>?, text: UnsafePointer<CChar>?
) {
    guard let handle, let text else { return }
    let facility = facility.map { String(cString: $0) } ?? ""
    context(rd_kafka_opaque(handle))?.log(Int(level), "\(facility): \(String(cString: text))")
}

private func kafkaDidRebalance(
    handle: OpaquePointer?, code: rd_kafka_resp_err_t,
    partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?, opaque: UnsafeMutableRawPointer?
) {
    // The list belongs to librdkafka and lives during the call; its content is copied.
    if let handle { context(opaque)?.rebalance?(handle, code, KafkaPartitionList(reading: partitions)) }
}

private func kafkaDidDeliver(
    handle: OpaquePointer?, message: UnsafePointer<rd_kafka_message_t>?, opaque: UnsafeMutableRawPointer?
) {
    guard let message, let tag = message.pointee._private else { return }
    // The tag is the delivery that `KafkaProducerCore.produce` retained for exactly this call.
    let delivery = Unmanaged<Delivery>.fromOpaque(tag).takeRetainedValue()
    let place = KafkaMessage.topicPartition(message)
    if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
        delivery.complete(.success(Position(place, offset: message.pointee.offset)))
    } else {
        delivery.complete(.failure(BrokerError(message.pointee.err, "delivering a record to \(place)")))
    }
    context(opaque)?.onDelivery?()
}
