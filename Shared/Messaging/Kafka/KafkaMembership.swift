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
    struct Change {
        let isAssignment: Bool
        /// Others have the partitions already; only the callback can ask, since acting on the change ends the answer.
        let areLost: Bool
        let partitions: [TopicPartition]
    }

    private struct State {
        var pending: [Change] = []
        var isClosed = false
    }

    private let state = Mutex(State())

    /// From the callback.
    func receive(_ handle: OpaquePointer, _ code: rd_kafka_resp_err_t, _ list: KafkaPartitionList) {
        let change = Change(
            isAssignment: code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS, areLost: rd_kafka_assignment_lost(handle) != 0,
            partitions: list.entries.map(\.place))
        state.withLock { state in
            if !state.isClosed { state.pending.append(change) }
        }
    }

    func next() -> Change? {
        state.withLock { $0.pending.isEmpty ? nil : $0.pending.removeFirst() }
    }

    /// From now on changes are of no interest.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.pending = []
        }
    }
}
