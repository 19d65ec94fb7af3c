import Execution
import Messaging
import Pipeline
import ServiceCommon
import ServiceKit
import Synchronization

/// Judges jobs: each becomes an execution, with everything that decides its segments pinned, or a refusal with its
/// reason. The first of a name counts; the same once more changes nothing.
public final class IngestService: Service {
    public let name = "ingest"
    private let context: ServiceContext
    private let limits: Admission.Limits
    /// How long an id is taken after its job's deadline: seconds.
    private let memory: Double
    /// How long it is taken after that, until every service has read that the old job is no more: seconds.
    private let rest: Double
    /// What a program or an input may weigh: bytes.
    private let bodyLimit: Int
    private let accepted = Counter(label: "sheaf_ingest_accepted_total", help: "Jobs accepted")
    private let refused = Counter(label: "sheaf_ingest_refused_total", help: "Jobs refused")
    private let unreadable = Counter(label: "sheaf_ingest_unreadable_total", help: "Records that are no job")

    public init(
        _ context: ServiceContext, limits: Admission.Limits = .init(), bodyLimit: Int = 256 << 20,
        memory: Double = 7 * 86_400, rest: Double = 60
    ) {
        self.context = context
        self.limits = limits
        self.bodyLimit = bodyLimit
        self.memory = memory
        self.rest = rest
    }

    public func run(until shutdown: ShutdownSignal) throws {
        try supervise(until: shutdown, logger: context.logger) { try serve(until: shutdown) }
    }

    private func serve(until shutdown: ShutdownSignal) throws {
        let (broker, topics) = (context.broker, context.topics)
        let lost = Atomic(false)
        var group = GroupConfiguration(group: context.group("ingest"), topics: [.named(topics.jobs)])
        group.onRevoked = { _, _ in lost.store(true, ordering: .relaxed) }
        let consumer = try broker.makeGroupConsumer(group)
        defer { consumer.close() }
        let producer = try broker.makeTransactionalProducer(context.transactional("ingest"), for: consumer)
        defer { producer.close() }
        let bodies = try BodyReader(broker)
        defer { bodies.close() }
        var known: Known?
        var nextSweep = ServiceContext.now + sweepInterval
        while !shutdown.isRequested {
            let records = try consumer.poll(timeout: .milliseconds(100), maximum: 32)
            if lost.exchange(false, ordering: .relaxed) { known = nil }
            if ServiceContext.now >= nextSweep, !consumer.assignment.isEmpty {
                nextSweep = ServiceContext.now + sweepInterval
                known = try forgetOld(known ?? readKnown(), producer)
            }
            guard !records.isEmpty else { continue }
            // Known jobs are read when the first job comes: by then the one partition of `jobs` is this replica's.
            var jobs = try known ?? readKnown()
            // Programs are read before the transaction, which an idle broker would end after its time.
            let candidates = try records.map { try examine($0, jobs.executions, bodies) }
            try producer.transact { transaction in
                for candidate in candidates {
                    try judge(candidate, &jobs.executions, transaction)
                    transaction.setConsumed(candidate.record)
                }
            }
            known = jobs
        }
    }

    /// Seconds.
    private var sweepInterval: Double { min(60, memory / 10, rest / 2) }

    /// The ids that are taken.
    private struct Known {
        /// Without the bytes that they carry.
        var executions: [String: Execution] = [:]
        /// Jobs whose time has passed, with the time at which they were taken out.
        var resting: [String: Double] = [:]
    }

    /// Takes jobs whose time has passed out of `executions`, and their ends out of `settled`. Their ids are free after a
    /// rest.
    private func forgetOld(_ known: Known, _ producer: any TransactionalProducer) throws -> Known {
        let now = ServiceContext.now
        var known = known
        for job in known.resting.filter({ now > $0.value + rest }).keys {
            known.resting[job] = nil
            known.executions[job] = nil
        }
        let old = known.executions.values
            .filter { now > $0.acceptedAt + Double($0.deadlineSeconds) + memory }
            .map(\.job).filter { known.resting[$0] == nil }
        guard !old.isEmpty else { return known }
        try producer.transact { transaction in
            for job in old {
                for topic in [context.topics.executions, context.topics.settled] {
                    try transaction.produce(.tombstone(topic: topic, partition: JobPartition.of(job), key: job))
                }
            }
        }
        for job in old { known.resting[job] = now }
        return known
    }

    /// A record of `jobs`, as far as it can be looked at alone.
    private struct Candidate {
        enum Content {
            /// The job, and the image of its program or why it cannot be run.
            case job(Job, program: Result<String, Admission.Refusal>)
            case noJob(MessageError)
        }

        let record: Record
        let content: Content
    }

    private func readKnown() throws -> Known {
        var known = Known()
        let partitions = (0..<Int32(Topics.jobPartitions)).map { TopicPartition(context.topics.executions, $0) }
        let now = ServiceContext.now
        try context.broker.readAll(partitions) { record in
            guard let key = record.keyText else { return }
            let takenOut = record.value == nil ? Double(record.timestamp) / 1000 : nil
            if let takenOut, takenOut + rest > now {
                known.resting[key] = takenOut
            } else {
                known.resting[key] = nil
                known.executions[key] = record.value.flatMap { try? Execution.decoded($0) }?.withoutBytes
            }
        }
        return known
    }

    private func judge(
        _ candidate: Candidate, _ known: inout [String: Execution], _ transaction: any Transaction
    ) throws {
        let topics = context.topics, record = candidate.record
        let job: Job, program: Result<String, Admission.Refusal>
        switch candidate.content {
        case .job(let read, let image): (job, program) = (read, image)
        case .noJob(let error):
            unreadable.increment()
            let letter = DeadLetter(record, reason: "\(error)")
            try transaction.produce(OutgoingRecord(topic: topics.deadletters, key: record.topic, message: letter))
            return
        }
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

    private func examine(
        _ record: Record, _ known: [String: Execution], _ bodies: BodyReader
    ) throws -> Candidate {
        let job: Job
        do { job = try Job.decoded(record.value ?? []) } catch {
            return Candidate(record: record, content: .noJob(error))
        }
        guard known[job.id] == nil, job.action != .cancel else {
            return Candidate(record: record, content: .job(job, program: .failure(.init("not read"))))
        }
        do {
            // Its execution carries what it carries, and a little more.
            let bytes = record.value?.count ?? 0, limit = BodyReference.partBytes
            guard bytes <= limit else {
                throw Admission.Refusal("the job has \(bytes) bytes, at most \(limit) are taken: upload what is large")
            }
            return Candidate(record: record, content: .job(job, program: .success(try image(of: job, bodies))))
        } catch let refusal as Admission.Refusal {
            return Candidate(record: record, content: .job(job, program: .failure(refusal)))
        }
    }

    /// The image of a job's program. Throws `Admission.Refusal` if it cannot be run.
    private func image(of job: Job, _ bodies: BodyReader) throws -> String {
        do {
            let program = try Program(elf: bodies.read(job.programSource, limit: bodyLimit))
            if case .inline = job.inputSource, job.inputSource.inlineBytes == nil { throw BodyError.notBase64 }
            if let input = job.input, input.length > bodyLimit {
                throw BodyError.tooLong(length: input.length, limit: bodyLimit)
            }
            return program.imageID.hex
        } catch let error as BodyError {
            throw Admission.Refusal("its program or input cannot be read: \(error)")
        } catch let error as ELFError {
            throw Admission.Refusal("its program cannot be run: \(error)")
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
