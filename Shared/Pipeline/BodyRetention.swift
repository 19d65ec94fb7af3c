/// Which bodies nobody needs any more, and which records of settled tasks.
///
/// A segment is needed until its task is settled or its job has ended, a verified receipt until its job has ended. Bodies
/// of all jobs lie side by side in a partition, so what can go is everything below the lowest that is still needed.
///
/// A body that no task names yet lies among those that are over. So nothing goes before it has been over for `grace`
/// seconds: longer than a transaction can stay open, and than what it named takes to be read.
public struct BodyRetention: Sendable {
    /// One partition of a topic of bodies.
    public struct Place: Hashable, Sendable {
        public let topic: String
        public let partition: Int32
    }

    /// Seconds.
    public let grace: Double

    private struct Shelf: Sendable {
        /// The first offsets of bodies that are needed.
        var needed: Set<Int64> = []
        /// Offsets below which something is over, rising, with the time since when.
        var over: [(end: Int64, since: Double)] = []
        /// What has been over for long enough.
        var ripe: Int64 = 0
        /// What was said to be deletable before.
        var deleted: Int64 = 0
    }

    private var shelves: [Place: Shelf] = [:]
    private var segments: [String: [TaskID: BodyReference]] = [:]
    private var receipts: [String: [BodyReference]] = [:]
    /// Tasks whose settlement stands in `settled`.
    private var settled: [String: Set<TaskID>] = [:]
    private var ended: Set<String> = []
    /// Of jobs that have ended: tasks whose settlement says nothing to anybody.
    private var retired: Set<TaskID> = []

    public init(grace: Double = 60) {
        self.grace = grace
    }

    // MARK: What was read

    public mutating func take(_ message: TaskMessage, now: Double) {
        let task = message.task
        if ended.contains(task.job) || settled[task.job]?.contains(task) == true {
            release(message.body, now: now)
        } else {
            segments[task.job, default: [:]][task] = message.body
            need(message.body)
        }
    }

    public mutating func take(_ settlement: Settlement, now: Double) {
        let task = settlement.task
        if let body = segments[task.job]?.removeValue(forKey: task) { release(body, now: now) }
        guard !ended.contains(task.job) else {
            retired.insert(task)
            if let receipt = settlement.receipt { release(receipt, now: now) }
            return
        }
        settled[task.job, default: []].insert(task)
        if let receipt = settlement.receipt {
            receipts[task.job, default: []].append(receipt)
            need(receipt)
        }
    }

    public mutating func take(_ end: JobEnd, now: Double) {
        ended.insert(end.job)
        for body in segments.removeValue(forKey: end.job)?.values.map({ $0 }) ?? [] { release(body, now: now) }
        for body in receipts.removeValue(forKey: end.job) ?? [] { release(body, now: now) }
        retired.formUnion(settled.removeValue(forKey: end.job) ?? [])
    }

    /// A task's tombstone: its job is over.
    public mutating func gone(task: TaskID, now: Double) {
        if let body = segments[task.job]?.removeValue(forKey: task) { release(body, now: now) }
    }

    /// A settlement's tombstone.
    public mutating func gone(settlementOf task: TaskID) {
        settled[task.job]?.remove(task)
        retired.remove(task)
    }

    /// The tombstone of a job's end: its time has passed.
    public mutating func gone(job: String) { ended.remove(job) }

    // MARK: What follows

    /// Offsets below which partitions can be emptied, as far as they have risen since this was asked last.
    public mutating func deletable(now: Double) -> [Place: Int64] {
        var found: [Place: Int64] = [:]
        for (place, var shelf) in shelves {
            while let first = shelf.over.first, first.since + grace <= now {
                shelf.ripe = max(shelf.ripe, first.end)
                shelf.over.removeFirst()
            }
            let bound = min(shelf.ripe, shelf.needed.min() ?? shelf.ripe)
            if bound > shelf.deleted {
                shelf.deleted = bound
                found[place] = bound
            }
            shelves[place] = shelf
        }
        return found
    }

    /// Tasks whose settlements can be taken out of `settled`: each is named once.
    public mutating func takeRetired(atMost count: Int) -> [TaskID] {
        let taken = Array(retired.prefix(count))
        retired.subtract(taken)
        return taken
    }

    private mutating func need(_ body: BodyReference) {
        if let first = body.offsets.first { shelves[Self.place(body), default: Shelf()].needed.insert(first) }
    }

    private mutating func release(_ body: BodyReference, now: Double) {
        guard let first = body.offsets.first, let last = body.offsets.last else { return }
        var shelf = shelves[Self.place(body)] ?? Shelf()
        shelves[Self.place(body)] = nil  // no second reference, which would copy it
        shelf.needed.remove(first)
        if last >= shelf.over.last?.end ?? shelf.ripe { shelf.over.append((last + 1, now)) }
        shelves[Self.place(body)] = shelf
    }

    private static func place(_ body: BodyReference) -> Place { Place(topic: body.topic, partition: body.partition) }
}
