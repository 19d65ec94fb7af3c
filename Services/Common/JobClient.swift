import Foundation
import Hashing
import Messaging
import Pipeline

/// What a user does over Kafka: uploads what is large, publishes jobs, follows them, fetches what came out.
public final class JobClient: Sendable {
    private let broker: any Broker
    private let topics: Topics
    private let producer: any Producer

    public init(_ broker: any Broker, topics: Topics) throws {
        self.broker = broker
        self.topics = topics
        producer = try broker.makeProducer()
    }

    public func close() { producer.close(timeout: .seconds(10)) }

    /// Writes bytes to `uploads`.
    public func upload(_ bytes: [UInt8]) throws -> BodyReference {
        var writer = BodyWriter(topic: topics.uploads, partition: Int32.random(in: 0..<4)) { [producer] in
            try producer.produce($0)
        }
        try writer.append(bytes)
        return try writer.finish()
    }

    /// Publishes a job, and returns when the cluster has it.
    public func submit(_ job: Job) throws {
        try job.validate()
        try producer.produceAndWait(OutgoingRecord(topic: topics.jobs, key: job.id, message: job))
    }

    /// The result of a job that has ended; nil while it goes on, or if there is none of this name.
    public func result(of job: String) throws -> JobResult? {
        var found: JobResult?
        try broker.readAll([TopicPartition(topics.results, JobPartition.of(job))]) { record in
            if record.keyText == job { found = record.value.flatMap { try? JobResult.decoded($0) } }
        }
        return found
    }

    /// Follows a job until its result is there: each event of it, in order, then nil whenever nothing came for a moment.
    ///
    /// - Parameters:
    ///   - patience: how long to wait for the result: seconds; nil for ever.
    ///   - visit: sees the events from the job's first on; false ends the wait.
    public func follow(
        _ job: String, patience: Double? = nil, _ visit: (JobEvent?) throws -> Bool
    ) throws -> JobResult? {
        let partition = JobPartition.of(job)
        let reader = try broker.makeReader()
        defer { reader.close() }
        try reader.assign([
            TopicPartition(topics.events, partition): .beginning, TopicPartition(topics.results, partition): .beginning,
        ])
        let end = patience.map { ServiceContext.now + $0 }
        var result: JobResult?
        while result == nil, end.map({ ServiceContext.now < $0 }) ?? true {
            let records = try reader.poll(timeout: .milliseconds(100), maximum: 500)
            for record in records where record.keyText == job {
                guard let value = record.value else { continue }
                if record.topic == topics.results {
                    result = try? JobResult.decoded(value)
                } else if let event = try? JobEvent.decoded(value), try !visit(event) {
                    return nil
                }
            }
            if records.isEmpty, try !visit(nil) { return nil }
        }
        return result
    }

    /// The bytes of a body, such as a result's receipt.
    public func fetch(_ body: BodyReference) throws -> [UInt8] {
        let reader = try BodyReader(broker)
        defer { reader.close() }
        return try reader.read(body)
    }
}

/// How far a job has come, from its events: what `sheaf watch` and `sheaf prove` show.
public struct JobView: Sendable {
    public private(set) var executed = 0
    public private(set) var settled = 0
    public private(set) var replayed = 0
    public private(set) var proving: Set<TaskID> = []
    public private(set) var runEnded = false
    public private(set) var cyclesExecuted: UInt64 = 0
    public private(set) var cyclesProved: UInt64 = 0
    private var firstProving: Double?
    private var lastTime = 0.0

    public init() {}

    public mutating func take(_ event: JobEvent) {
        lastTime = max(lastTime, event.time)
        switch event.what {
        case .executed:
            executed += 1
            cyclesExecuted += event.cycles ?? 0
        case .runEnded: runEnded = true
        case .proving:
            firstProving = firstProving ?? event.time
            if let task = event.task { proving.insert(task) }
        case .settled:
            settled += 1
            cyclesProved += event.cycles ?? 0
            if let task = event.task { proving.remove(task) }
        case .replayed:
            replayed += 1
            if let task = event.task { proving.remove(task) }
        case .accepted, .refused, .verified, .done, .failed, .cancelled: break
        }
    }

    /// Cycles a second since the first task was given out; 0 before anything is proved.
    public func rate(now: Double) -> Double {
        guard let firstProving, now > firstProving else { return 0 }
        return Double(cyclesProved) / (now - firstProving)
    }

    /// One line for a person.
    public func line(now: Double) -> String {
        let rate = rate(now: now)
        var text = "\(settled)/\(executed)\(runEnded ? "" : "+") segments proved, \(proving.count) proving"
        if replayed > 0 { text += ", \(replayed) replayed" }
        if rate > 0 {
            text += String(format: ", %.0f cycles/s", rate)
            if runEnded { text += String(format: ", %.0f s left", Double(cyclesExecuted - cyclesProved) / rate) }
        }
        return text
    }
}
