import Execution
import Messaging
import Pipeline
import ServiceCommon
import ServiceKit

/// Judges jobs: each becomes an execution, with everything that decides its segments pinned, or a refusal with its
/// reason. The first of a name counts; the same once more changes nothing.
public final class IngestService: Service {
    public let name = "ingest"
    private let context: ServiceContext
    private let limits: Admission.Limits
    /// What a program or an input may weigh: bytes.
    private let bodyLimit: Int
    private let accepted = Counter(label: "sheaf_ingest_accepted_total", help: "Jobs accepted")
    private let refused = Counter(label: "sheaf_ingest_refused_total", help: "Jobs refused")
    private let unreadable = Counter(label: "sheaf_ingest_unreadable_total", help: "Records that are no job")

    public init(_ context: ServiceContext, limits: Admission.Limits = .init(), bodyLimit: Int = 256 << 20) {
        self.context = context
        self.limits = limits
        self.bodyLimit = bodyLimit
    }

    public func run(until shutdown: ShutdownSignal) throws {
        try supervise(until: shutdown, logger: context.logger) { try serve(until: shutdown) }
    }

    private func serve(until shutdown: ShutdownSignal) throws {
        let (broker, topics) = (context.broker, context.topics)
        let consumer = try broker.makeGroupConsumer(
            GroupConfiguration(group: context.group("ingest"), topics: [.named(topics.jobs)]))
        defer { consumer.close() }
        let producer = try broker.makeTransactionalProducer(context.transactional("ingest"), for: consumer)
        defer { producer.close() }
        let bodies = try BodyReader(broker)
        defer { bodies.close() }
        var known: [String: Execution]?
        while !shutdown.isRequested {
            let records = try consumer.poll(timeout: .milliseconds(100), maximum: 32)
            guard !records.isEmpty else { continue }
            // Known jobs are read when the first job comes: by then the one partition of `jobs` is this replica's.
            var jobs = try known ?? readKnown()
            try producer.transact { transaction in
                for record in records {
                    try judge(record, &jobs, bodies, transaction)
                    transaction.setConsumed(record)
                }
            }
            known = jobs
            if consumer.assignment.isEmpty { known = nil }
        }
    }

    /// All executions, without the bytes that they carry.
    private func readKnown() throws -> [String: Execution] {
        var known: [String: Execution] = [:]
        let partitions = (0..<Int32(Topics.jobPartitions)).map { TopicPartition(context.topics.executions, $0) }
        try context.broker.readAll(partitions) { record in
            guard let key = record.keyText else { return }
            known[key] = record.value.flatMap { try? Execution.decoded($0) }?.withoutBytes
        }
        return known
    }

    private func judge(
        _ record: Record, _ known: inout [String: Execution], _ bodies: BodyReader, _ transaction: any Transaction
    ) throws {
        let topics = context.topics
        let job: Job
        do {
            job = try Job.decoded(record.value ?? [])
        } catch {
            unreadable.increment()
            let letter = DeadLetter(record, reason: "\(error)")
            try transaction.produce(OutgoingRecord(topic: topics.deadletters, key: record.topic, message: letter))
            return
        }
        let program = known[job.id] == nil && job.action != .cancel ? examine(job, bodies) : .failure(.init("not read"))
        let decision = Admission.decide(
            job, known: known[job.id], program: program, limits: limits, now: ServiceContext.now)
        switch decision {
        case .accept(let execution):
            accepted.increment()
            try publish(execution, as: .accepted, transaction)
            known[job.id] = execution.withoutBytes
        case .refuse(let execution):
            refused.increment()
            try publish(execution, as: .refused, transaction)
            known[job.id] = execution
        case .cancel(let execution):
            try publish(execution, as: .cancelled, transaction)
            known[job.id] = execution
        case .duplicate, .nothingToCancel:
            context.logger.info("nothing to do", metadata: ["job": "\(job.id)"])
        case .conflict(let reason):
            refused.increment()
            let letter = DeadLetter(record, reason: reason)
            try transaction.produce(OutgoingRecord(topic: topics.deadletters, key: record.topic, message: letter))
            context.logger.warning("refused", metadata: ["job": "\(job.id)", "reason": "\(reason)"])
        }
    }

    private func publish(_ execution: Execution, as what: JobEvent.What, _ transaction: any Transaction) throws {
        let partition = JobPartition.of(execution.job)
        try transaction.produce(
            OutgoingRecord(
                topic: context.topics.executions, partition: partition, key: execution.job, message: execution))
        let event = JobEvent(job: execution.job, time: ServiceContext.now, what: what, reason: execution.reason)
        try transaction.produce(
            OutgoingRecord(topic: context.topics.events, partition: partition, key: execution.job, message: event))
        context.logger.info(
            "\(what.rawValue)", metadata: ["job": "\(execution.job)", "reason": "\(execution.reason ?? "")"])
    }

    /// The image of a job's program, or why it cannot be run.
    private func examine(_ job: Job, _ bodies: BodyReader) -> Result<String, Admission.Refusal> {
        do {
            let elf = try bodies.read(job.programSource, limit: bodyLimit)
            let program = try Program(elf: elf)
            if case .inline = job.inputSource, job.inputSource.inlineBytes == nil { throw BodyError.notBase64 }
            if let input = job.input, input.length > bodyLimit {
                throw BodyError.tooLong(length: input.length, limit: bodyLimit)
            }
            return .success(program.imageID.hex)
        } catch let error as BodyError {
            return .failure(.init("its program or input cannot be read: \(error)"))
        } catch let error as ELFError {
            return .failure(.init("its program cannot be run: \(error)"))
        } catch {
            return .failure(.init("its program cannot be read: \(error)"))
        }
    }
}

extension Execution {
    /// What is remembered of it: the bytes of program and input are for the executor alone.
    fileprivate var withoutBytes: Execution {
        Execution(
            job: job, state: state, reason: reason, contentDigest: contentDigest, program: .inline(base64: ""),
            input: .inline(base64: ""), imageID: imageID, limitLog2: limitLog2, redundancy: redundancy,
            priority: priority, deadlineSeconds: deadlineSeconds, cycleLimit: cycleLimit, acceptedAt: acceptedAt)
    }
}
