import Foundation
import Pipeline
import Testing

/// The committed schemas against real messages: what services write is what the documentation promises.
@Suite struct SchemaTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func schema(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: root.appending(path: "docs/schemas/\(name).json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private static let body = BodyReference(
        topic: "sheaf.uploads", partition: 3, offsets: [7], length: 12, digest: String(repeating: "a", count: 64))
    private static let task = TaskID(job: "block-1", index: 12)
    private static let ready = Ready(
        node: "n", partition: 4, maximumStackLog2: 23, cyclesPerSecond: 1e6, holds: [task], free: 1)

    /// Only the dispatcher makes these: read from its own form, and written again.
    private static func dispatch(_ field: String) throws -> [UInt8] {
        try DispatchRecord.decoded(Array("{\"version\":1,\(field)}".utf8)).encoded()
    }

    private static func samples() throws -> [(String, [UInt8])] {
        let execution = Execution(
            job: "block-1", state: .accepted, reason: "r", contentDigest: "d", program: .body(body),
            input: .inline(base64: "AAEC"), imageID: "00", limitLog2: 19, redundancy: 1, priority: 5,
            deadlineSeconds: 60,
            cycleLimit: 1 << 36, acceptedAt: 1.5)
        return [
            ("job", try Job(id: "block-1", program: body, inputBase64: "AAEC", limitLog2: 19, redundancy: 5).encoded()),
            ("job", try Job(id: "block-1", action: .cancel).encoded()),
            ("execution", try execution.encoded()),
            ("execution", try execution.cancelled(reason: "x").encoded()),
            ("task", try TaskMessage(task: task, claim: "00ff", body: body, stackLog2: 22, cycles: 1 << 19).encoded()),
            (
                "run-end",
                try RunEnd(
                    job: "block-1", cycles: 9, segments: 9, journal: "00", journalOpening: "01",
                    exit: ExitMessage(kind: .faulted, code: 7)
                ).encoded()
            ),
            (
                "run-end",
                try RunEnd(job: "block-1", cycles: 9, segments: 9, journal: "00", journalOpening: "01", exit: nil)
                    .naming(body).encoded()
            ),
            ("settlement", try Settlement(task: task, receipt: body, failure: nil, lane: nil, node: "n").encoded()),
            ("settlement", try Settlement(task: task, receipt: nil, failure: "f", lane: nil, node: nil).encoded()),
            ("job-end", try JobEnd(job: "block-1", status: .done).encoded()),
            ("work", try Work(node: "n", order: .prove, task: task, body: body, stackLog2: 22, claim: "00").encoded()),
            ("work", try Work(node: "n", order: .drop, task: task).encoded()),
            ("ready", try ready.encoded()),
            ("control", try Control(lane: lane("a"), ready: ready).encoded()),
            (
                "control",
                try Control(lane: lane("a"), node: "n", verdict: .init(task: task, receipt: nil, reason: "bad"))
                    .encoded()
            ),
            (
                "result",
                try JobResult(id: "block-1", status: .done, cycles: 5, segments: 1, receipt: body, seconds: 2).encoded()
            ),
            ("dispatch", try dispatch("\"lane\":{\"lane\":\"a\",\"credit\":{\"points\":60,\"at\":1.5}}")),
            (
                "dispatch",
                try dispatch(
                    "\"task\":{\"task\":\"j/0\",\"attempt\":1,\"copies\":[{\"lane\":\"a\",\"node\":\"n\"}],\"lanes\":[\"a\"]}"
                )
            ),
            ("event", try JobEvent(job: "block-1", time: 1, what: .runEnded, task: task, lane: lane("a")).encoded()),
            (
                "dead-letter",
                try DeadLetter(topic: "t", partition: 0, offset: 1, reason: "r", head: "", time: 0).encoded()
            ),
        ]
    }

    @Test func realMessagesKeepTheirSchemas() throws {
        for (name, bytes) in try Self.samples() {
            let value = try JSONSerialization.jsonObject(with: Data(bytes))
            #expect(SchemaValidator.complaints(value, try Self.schema(name)).isEmpty, "\(name)")
        }
    }

    /// A schema that does not name a field would let it drift; one that demands nothing would say nothing.
    @Test func schemasNameEveryField() throws {
        for (name, bytes) in try Self.samples() {
            let value = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            let schema = try Self.schema(name)
            let properties = try #require(schema["properties"] as? [String: Any])
            #expect(Set(value.keys).isSubset(of: properties.keys), "\(name)")
            for required in schema["required"] as? [String] ?? [] {
                let without = value.filter { $0.key != required }
                #expect(!SchemaValidator.complaints(without, schema).isEmpty, "\(name) without \(required)")
            }
        }
    }

    @Test func everySchemaIsTested() throws {
        let directory = Self.root.appending(path: "docs/schemas")
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path).map { String($0.dropLast(5)) }
        #expect(Set(names) == Set(try Self.samples().map(\.0)))
    }
}
