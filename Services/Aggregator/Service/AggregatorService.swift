import Hashing
import Machine
import Messaging
import Pipeline
import Receipts
import ServiceCommon
import ServiceKit

/// Ends jobs: follows what is settled, chains the verified segment receipts of a run into one receipt, verifies it whole,
/// publishes it and the job's one result.
public final class AggregatorService: Service {
    public let name = "aggregator"
    private let context: ServiceContext
    private let add: Add
    private let done = Counter(label: "sheaf_aggregator_done_total", help: "Jobs done")
    private let failed = Counter(label: "sheaf_aggregator_failed_total", help: "Jobs that ended without a receipt")

    /// How the next segment of a run is checked; a stand-in in tests of the pipeline alone.
    public typealias Add = @Sendable (inout RunVerifier, SegmentReceipt) throws -> Void

    public init(_ context: ServiceContext, add: @escaping Add = { try $0.add($1) }) {
        self.context = context
        self.add = add
    }

    public func run(until shutdown: ShutdownSignal) throws {
        try supervise(until: shutdown, logger: context.logger) { try serve(until: shutdown) }
    }

    /// The jobs of the partitions that this replica has. `@unchecked Sendable`: the consumer's callbacks run inside its
    /// `poll`, on the thread that polls, which is the only one that uses this.
    private final class Ledger: @unchecked Sendable {
        var jobs: [String: JobProgress] = [:]
        /// Jobs about which something was read since they were last looked at.
        var changed: Set<String> = []
        func take(_ record: Record, _ topics: Topics) {
            guard let key = record.keyText else { return }
            let task = TaskID(key: key), job = task?.job ?? key
            guard let value = record.value else {
                guard task == nil else { return }
                // Of a job that has its result, or whose time has passed.
                if record.topic == topics.tasks { jobs[job]?.runEndIsGone() } else { jobs[job] = nil }
                return
            }
            var progress = jobs[job] ?? JobProgress()
            jobs[job] = nil
            switch record.topic {
            case topics.executions: if let execution = try? Execution.decoded(value) { progress.take(execution) }
            case topics.tasks where task == nil: if let end = try? RunEnd.decoded(value) { progress.take(end) }
            case topics.settled where task == nil: if let end = try? JobEnd.decoded(value) { progress.take(end) }
            case topics.settled: if let settlement = try? Settlement.decoded(value) { progress.take(settlement) }
            default: break
            }
            jobs[job] = progress
            changed.insert(job)
        }
    }

    private func serve(until shutdown: ShutdownSignal) throws {
        let (broker, topics) = (context.broker, context.topics)
        let ledger = Ledger()
        var group = GroupConfiguration(group: context.group("aggregator"), topics: [.named(topics.settled)])
        group.onAssigned = { partitions in
            // The state of a job is what its partition of three topics says: read to their ends, then followed. Ends come
            // first: that of an old job, taken out since, is none of a new job of the same id.
            ledger.jobs = [:]
            let steps = [topics.settled, topics.executions, topics.tasks].map { topic in
                partitions.map { TopicPartition(topic, $0.partition) }
            }
            let ends = try broker.readAll(inSteps: steps) { ledger.take($0, topics) }
            ledger.changed = Set(ledger.jobs.keys)
            return ends.mapValues { .offset($0) }
        }
        let consumer = try broker.makeGroupConsumer(group)
        defer { consumer.close() }
        let producer = try broker.makeTransactionalProducer(context.transactional("aggregator"), for: consumer)
        defer { producer.close() }
        let outputs = try broker.makeProducer()
        defer { outputs.close(timeout: .seconds(10)) }
        let bodies = try BodyReader(broker)
        defer { bodies.close() }
        var nextRound = 0.0
        while !shutdown.isRequested {
            for record in try consumer.poll(timeout: .milliseconds(20), maximum: 500) { ledger.take(record, topics) }
            let now = ServiceContext.now
            if now >= nextRound {
                nextRound = now + 1
                ledger.changed.formUnion(ledger.jobs.lazy.filter { $0.value.ended == nil }.map(\.key))  // deadlines
            }
            for job in ledger.changed.sorted() {
                ledger.changed.remove(job)
                guard let progress = ledger.jobs[job], let outcome = progress.outcome(now: now) else { continue }
                let result = try conclude(progress, outcome, bodies, outputs, consumer)
                try publish(result, producer)
                // Its end comes back on `settled`; until then it is not to be concluded again.
                ledger.jobs[job]?.take(JobEnd(job: job, status: result.status))
            }
        }
    }

