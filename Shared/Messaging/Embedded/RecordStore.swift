/// The tables of the embedded broker: topics, their partitions' ends, records, committed offsets, transactional ids.
///
/// A record's row number is its partition's number and its offset, so that a partition is one run of rows:
///
///     63 ......... 40 39 .................. 0
///     partition's id  offset                     up to 2^23 partitions of 2^40 records each
///
/// Write-ahead mode without a sync at every commit: what was confirmed survives the death of the process, and a power
/// failure may take the last moments but leaves everything consistent.
struct RecordStore {
    /// Raised with every change of the tables; a file of a newer version is refused.
    static let version: Int64 = 1
    static let offsetBits: Int64 = 40

    let connection: SQLiteConnection

    /// - Parameter path: a file, or `:memory:`.
    init(path: String) throws(BrokerError) {
        connection = try SQLiteConnection(path: path)
        for setting in [
            "locking_mode = EXCLUSIVE",  // another process that opens the file is told so
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "wal_autocheckpoint = 4000",
            "journal_size_limit = 67108864",
        ] {
            try connection.run("PRAGMA \(setting)")
        }
        var found: Int64 = 0
        try connection.query("PRAGMA user_version") { row throws(BrokerError) in
            found = row.integer(0)
            return false
        }
        guard found <= Self.version else {
            throw BrokerError(
                .storage, "the files are of version \(found), this program reads up to version \(Self.version)")
        }
        try connection.transaction { () throws(BrokerError) in
            for statement in Self.tables { try connection.run(statement) }
            try connection.run("PRAGMA user_version = \(Self.version)")
        }
    }

    private static let tables = [
        """
        CREATE TABLE IF NOT EXISTS topics(
            name TEXT PRIMARY KEY, partitions INTEGER NOT NULL, cleanup TEXT NOT NULL, retention_ms INTEGER,
            retention_bytes INTEGER, maximum_message_bytes INTEGER, compaction_lag_ms INTEGER) WITHOUT ROWID
        """,
        """
        CREATE TABLE IF NOT EXISTS partitions(
            id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, partition INTEGER NOT NULL,
            low INTEGER NOT NULL DEFAULT 0, next INTEGER NOT NULL DEFAULT 0, UNIQUE(topic, partition))
        """,
        """
        CREATE TABLE IF NOT EXISTS records(
            id INTEGER PRIMARY KEY, timestamp INTEGER NOT NULL, key BLOB, value BLOB, headers BLOB)
        """,
        """
        CREATE TABLE IF NOT EXISTS offsets(
            consumer_group TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL, next INTEGER NOT NULL,
            PRIMARY KEY(consumer_group, topic, partition)) WITHOUT ROWID
        """,
        "CREATE TABLE IF NOT EXISTS transactional_ids(id TEXT PRIMARY KEY, epoch INTEGER NOT NULL) WITHOUT ROWID",
    ]

    private func row(_ partition: Int64, _ offset: Int64) -> Int64 {
        partition << Self.offsetBits | offset
    }

    // MARK: - Topics

    func loadTopics() throws(BrokerError) -> [EmbeddedTopic] {
        var topics: [EmbeddedTopic] = []
        try connection.query(
            """
            SELECT name, partitions, cleanup, retention_ms, retention_bytes, maximum_message_bytes, compaction_lag_ms
            FROM topics
            """
        ) { row throws(BrokerError) in
            guard let cleanup = TopicSettings.Cleanup(rawValue: row.text(2)) else {
                throw BrokerError(.storage, "topic '\(row.text(0))' has the unknown cleanup '\(row.text(2))'")
            }
            let settings = TopicSettings(
                name: row.text(0), partitions: Int32(clamping: row.integer(1)), cleanup: cleanup,
                retention: row.optionalInteger(3).map { .milliseconds($0) }, retentionBytes: row.optionalInteger(4),
                maximumMessageBytes: row.optionalInteger(5).map { Int32(clamping: $0) },
                compactionLag: row.optionalInteger(6).map { .milliseconds($0) })
            topics.append(EmbeddedTopic(settings: settings, partitions: []))
            return true
        }
        for index in topics.indices {
            topics[index].partitions = try loadPartitions(of: topics[index].settings)
        }
        return topics
    }

    private func loadPartitions(of topic: TopicSettings) throws(BrokerError) -> [EmbeddedPartition] {
        var partitions: [EmbeddedPartition] = []
        try connection.query(
            "SELECT id, low, next FROM partitions WHERE topic = ? ORDER BY partition", [.text(topic.name)]
        ) { row throws(BrokerError) in
            partitions.append(EmbeddedPartition(id: row.integer(0), low: row.integer(1), next: row.integer(2)))
            return true
        }
        guard partitions.count == Int(topic.partitions) else {
            throw BrokerError(.storage, "topic '\(topic.name)' has lost partitions")
        }
        return partitions
    }

