import Foundation
import Pipeline
import Testing

private let body = BodyReference(
    topic: "sheaf.uploads", partition: 3, offsets: [7, 9], length: BodyReference.partBytes + 1,
    digest: String(repeating: "a", count: 64))

/// Every message: what is written is read, what cannot be meant is refused, nothing traps.
@Suite struct MessageTests {
    private static let task = TaskID(job: "block-1", index: 12)

    private func roundTrip<Message: ControlMessage & Equatable>(_ message: Message) throws {
        let bytes = try message.encoded()
        #expect(try Message.decoded(bytes) == message)
        #expect(try Message.decoded(bytes).encoded() == bytes, "one canonical form")
        let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        #expect(object?["version"] as? Int == 1)
    }

    @Test func whatIsWrittenIsRead() throws {
        try roundTrip(Job(id: "block-1", program: body, inputBase64: "AAEC", limitLog2: 19, redundancy: 5, priority: 9))
        try roundTrip(Job(id: "block-1", action: .cancel))
        try roundTrip(
            Execution(
                job: "block-1", state: .accepted, contentDigest: "d", program: .body(body),
                input: .inline(base64: "AAEC"),
                imageID: "00", limitLog2: 19, redundancy: 1, priority: 5, deadlineSeconds: 60, cycleLimit: 1 << 36,
                acceptedAt: 1.5))
        try roundTrip(TaskMessage(task: Self.task, claim: "00ff", body: body, stackLog2: 22, cycles: 1 << 19))
        try roundTrip(
            RunEnd(
                job: "block-1", cycles: 1 << 40, segments: 9, journal: "00", journalOpening: "01",
                exit: ExitMessage(kind: .halted, code: 7)))
        try roundTrip(Settlement(task: Self.task, receipt: body, failure: nil, lane: lane("a"), node: "n"))
        try roundTrip(JobEnd(job: "block-1", status: .done))
        try roundTrip(
            Work(node: "n", order: .prove, task: Self.task, body: body, stackLog2: 22, claim: "00", attempt: 3))
        let ready = Ready(
            node: "n", partition: 4, maximumStackLog2: 23, cyclesPerSecond: 1e6, holds: [Self.task], free: 1)
        try roundTrip(ready)
        try roundTrip(Control(lane: lane("a"), ready: ready))
        try roundTrip(Control(lane: lane("a"), node: "n", verdict: .init(task: Self.task, receipt: body, reason: nil)))
        try roundTrip(
            JobResult(id: "block-1", status: .done, imageID: "00", cycles: 5, segments: 1, receipt: body, seconds: 2))
        try roundTrip(JobEvent(job: "block-1", time: 1, what: .runEnded, cycles: 5))
        try roundTrip(DeadLetter(topic: "t", partition: 0, offset: 1, reason: "r", head: "", time: 0))
    }

    /// What a person writes by hand, with the names of the README.
    @Test func aJobWrittenByHand() throws {
        let text =
            #"{"id":"fib","program_base64":"f0VMRg==","input_base64":"CgAAAA==","limit_log2":15,"colour":"blue"}"#
        let job = try Job.decoded(Array(text.utf8))
        #expect(job.id == "fib" && job.limitLog2 == 15 && job.programBase64 == "f0VMRg==")
    }

    @Test(arguments: [
        #"{"id":"a b","program_base64":""}"#,
        #"{"id":"","program_base64":""}"#,
        #"{"id":"..","program_base64":""}"#,
        #"{"id":"a"}"#,
        #"{"id":"a","program_base64":"","limit_log2":12}"#,
        #"{"id":"a","program_base64":"","limit_log2":25}"#,
        #"{"id":"a","program_base64":"","redundancy":0}"#,
        #"{"id":"a","program_base64":"","priority":10}"#,
        #"{"id":"a","program_base64":"","deadline_seconds":0}"#,
        #"{"id":"a","program_base64":"","cycle_limit":0}"#,
        #"{"id":"a","program_base64":"","input":{"topic":"t","partition":0,"offsets":[],"length":1,"digest":""}}"#,
        #"{"id":"a","program":{"topic":"t","partition":-1,"offsets":[1],"length":1,"digest":"\#(String(repeating: "a", count: 64))"}}"#,
        #"{"id":"a","program":{"topic":"t","partition":0,"offsets":[2,1],"length":1040385,"digest":"\#(String(repeating: "a", count: 64))"}}"#,
        #"{"id":"a","program":{"topic":"t","partition":0,"offsets":[1],"length":9999999999,"digest":"\#(String(repeating: "a", count: 64))"}}"#,
        #"{"version":2,"id":"a","program_base64":""}"#, "", "[]", "null", "{", "\u{0}",
    ])
    func jobsThatCannotBeMeant(text: String) {
        #expect(throws: MessageError.self) { try Job.decoded(Array(text.utf8)) }
    }

