import Messaging
import Pipeline
import ServiceCommon

/// What receipts must claim to be believed: all tasks that are not settled, read whole and then followed.
///
/// Some 300 bytes a task. It belongs to one thread.
final class ExpectedClaims {
    struct Expected {
        let claim: [UInt8]
        let body: BodyReference
    }

    private let reader: any Reader
    private let topics: Topics
    private var tasks: [TaskID: Expected] = [:]
    /// Topics are read in no order: a settlement can be here before its task is.
    private var settled: Set<TaskID> = []
    private var ended: Set<String> = []

    init(_ broker: any Broker, topics: Topics) throws {
        self.topics = topics
        reader = try broker.makeReader()
        // What is over comes first: of an old job, taken out since, it says nothing of a new job of the same id.
        let steps = [topics.settled, topics.tasks].map { topic in
            (0..<Int32(Topics.jobPartitions)).map { TopicPartition(topic, $0) }
        }
        try reader.assign(try broker.readAll(inSteps: steps) { take($0) }.mapValues { .offset($0) })
    }

    func close() { reader.close() }

    /// What came since. A receipt can be here before its task is in sight, so whoever misses one calls this with patience.
    func follow(timeout: Duration = .zero) throws {
        while true {
            let records = try reader.poll(timeout: timeout, maximum: 1000)
            for record in records { take(record) }
            if records.isEmpty || timeout > .zero { return }
        }
    }

    subscript(task: TaskID) -> Expected? { tasks[task] }

    var count: Int { tasks.count }

    private func take(_ record: Record) {
        guard let key = record.keyText else { return }
        let task = TaskID(key: key)
        if record.topic == topics.tasks {
            guard let task else { return }
            guard let value = record.value else {
                tasks[task] = nil
                return
            }
            if let message = try? TaskMessage.decoded(value), !ended.contains(task.job), !settled.contains(task) {
                tasks[task] = bytes(ofHex: message.claim).map { Expected(claim: $0, body: message.body) }
            }
        } else if let task, record.value == nil {
            settled.remove(task)
        } else if let task {
            tasks[task] = nil
            if !ended.contains(task.job) { settled.insert(task) }
        } else if record.value != nil {
            // The job has ended, whether all its tasks were settled or not.
            ended.insert(key)
            tasks = tasks.filter { $0.key.job != key }
            settled = settled.filter { $0.job != key }
        } else {
            ended.remove(key)
        }
    }
}
