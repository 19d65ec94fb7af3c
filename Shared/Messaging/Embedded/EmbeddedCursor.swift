/// Where a consumer or reader stands in each of its partitions, and whose turn it is.
struct EmbeddedCursor {
    /// Bytes of one poll after which no more records are added.
    private static let maximumBytes = 16 << 20

    private(set) var positions: [TopicPartition: Int64] = [:]
    /// All partitions; the first is read first, and goes to the back after it gave records.
    private var order: [TopicPartition] = []
    var paused: Set<TopicPartition> = []

    mutating func assign(_ positions: [TopicPartition: Int64]) {
        self.positions = positions
        order = positions.keys.sorted()
        paused = []
    }

    /// Does nothing for a partition that is not assigned.
    mutating func seek(_ partition: TopicPartition, to offset: Int64) {
        if positions[partition] != nil { positions[partition] = offset }
    }

    /// Takes over how far reading came, except where someone sought or paused in the meantime.
    mutating func advance(from before: EmbeddedCursor, to after: EmbeddedCursor) {
        for (partition, offset) in after.positions where positions[partition] == before.positions[partition] {
            if positions[partition] != nil { positions[partition] = offset }
        }
        if Set(order) == Set(after.order) { order = after.order }
    }

    /// Takes what can be read now.
    /// - Parameter whenOutOfRange: where to go on when a position is not within its partition; nil throws.
    mutating func read(
        _ state: EmbeddedState, maximum: Int, whenOutOfRange: (EmbeddedPartition) -> Int64?
    ) throws(BrokerError) -> [Record] {
        let store = try state.openStore()
        var records: [Record] = []
        var bytes = 0
        for place in order where !paused.contains(place) && records.count < maximum && bytes < Self.maximumBytes {
            guard var position = positions[place], let partition = try? state.partition(place) else { continue }
            if !(partition.low...partition.next).contains(position) {
                guard let start = whenOutOfRange(partition) else {
                    throw BrokerError(
                        .offsetOutOfRange,
                        "\(place) holds offsets \(partition.low) to \(partition.next), not \(position)")
                }
                position = start
            }
            let end = partition.lastStableOffset
            let found =
                try position < end
                ? store.records(
                    place, partition, position..<end, maximum: maximum - records.count,
                    maximumBytes: Self.maximumBytes - bytes)
                : []
            bytes += found.reduce(0) { $0 + ($1.value?.count ?? 0) + ($1.key?.count ?? 0) }
            // Where nothing is found, nothing is left: what was compacted or rolled back is passed over.
            positions[place] = found.last.map { $0.offset + 1 } ?? max(position, end)
            records += found
        }
        let givers = Set(records.map(\.position.topicPartition))
        order = order.filter { !givers.contains($0) } + order.filter { givers.contains($0) }
        return records
    }
}
