import Messaging
import Pipeline
import ServiceCommon

/// What an executor knows of the jobs in its partitions: what waits, what runs, what was published.
///
/// `@unchecked Sendable`: the consumer's callbacks run inside its `poll`, on the thread that polls, which is the only one
/// that uses this.
final class ExecutionLedger: @unchecked Sendable {
    final class Running {
        let run: Run
        /// Segments that came out of this run so far, published before or not.
        var produced = 0
        /// Published and not settled.
        var unsettled: [TaskID: Int] = [:]
        var unsettledBytes: Int { unsettled.values.reduce(0, +) }

        init(_ run: Run) { self.run = run }
    }

    private let topics: Topics
    private var waiting: [(execution: Execution, record: Position)] = []
    private(set) var running: [Running] = []
    /// Claims of the segments that stand in `tasks`, of jobs that have not ended: hexadecimal.
    private(set) var published: [TaskID: String] = [:]
    /// Those of them that are settled.
    private var settled: Set<TaskID> = []
    /// Jobs whose run, or whose whole life, has ended.
    private var ended: Set<String> = []
    /// How many segments of a job stand in `tasks`, as far as known: until their tombstones are written.
    private var standing: [String: Int] = [:]
    /// Jobs with their result, of which something stands in `tasks`: nobody needs it any more.
    private var retired: [String] = []
    private var positions: [String: Position] = [:]
    private var tracker = OffsetTracker()
    private(set) var hasNewlyDone = false

    init(_ topics: Topics) {
        self.topics = topics
    }

    func clear() {
        for entry in running { entry.run.cancel() }
        (waiting, running, published, settled, ended, positions) = ([], [], [:], [], [], [:])
        (standing, retired) = ([:], [])
        tracker = OffsetTracker()
        hasNewlyDone = false
    }

    func take(_ record: Record) {
        guard let key = record.keyText else { return }
        let task = TaskID(key: key)
        switch record.topic {
        case topics.executions: takeExecution(record)
        case topics.tasks:
            guard let value = record.value else {
                if let task { published[task] = nil } else { standing[key] = nil }  // a job's own is the last
                return
            }
            standing[task?.job ?? key] = max(standing[task?.job ?? key] ?? 0, task.map { $0.index + 1 } ?? 0)
            if let task {
                if let message = try? TaskMessage.decoded(value) { published[task] = message.claim }
            } else {
                ended.insert(key)
            }
        case topics.settled:
            if let task {
                if record.value == nil {
                    settled.remove(task)
                } else if !ended.contains(task.job) {
                    settled.insert(task)
                }
                for entry in running where entry.run.execution.job == task.job { entry.unsettled[task] = nil }
            } else if record.value != nil {
                ended.insert(key)
                stop(key)
                retired.append(key)
            } else {
                ended.remove(key)  // its time has passed
            }
        default: break
        }
    }

    private func takeExecution(_ record: Record) {
        tracker.begin(record)
        guard let execution = record.value.flatMap({ try? Execution.decoded($0) }), execution.state == .accepted else {
            if let job = record.keyText { stop(job) }  // refused, or cancelled while it ran
            done(record.position)
            return
        }
        guard !ended.contains(execution.job), positions[execution.job] == nil else {
            done(record.position)  // over, or on its way: delivered once more
            return
        }
        positions[execution.job] = record.position
        waiting.append((execution, record.position))
    }

    private func stop(_ job: String) {
        for entry in running where entry.run.execution.job == job { entry.run.cancel() }
        running.removeAll { $0.run.execution.job == job }
        waiting.removeAll { $0.execution.job == job }
        if let position = positions.removeValue(forKey: job) { done(position) }
        published = published.filter { $0.key.job != job }
        settled = settled.filter { $0.job != job }
    }

    private func done(_ position: Position) {
        tracker.finish(position)
        hasNewlyDone = true
    }

    /// Starts what waits while fewer than `limit` runs are at work. A run that may not publish more until its segments are
    /// settled is at rest and counts an eighth, since it holds its memory all the same.
    func startRuns(atMost limit: Int, unsettledBytes: Int, _ start: (Run) throws -> Void) rethrows {
        func load() -> Int { running.reduce(0) { $0 + ($1.unsettledBytes < unsettledBytes ? 8 : 1) } }
        while load() <= 8 * (limit - 1), !waiting.isEmpty {
            let run = Run(waiting.removeFirst().execution)
            running.append(Running(run))
            try start(run)
        }
    }

    /// The segment stands in `tasks`, from now on or from before a restart.
    func isPublished(_ task: TaskID, claim: String, bytes: Int, of entry: Running) {
        published[task] = claim
        standing[task.job] = max(standing[task.job] ?? 0, task.index + 1)
        if !settled.contains(task) { entry.unsettled[task] = bytes }
    }

    /// The run has published all that it will.
    func finish(_ job: String) {
        ended.insert(job)
        standing[job] = standing[job] ?? 0
        stop(job)
    }

    /// Keys of `tasks` of a job that has its result, its own last; nil if there is no such job.
    func takeRetired() -> (job: String, keys: [String])? {
        while let job = retired.popLast() {
            guard let segments = standing.removeValue(forKey: job) else { continue }
            return (job, (0..<segments).map { TaskID(job: job, index: $0).description } + [job])
        }
        return nil
    }

    func commit(_ transaction: any Transaction) {
        for position in tracker.done { transaction.setConsumed(upTo: position) }
        hasNewlyDone = false
    }
}
