import ClusterKit
import Foundation
import Messaging
import Pipeline
import Testing

/// What a job leaves behind: nothing that nobody needs.
@Suite(.serialized, .timeLimit(.minutes(10))) struct RetentionTests {
    /// Bodies are deleted, records get their tombstones.
    @Test func whatIsSettledFreesWhatItHeld() throws {
        var plan = Deployment.Plan(ProofLog().prover())
        plan.bodyGrace = 0.5
        let deployment = try Deployment(plan)
        defer { deployment.close() }
        try deployment.submit("freed", JobGuests.sum(segments: 40))
        #expect(try deployment.result("freed")?.status == .done)
        try deployment.submit("refused", [1, 2, 3])
        _ = try deployment.result("refused")
        let topics = deployment.topics
        for topic in [topics.segments, topics.verified] {
            #expect(try eventually { try deployment.recordsKept(topic) == 0 }, "\(topic)")
        }
        func standing(_ topic: String) throws -> Set<String> {
            try deployment.records(topic).reduce(into: []) { keys, record in
                let key = record.keyText ?? ""
                if record.value == nil { keys.remove(key) } else { keys.insert(key) }
            }
        }
        #expect(try eventually { try standing(topics.tasks).isEmpty })
        #expect(try eventually { try standing(topics.settled) == ["freed", "refused"] }, "the jobs' ends")
        #expect(try eventually { try standing(topics.dispatch).allSatisfy { $0.hasPrefix("lane:") } })
        #expect(try standing(topics.executions) == ["freed", "refused"], "ids are known for a week")
    }

    /// A job's id is free again some time after its deadline, and nothing is left of it.
    @Test func aJobsTimePasses() throws {
        var plan = Deployment.Plan(ProofLog().prover())
        (plan.memory, plan.rest) = (1, 2)
        let deployment = try Deployment(plan)
        defer { deployment.close() }
        let client = try deployment.client()
        defer { client.close() }
        let program = Data(JobGuests.halts(3)).base64EncodedString()
        try client.submit(Job(id: "brief", programBase64: program, deadlineSeconds: 1))
        try deployment.submit("lasting", JobGuests.halts(4))
        #expect(try deployment.result("brief")?.status == .done && deployment.result("lasting")?.status == .done)
        let topics = deployment.topics
        func last(_ topic: String, _ key: String) throws -> Record? {
            try deployment.records(topic).last { $0.keyText == key }
        }
        for topic in [topics.executions, topics.settled] {
            #expect(try eventually { try last(topic, "brief").map { $0.value == nil } == true }, "\(topic)")
            #expect(try last(topic, "lasting")?.value != nil, "\(topic)")
        }
        #expect(try deployment.results(of: "brief").count == 1, "it is not run again")
        // At rest it is still the old job's; then it is free, also for an ingest that has just started.
        let again = Job(id: "brief", programBase64: program, deadlineSeconds: 20)
        try client.submit(again)
        #expect(try eventually { try deployment.records(topics.deadletters).count == 1 })
        deployment.restart("ingest")
        try client.submit(again)
        #expect(try eventually { try deployment.records(topics.deadletters).count == 2 })
        #expect(try deployment.results(of: "brief").count == 1)
        Thread.sleep(forTimeInterval: 3)
        // Whoever starts now finds both jobs in the topics, which nobody has compacted.
        let readers = ["aggregator", "dispatcher", "verifier"]
        deployment.end(readers)
        try client.submit(again)
        #expect(try eventually { try last(topics.tasks, "brief")?.value != nil }, "the new run has ended")
        deployment.start()
        #expect(try eventually { try deployment.results(of: "brief").count == 2 })
        #expect(try deployment.result("brief")?.status == .done)
    }

    /// A journal that no message can carry is in the receipt.
    @Test func aLargeJournalIsPublished() throws {
        let deployment = try Deployment(Deployment.Plan(ProofLog().prover()))
        defer { deployment.close() }
        try deployment.submit("large-journal", JobGuests.publishes(bytes: 1_000_000))
        let result = try #require(try deployment.result("large-journal"))
        #expect(result.status == .done && result.journal == nil, "\(result.reason ?? "")")
        let receipt = try #require(try deployment.receipt(result))
        #expect(try StandIn.run(receipt).journal == [UInt8](repeating: 0, count: 1_000_000))
    }
}
