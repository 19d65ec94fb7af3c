/// The offsets that a transaction carries: new ones, or else old ones once more, so that every commit is checked against
/// the consumer's membership of its group.
struct CarriedOffsets {
    private var last: [TopicPartition: Int64] = [:]
    private var assignment: Int?

    /// - Parameter new: what the transaction says it consumed.
    /// - Throws: `.generationLost` when the consumer has no partition whose offset could be repeated.
    mutating func offsets(
        new: [TopicPartition: Int64], of consumer: some OffsetHolding
    ) throws(BrokerError) -> [TopicPartition: Int64] {
        let (number, partitions) = consumer.groupAssignment
        if assignment != number {
            // Others may have committed since; what was remembered is of no more use.
            last = [:]
            assignment = number
        }
        if !new.isEmpty { return new }
        guard let partition = partitions.min() else {
            throw BrokerError(.generationLost, "the consumer has no partition, so it cannot commit a transaction")
        }
        if let offset = last[partition] { return [partition: offset] }
        if let offset = try consumer.committed([partition])[partition] { return [partition: offset] }
        return [partition: try consumer.firstOffset(of: partition)]
    }

    mutating func didCommit(_ offsets: [TopicPartition: Int64]) {
        last.merge(offsets) { $1 }
    }
}

/// What `CarriedOffsets` asks of a consumer.
protocol OffsetHolding: GroupConsumer {
    /// The partitions that the group gave to this member, and how many times it has given so far.
    var groupAssignment: (number: Int, partitions: [TopicPartition]) { get }

    /// Where reading begins that has no committed offset.
    func firstOffset(of partition: TopicPartition) throws(BrokerError) -> Int64
}
