extension RecordStore {
    /// Deletes what a topic's settings no longer keep.
    /// - Returns: the new low watermarks of its partitions.
    func clean(_ topic: EmbeddedTopic, now: Int64) throws(BrokerError) -> [Int64] {
        var lows: [Int64] = []
        for partition in topic.partitions {
            if topic.settings.cleanup != .delete {
                try compact(partition, before: now - topic.settings.compactionLagMilliseconds)
            }
            var low = partition.low
            if topic.settings.cleanup != .compact {
                if let retention = topic.settings.retention {
                    let oldest = now - Int64(retention.seconds * 1000)
                    low = max(low, try firstOffset(partition, notOlderThan: oldest))
                }
                if let limit = topic.settings.retentionBytes {
                    low = max(low, try firstOffset(partition, within: limit))
                }
                // What an open transaction has reserved is not there yet and stays.
                low = min(low, partition.lastStableOffset)
                if low > partition.low { try deleteRecords(partition, below: low) }
            }
            lows.append(low)
        }
        return lows
    }

    /// Of each key keeps the last record among those older than `time`, and drops tombstones that are older.
    private func compact(_ partition: EmbeddedPartition, before time: Int64) throws(BrokerError) {
        let (first, end) = rows(partition)
        try connection.transaction { () throws(BrokerError) in
            try connection.run(
                """
                DELETE FROM records WHERE id >= ?1 AND id < ?2 AND timestamp < ?3 AND key IS NOT NULL AND id NOT IN
                    (SELECT max(id) FROM records WHERE id >= ?1 AND id < ?2 AND key IS NOT NULL GROUP BY key)
                """, [.integer(first), .integer(end), .integer(time)])
            try connection.run(
                "DELETE FROM records WHERE id >= ? AND id < ? AND timestamp < ? AND value IS NULL",
                [.integer(first), .integer(end), .integer(time)])
        }
    }

    private func rows(_ partition: EmbeddedPartition) -> (first: Int64, end: Int64) {
        (partition.id << Self.offsetBits, (partition.id + 1) << Self.offsetBits)
    }

    private func firstOffset(
        _ partition: EmbeddedPartition, notOlderThan time: Int64
    ) throws(BrokerError) -> Int64 {
        let (first, end) = rows(partition)
        var offset = partition.next
        try connection.query(
            "SELECT id FROM records WHERE id >= ? AND id < ? AND timestamp >= ? ORDER BY id LIMIT 1",
            [.integer(first), .integer(end), .integer(time)]
        ) { row throws(BrokerError) in
            offset = row.integer(0) - first
            return false
        }
        return offset
    }

    /// The first of the last records that together have at most `limit` bytes.
    private func firstOffset(_ partition: EmbeddedPartition, within limit: Int64) throws(BrokerError) -> Int64 {
        let (first, end) = rows(partition)
        var offset = partition.low
        var bytes: Int64 = 0
        try connection.query(
            """
            SELECT id, ifnull(length(key), 0) + ifnull(length(value), 0) + ifnull(length(headers), 0)
            FROM records WHERE id >= ? AND id < ? ORDER BY id DESC
            """, [.integer(first), .integer(end)]
        ) { row throws(BrokerError) in
            bytes += row.integer(1)
            if bytes > limit { offset = row.integer(0) - first + 1 }
            return bytes <= limit
        }
        return offset
    }
}

extension TopicSettings {
    /// Kafka's time of an active segment as the design sets it, unless the topic says otherwise.
    var compactionLagMilliseconds: Int64 {
        compactionLag.map { Int64($0.seconds * 1000) } ?? 600_000
    }
}