    private func conclude(
        _ progress: JobProgress, _ outcome: JobProgress.Outcome, _ bodies: BodyReader, _ outputs: any Producer,
        _ consumer: any GroupConsumer
    ) throws -> JobResult {
        let job = progress.execution?.job ?? ""
        let seconds = max(0, ServiceContext.now - (progress.execution?.acceptedAt ?? 0))
        func without(_ status: JobResult.Status, _ reason: String) -> JobResult {
            JobResult(
                id: job, status: status, reason: reason, imageID: progress.execution?.imageID, exit: progress.end?.exit,
                cycles: progress.end?.cycles, segments: progress.end?.segments, seconds: seconds)
        }
        switch outcome {
        case .ended(let status, let reason): return without(status, reason)
        case .complete(let receipts):
            do {
                let (run, body) = try chain(receipts, progress, bodies, outputs, consumer)
                let journal = hex(run.journal)
                return JobResult(
                    id: job, status: .done, imageID: run.imageID.hex,
                    journal: journal.utf8.count <= Self.longestJournal ? journal : nil,
                    exit: ExitMessage(run.exit), cycles: run.cycles, segments: run.segments, receipt: body,
                    seconds: seconds)
            } catch  where !(error is BrokerError) {
                context.logger.error("cannot conclude", metadata: ["job": "\(job)", "error": "\(error)"])
                return without(.failed, "its receipts do not make a run: \(error)")
            }
        }
    }

    /// Longer journals are in the receipt alone: hexadecimal digits.
    private static let longestJournal = 512 * 1024

    /// Reads, verifies and writes the receipts one by one, so that memory holds one.
    private func chain(
        _ receipts: [BodyReference], _ progress: JobProgress, _ bodies: BodyReader, _ outputs: any Producer,
        _ consumer: any GroupConsumer
    ) throws -> (VerifiedRun, BodyReference) {
        let named = try progress.end?.openingBody.map { try bodies.read($0, limit: 4 << 20) }
        guard let opening = named ?? progress.end?.journalOpening.flatMap(bytes(ofHex:)) else {
            throw BodyError.missing("the journal")
        }
        let journal = try JournalOpening(decoding: opening)
        let job = progress.execution?.job ?? ""
        var writer = BodyWriter(
            topic: context.topics.outputs, partition: JobPartition.of(job) % 4, headers: [Header("job", job)]
        ) { try outputs.produce($0) }
        try writer.append(CompositeReceipt.header(journal: journal, segments: receipts.count))
        var run = RunVerifier()
        for reference in receipts {
            // A long run takes its time: the group is served meanwhile, and no record is taken.
            _ = try consumer.poll(timeout: .zero, maximum: 0)
            let bytes = try bodies.read(reference, limit: Topics.maximumReceiptBytes)
            try add(&run, try SegmentReceipt(decoding: bytes[...]))
            try writer.append(CompositeReceipt.prefix(segmentBytes: bytes.count))
            try writer.append(bytes)
        }
        let proved = try run.finish(journal: journal)
        guard let imageID = progress.execution?.imageID, proved.imageID.hex == imageID else {
            throw ReceiptError.image(
                expected: Digest(hex: progress.execution?.imageID ?? "") ?? .zero, got: proved.imageID)
        }
        return (proved, try writer.finish())
    }

    /// The one result, and the job's end, which frees what it held.
    private func publish(_ result: JobResult, _ producer: any TransactionalProducer) throws {
        let topics = context.topics, partition = JobPartition.of(result.id)
        try producer.transact { transaction in
            try transaction.produce(
                OutgoingRecord(topic: topics.results, partition: partition, key: result.id, message: result))
            try transaction.produce(
                OutgoingRecord(
                    topic: topics.settled, partition: partition, key: result.id,
                    message: JobEnd(job: result.id, status: result.status)))
            let what: JobEvent.What =
                switch result.status {
                case .done: .done
                case .cancelled: .cancelled
                case .failed, .refused: .failed
                }
            let event = JobEvent(
                job: result.id, time: ServiceContext.now, what: what, cycles: result.cycles, reason: result.reason)
            try transaction.produce(
                OutgoingRecord(topic: topics.events, partition: partition, key: result.id, message: event))
        }
        if result.status == .done { done.increment() } else { failed.increment() }
        context.logger.notice(
            "\(result.status.rawValue)", metadata: ["job": "\(result.id)", "reason": "\(result.reason ?? "")"])
    }
}

extension ExitMessage {
    init(_ exit: Exit) {
        switch exit {
        case .faulted(let code): self.init(kind: .faulted, code: code.rawValue)
        case .halted(let code): self.init(kind: .halted, code: code)
        case .running: self.init(kind: .halted, code: 0)  // no finished run is running
        }
    }
}
