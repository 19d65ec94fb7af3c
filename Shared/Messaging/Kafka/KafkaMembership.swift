import CRdKafka
import Synchronization

/// A consumer's place in its group at the moment of an assignment.
///
/// Transactions carry this snapshot and not what the client says later: a client that lost its membership would send
/// none, and the broker lets a commit without membership pass.
///
/// Sendable: librdkafka only reads the object after it is made.
final class KafkaMembership: @unchecked Sendable {
    private let pointer: OpaquePointer

    init(of handle: OpaquePointer) throws(BrokerError) {
        guard let pointer = rd_kafka_consumer_group_metadata(handle) else {
            throw BrokerError(.invalidArgument, "the consumer has no group")
        }
        self.pointer = pointer
    }

    deinit {
        rd_kafka_consumer_group_metadata_destroy(pointer)
    }

    func withPointer(_ body: (OpaquePointer) throws(BrokerError) -> Void) throws(BrokerError) {
        try body(pointer)
    }
}

/// What librdkafka wants to change about the assignment, kept from its callback until `poll` acts on it.
final class KafkaRebalances: Sendable {
    private struct State {
        var pending: [(code: rd_kafka_resp_err_t, partitions: [TopicPartition])] = []
        var isClosing = false
    }

    private let state = Mutex(State())

    /// From the callback.
    func receive(_ handle: OpaquePointer, _ code: rd_kafka_resp_err_t, _ list: KafkaPartitionList) {
        let isClosing = state.withLock { state in
            if !state.isClosing { state.pending.append((code, list.entries.map(\.place))) }
            return state.isClosing
        }
        if isClosing { rd_kafka_assign(handle, nil) }
    }

    func next() -> (isAssignment: Bool, partitions: [TopicPartition])? {
        state.withLock { state in
            if state.pending.isEmpty { return nil }
            let first = state.pending.removeFirst()
            return (first.code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS, first.partitions)
        }
    }

    /// From now on the callback itself lets go of everything, which closing a consumer waits for.
    func beginClosing() {
        state.withLock { state in
            state.isClosing = true
            state.pending = []
        }
    }
}
