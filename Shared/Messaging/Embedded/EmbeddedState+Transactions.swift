extension EmbeddedState {
    /// A new producer of this id: earlier ones are fenced, and what they left open is rolled back.
    mutating func beginEpoch(of transactionalID: String) throws(BrokerError) -> Int64 {
        let epoch = try openStore().nextEpoch(of: transactionalID)
        epochs[transactionalID] = epoch
        for (number, transaction) in transactions where transaction.transactionalID == transactionalID {
            rollBack(number)
        }
        return epoch
    }

    mutating func beginTransaction(
        _ transactionalID: String, epoch: Int64, timeout: Duration
    ) throws(BrokerError) -> EmbeddedTransactionNumber {
        try checkEpoch(transactionalID, epoch)
        let number = makeNumber()
        transactions[number] = OpenTransaction(
            transactionalID: transactionalID, epoch: epoch, deadline: .now + timeout)
        return number
    }

    private func checkEpoch(_ transactionalID: String, _ epoch: Int64) throws(BrokerError) {
        guard epochs[transactionalID] == epoch else {
            throw BrokerError(.fenced, "a newer producer has the transactional id '\(transactionalID)'", isFatal: true)
        }
    }

    /// The open transaction, unless it was ended from outside.
    private func openTransaction(_ number: EmbeddedTransactionNumber) throws(BrokerError) -> OpenTransaction {
        guard let transaction = transactions[number] else {
            throw BrokerError(
                .fenced, "the transaction took too long or a newer producer ended it; it is rolled back", isFatal: true)
        }
        try checkEpoch(transaction.transactionalID, transaction.epoch)
        return transaction
    }

    /// Reserves the next offset of the record's partition. Readers stop before it until the transaction is decided.
    mutating func append(
        _ record: OutgoingRecord, _ configuration: ProducerConfiguration, in number: EmbeddedTransactionNumber
    ) throws(BrokerError) -> Position {
        expireTransactions()
        _ = try openTransaction(number)
        let place = try place(record, configuration)
        let offset = try partition(place).next
        transactions[number]?.records.append((place, offset, record))
        let index = Int(place.partition)
        topics[place.topic]?.partitions[index].next = offset + 1
        if topics[place.topic]?.partitions[index].open[number] == nil {
            topics[place.topic]?.partitions[index].open[number] = offset
        }
        return Position(place, offset: offset)
    }

    /// Writes records and offsets as one.
    mutating func commit(
        _ number: EmbeddedTransactionNumber, offsets: [TopicPartition: Int64], member: EmbeddedMembership
    ) throws(BrokerError) {
        expireTransactions()
        let transaction = try openTransaction(number)
        try checkMembership(member)
        let store = try openStore()
        let timestamp = wallClockMilliseconds()
        try store.connection.transaction { () throws(BrokerError) in
            for entry in transaction.records {
                try store.insert(
                    entry.record, partition: try partition(entry.partition), offset: entry.offset, timestamp: timestamp)
            }
            try store.commit(offsets, group: member.group)
        }
        close(number)
    }

    /// Forgets the records of a transaction; their offsets stay empty.
    mutating func rollBack(_ number: EmbeddedTransactionNumber) {
        close(number)
    }

    private mutating func close(_ number: EmbeddedTransactionNumber) {
        guard let transaction = transactions.removeValue(forKey: number) else { return }
        for place in Set(transaction.records.map(\.partition)) {
            topics[place.topic]?.partitions[Int(place.partition)].open[number] = nil
        }
        wakeAll()
    }

    /// Rolls back what is open for longer than its time-out.
    mutating func expireTransactions() {
        let now = ContinuousClock.now
        for (number, transaction) in transactions where transaction.deadline < now { rollBack(number) }
    }

    /// When the next open transaction runs out of time.
    var nextExpiry: ContinuousClock.Instant? {
        transactions.values.map(\.deadline).min()
    }

    // MARK: - Groups

    func checkMembership(_ member: EmbeddedMembership) throws(BrokerError) {
        guard groups[member.group]?.mayCommit(member.id, generation: member.generation) == true else {
            throw BrokerError(
                .generationLost, "group '\(member.group)' has given this member's partitions to others")
        }
    }
}

/// What a consumer was when its partitions were assigned; commits carry it.
struct EmbeddedMembership: Hashable {
    var group: String
    var id: GroupCoordinator.MemberID
    var generation: Int32
}