    @Test func aVersionThatIsNotKnownIsNamed() {
        #expect(throws: MessageError.version(got: 7, supported: 1)) {
            try Job.decoded(Array(#"{"version":7,"id":5}"#.utf8))
        }
    }

    @Test func tooLargeMessagesAreNotParsed() {
        let bytes = [UInt8](repeating: UInt8(ascii: "["), count: Ready.maximumBytes + 1)
        #expect(throws: MessageError.tooLarge(bytes: bytes.count, limit: Ready.maximumBytes)) {
            try Ready.decoded(bytes)
        }
    }

    @Test func deepNestingIsRefused() {
        let bytes = [UInt8](repeating: UInt8(ascii: "["), count: 60_000)
        #expect(throws: MessageError.self) { try Ready.decoded(bytes) }
    }

    @Test func settlementsAndVerdictsSayExactlyOneThing() {
        let both = Settlement(task: Self.task, receipt: body, failure: "no", lane: nil, node: nil)
        #expect(throws: MessageError.self) { try both.validate() }
        let neither = Control(lane: lane("a"), node: "n", verdict: .init(task: Self.task, receipt: nil, reason: nil))
        #expect(throws: MessageError.self) { try neither.validate() }
        #expect(throws: MessageError.self) { try Work(node: "n", order: .prove, task: Self.task).validate() }
    }

    @Test(arguments: ["a/12", "a/lift-3", "a/join-0", "x.y_z-1/0"]) func taskKeys(key: String) {
        #expect(TaskID(key: key)?.description == key)
    }

    @Test(arguments: [
        "", "a", "a/", "/1", "a/01", "a/-1", "a/+1", "a/segment-1", "a/1/2", "a b/1", "a/lift-",
        "a/99999999999999999999",
    ])
    func keysThatAreNoTasks(key: String) {
        #expect(TaskID(key: key) == nil)
    }

    /// Any bytes in, a message or an error out.
    @Test func mutatedMessagesNeverTrap() throws {
        let ready = Ready(
            node: "n", partition: 4, maximumStackLog2: 23, cyclesPerSecond: 1e6, holds: [Self.task], free: 1)
        let samples = [
            try Control(lane: lane("a"), ready: ready).encoded(),
            try Job(id: "j", program: body, limitLog2: 19).encoded(),
            try Work(node: "n", order: .prove, task: Self.task, body: body, claim: "00").encoded(),
        ]
        let count = ProcessInfo.processInfo.environment["SHEAF_HEAVY"] == "1" ? 1_000_000 : 5_000
        var random = SeededGenerator(state: 1)
        var refused = 0
        for _ in 0..<count {
            var bytes = samples.randomElement(using: &random)!
            for _ in 0...Int.random(in: 0...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = .random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(.random(in: 0...255, using: &random), at: place)
                }
            }
            if (try? Control.decoded(bytes)) == nil { refused += 1 }
            if (try? Job.decoded(bytes)) == nil { refused += 1 }
            if (try? Work.decoded(bytes)) == nil { refused += 1 }
        }
        #expect(refused > count)
    }
}

@Suite struct TopicTests {
    @Test func namesCarryThePrefixAndTheLane() {
        let topics = Topics(prefix: "test.")
        #expect(topics.jobs == "test.jobs")
        #expect(topics.work(lane("fleet-1")) == "test.work.fleet-1")
        #expect(topics.lane(ofReceipts: "test.receipts.fleet-1") == lane("fleet-1"))
        #expect(topics.lane(ofReceipts: "test.receipts.") == nil)
        #expect(topics.lane(ofReceipts: "other.receipts.a") == nil)
        #expect(LaneName("a/b") == nil)
    }

    @Test func topicsJoinedByJobHaveEqualPartitions() {
        let topics = Topics()
        let byName = Dictionary(uniqueKeysWithValues: topics.all().map { ($0.name, $0) })
        for name in [topics.executions, topics.tasks, topics.settled, topics.results, topics.events] {
            #expect(byName[name]?.partitions == Topics.jobPartitions)
        }
        for name in [topics.executions, topics.tasks, topics.settled, topics.dispatch] {
            #expect(byName[name]?.configuration["cleanup.policy"] == "compact")
        }
        #expect(byName[topics.jobs]?.partitions == 1)
        #expect(byName[topics.segments]?.configuration["retention.bytes"] == nil, "a body is never lost to its size")
    }
}
