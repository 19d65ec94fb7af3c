import Dispatch
import Synchronization

/// Writes records. May be used from any thread; records of one caller to one partition keep their order.
public protocol Producer: Sendable {
    /// Takes a record for delivery. Blocks while the buffer is full, which is how a slow broker slows its writers.
    ///
    /// - Throws: `.queueFull` when the buffer stayed full for `ProducerConfiguration.backPressureTimeout`;
    ///   `.messageTooLarge`; `.unknownTopicOrPartition`; `.closed`.
    /// - Returns: the delivery, which is confirmed when every in-sync replica has the record.
    @discardableResult
    func produce(_ record: OutgoingRecord) throws(BrokerError) -> Delivery

    /// Waits until everything that was produced is confirmed or has failed.
    /// - Throws: `.timedOut`.
    func flush(timeout: Duration) throws(BrokerError)

    /// Delivers what is buffered, waiting at most `timeout`, and frees the client; what is not confirmed by then fails
    /// with `.closed`. More calls do nothing.
    func close(timeout: Duration)
}

extension Producer {
    /// Produces and waits for the confirmation.
    @discardableResult
    public func produceAndWait(
        _ record: OutgoingRecord, timeout: Duration = .seconds(30)
    ) throws(BrokerError) -> Position {
        try produce(record).wait(timeout: timeout)
    }

    public func close() {
        close(timeout: .seconds(10))
    }
}

public struct ProducerConfiguration: Sendable {
    /// Largest record that this client sends, in bytes, headers and overhead included. Records that leave together are no
    /// larger: a topic that takes less at once refuses all of them, so whoever writes to such a topic lowers this.
    public var maximumMessageBytes: Int32 = 1_048_588
    /// Bytes that wait for delivery before `produce` blocks.
    public var bufferBytes: Int = 64 << 20
    /// How long `produce` blocks before it throws.
    public var backPressureTimeout: Duration = .seconds(60)
    /// How long a record is tried before its delivery fails.
    public var deliveryTimeout: Duration = .seconds(120)

    public init() {}
}

/// What becomes of one produced record.
public final class Delivery: Sendable {
    private let outcome = Mutex<Result<Position, BrokerError>?>(nil)
    private let done = DispatchSemaphore(value: 0)

    package init() {}

    /// Nil until it is confirmed or has failed.
    public var result: Result<Position, BrokerError>? {
        outcome.withLock { $0 }
    }

    /// Waits for the confirmation. In a transaction it says where the record is; whether it counts, the commit says.
    /// - Throws: why delivery failed, or `.timedOut`.
    @discardableResult
    public func wait(timeout: Duration = .seconds(30)) throws(BrokerError) -> Position {
        if result == nil {
            if done.wait(timeout: .now() + timeout.seconds) == .success { done.signal() }  // for the next who waits
        }
        guard let result else {
            throw BrokerError(.timedOut, "the delivery of a record is not confirmed yet", isRetriable: true)
        }
        return try result.get()
    }

    /// The first call counts.
    package func complete(_ result: Result<Position, BrokerError>) {
        let isFirst = outcome.withLock { outcome in
            if outcome != nil { return false }
            outcome = result
            return true
        }
        if isFirst { done.signal() }
    }
}

/// Writes records and consumed offsets as one: all of a transaction can be read, or nothing.
///
/// It belongs to one group consumer, and every commit carries that consumer's membership and offsets (old ones when
/// there are none new): so a process that was stopped, has lost its partitions, and comes back cannot commit.
public protocol TransactionalProducer: Sendable {
    /// Runs `body` in a transaction and commits it.
    ///
    /// Records are seen by others only after the commit. When `body` throws, the transaction is rolled back and the error
    /// passed on. One transaction at a time; `body` may use other threads to produce.
    ///
    /// - Throws: `.generationLost` (the consumer has nothing assigned, or lost it), `.fenced` (another producer has the
    ///   same id, or the transaction took longer than `TransactionalConfiguration.timeout`), `.transactionAborted`; in all
    ///   cases nothing was committed. `.timedOut` alone leaves it open whether it was.
    func transact<Outcome>(_ body: (any Transaction) throws -> Outcome) throws -> Outcome

    /// Rolls back what is open and frees the client. More calls do nothing.
    func close()
}

/// An open transaction.
public protocol Transaction: Sendable {
    /// As `Producer.produce`; the delivery's position is known before the commit.
    @discardableResult
    func produce(_ record: OutgoingRecord) throws(BrokerError) -> Delivery

    /// Commits with the transaction that everything below `position` in its partition is done.
    func setConsumed(upTo position: Position)
}

extension Transaction {
    /// Commits with the transaction that this record and all before it in its partition are done.
    public func setConsumed(_ record: Record) {
        setConsumed(upTo: Position(record.position.topicPartition, offset: record.offset + 1))
    }
}

public struct TransactionalConfiguration: Sendable {
    /// Stable for one instance of a service: a new producer of the same id ends the one before.
    public var transactionalID: String
    /// From begin to commit. An open transaction hides the records of others for that long.
    public var timeout: Duration = .seconds(10)
    public var producer = ProducerConfiguration()

    public init(transactionalID: String) {
        self.transactionalID = transactionalID
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }

    /// Rounded, within Int32.
    var milliseconds: Int32 {
        Int32(min(max(0, (seconds * 1000).rounded()), Double(Int32.max)))
    }
}