    func create(_ topic: TopicSettings) throws(BrokerError) -> EmbeddedTopic {
        func milliseconds(_ duration: Duration?) -> SQLiteValue {
            duration.map { .integer(Int64(($0.seconds * 1000).rounded())) } ?? .null
        }
        try connection.transaction { () throws(BrokerError) in
            try connection.run(
                "INSERT INTO topics VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    .text(topic.name), .integer(Int64(topic.partitions)), .text(topic.cleanup.rawValue),
                    milliseconds(topic.retention), topic.retentionBytes.map(SQLiteValue.integer) ?? .null,
                    topic.maximumMessageBytes.map { .integer(Int64($0)) } ?? .null, milliseconds(topic.compactionLag),
                ])
            for partition in 0..<topic.partitions {
                try connection.run(
                    "INSERT INTO partitions(topic, partition) VALUES (?, ?)",
                    [.text(topic.name), .integer(Int64(partition))])
            }
        }
        return EmbeddedTopic(settings: topic, partitions: try loadPartitions(of: topic))
    }

    func delete(_ topic: EmbeddedTopic) throws(BrokerError) {
        try connection.transaction { () throws(BrokerError) in
            for partition in topic.partitions {
                try connection.run(
                    "DELETE FROM records WHERE id >= ? AND id < ?",
                    [.integer(row(partition.id, 0)), .integer(row(partition.id + 1, 0))])
            }
            for table in ["partitions", "offsets"] {
                try connection.run("DELETE FROM \(table) WHERE topic = ?", [.text(topic.settings.name)])
            }
            try connection.run("DELETE FROM topics WHERE name = ?", [.text(topic.settings.name)])
        }
    }

    // MARK: - Records

    /// Inserts a record; inside a transaction of the caller.
    func insert(
        _ record: OutgoingRecord, partition: EmbeddedPartition, offset: Int64, timestamp: Int64
    ) throws(BrokerError) {
        try connection.run(
            "INSERT INTO records VALUES (?, ?, ?, ?, ?)",
            [
                .integer(row(partition.id, offset)), .integer(timestamp), SQLiteValue(record.key),
                SQLiteValue(record.value), SQLiteValue(HeaderCoding.encode(record.headers)),
            ])
        try connection.run(
            "UPDATE partitions SET next = max(next, ?) WHERE id = ?", [.integer(offset + 1), .integer(partition.id)])
    }

    /// Records of a partition from `offsets` in their order, until `maximum` records or `maximumBytes` are reached.
    func records(
        _ topicPartition: TopicPartition, _ partition: EmbeddedPartition, _ offsets: Range<Int64>, maximum: Int,
        maximumBytes: Int
    ) throws(BrokerError) -> [Record] {
        var records: [Record] = []
        var bytes = 0
        try connection.query(
            "SELECT id, timestamp, key, value, headers FROM records WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
            [
                .integer(row(partition.id, offsets.lowerBound)), .integer(row(partition.id, offsets.upperBound)),
                .integer(Int64(maximum)),
            ]
        ) { row throws(BrokerError) in
            let offset = row.integer(0) & (1 << Self.offsetBits - 1)
            guard let headers = HeaderCoding.decode(row.blob(4) ?? []) else {
                throw BrokerError(.unreadable, "the headers of \(topicPartition)@\(offset) cannot be decoded")
            }
            let record = Record(
                position: Position(topicPartition, offset: offset), key: row.blob(2), value: row.blob(3),
                headers: headers, timestamp: row.integer(1))
            records.append(record)
            bytes += (record.key?.count ?? 0) + (record.value?.count ?? 0)
            return bytes < maximumBytes
        }
        return records
    }

    func deleteRecords(_ partition: EmbeddedPartition, below offset: Int64) throws(BrokerError) {
        try connection.transaction { () throws(BrokerError) in
            try connection.run(
                "DELETE FROM records WHERE id >= ? AND id < ?",
                [.integer(row(partition.id, 0)), .integer(row(partition.id, offset))])
            try connection.run(
                "UPDATE partitions SET low = max(low, ?) WHERE id = ?", [.integer(offset), .integer(partition.id)])
        }
    }

    // MARK: - Offsets and ids

    func committed(_ partition: TopicPartition, group: String) throws(BrokerError) -> Int64? {
        var offset: Int64?
        try connection.query(
            "SELECT next FROM offsets WHERE consumer_group = ? AND topic = ? AND partition = ?",
            [.text(group), .text(partition.topic), .integer(Int64(partition.partition))]
        ) { row throws(BrokerError) in
            offset = row.integer(0)
            return false
        }
        return offset
    }

    /// Inside a transaction of the caller.
    func commit(_ offsets: [TopicPartition: Int64], group: String) throws(BrokerError) {
        for (partition, offset) in offsets {
            try connection.run(
                "INSERT OR REPLACE INTO offsets VALUES (?, ?, ?, ?)",
                [.text(group), .text(partition.topic), .integer(Int64(partition.partition)), .integer(offset)])
        }
    }

    /// A new epoch of a transactional id, higher than all before.
    func nextEpoch(of transactionalID: String) throws(BrokerError) -> Int64 {
        try connection.run(
            """
            INSERT INTO transactional_ids VALUES (?, 1) ON CONFLICT(id) DO UPDATE SET epoch = epoch + 1
            """, [.text(transactionalID)])
        var epoch: Int64 = 0
        try connection.query("SELECT epoch FROM transactional_ids WHERE id = ?", [.text(transactionalID)]) {
            row throws(BrokerError) in
            epoch = row.integer(0)
            return false
        }
        return epoch
    }
}
