import ClusterKit
import Foundation
import Messaging
import Pipeline
import ProverService
import ServiceCommon
import Testing

/// Lanes of strangers and what they write, over the embedded broker.
@Suite(.serialized, .timeLimit(.minutes(10))) struct LaneTests {
    private let elf = JobGuests.sum(segments: 20)

    private func expectDone(_ deployment: Deployment, _ job: String, _ elf: [UInt8]) throws {
        let ended = try deployment.result(job, within: 60)
        let account = ended == nil ? try deployment.account(of: job) : ""
        let result = try #require(ended, "\(account)"), expected = try ExpectedRun(elf)
        #expect(result.status == .done, "\(result.reason ?? "")")
        let run = try StandIn.run(try #require(try deployment.receipt(result)))
        #expect(run.journal == expected.journal && run.exit == expected.exit && run.cycles == expected.cycles)
        #expect(try deployment.results(of: job).count == 1)
    }

    /// A lane that is silent for ever cannot be ended in this process; Tests/Cluster has one in its own.
    @Test func oneHonestLaneOfFiveCarriesTheJob() throws {
        let log = ProofLog(), other = try StandIn.receipt(firstClaim())
        let slow: ProverService.Prove = { _, claim in
            Thread.sleep(forTimeInterval: 5)
            return try StandIn.receipt(claim)
        }
        let random: ProverService.Prove = { _, _ in (0..<1000).map { _ in UInt8.random(in: 0...255) } }
        var plan = Deployment.Plan(lanes: [
            .init(name: "honest", provers: [log.prover(seconds: 0.02)]), .init(name: "slow", provers: [slow]),
            .init(name: "random", provers: [random]), .init(name: "other", provers: [{ _, _ in other }]),
            .init(name: "late", provers: [slow, slow]),
        ])
        plan.settings.unknownAllowance = 2
        let deployment = try Deployment(plan)
        defer { deployment.close() }
        try deployment.submit("job", elf, redundancy: 5)
        try expectDone(deployment, "job", elf)
        let winners = Set(try deployment.settlements(of: "job").compactMap { $0.lane?.text })
        #expect(winners == ["honest"])
        #expect(try #require(try deployment.credit("honest")).points > LaneCredit.start)
        for lane in ["random", "other"] {
            #expect(try #require(try deployment.credit(lane)).points < LaneCredit.start, "\(lane)")
        }
    }

    /// The claim of another run's first segment.
    private func firstClaim() throws -> [UInt8] {
        let log = ProofLog()
        let deployment = try Deployment(Deployment.Plan(log.prover()))
        defer { deployment.close() }
        try deployment.submit("other", JobGuests.halts(9))
        _ = try #require(try deployment.result("other"))
        return try #require(log.claims().first)
    }

    @Test func someProversOfALaneAreInvalid() throws {
        let log = ProofLog()
        let flipped: ProverService.Prove = { _, claim in
            var receipt = try StandIn.receipt(claim)
            receipt[receipt.count - 1] ^= 1
            return receipt
        }
        let deployment = try Deployment(
            Deployment.Plan(log.prover(seconds: 0.05), flipped, log.prover(seconds: 0.05), flipped))
        defer { deployment.close() }
        try deployment.submit("job", elf)
        try expectDone(deployment, "job", elf)
        #expect(Set(try deployment.settlements(of: "job").compactMap(\.node)) == ["n0", "n2"])
        #expect(log.count == 20, "nothing is proved twice")
        #expect(try #require(try deployment.credit("home")).points >= 1)
    }

    /// Twice, out of order, oversized, malformed, from the future, for unknown jobs.
    @Test func nothingThatStrangersSendDoesHarm() throws {
        let log = ProofLog()
        let deployment = try Deployment(
            Deployment.Plan(lanes: [
                .init(name: "home", provers: [log.prover(seconds: 0.05)]), .init(name: "strange", provers: []),
            ]))
        defer { deployment.close() }
        let topics = deployment.topics, strange = topics.receipts(try Deployment.lane("strange"))
        let producer = try deployment.broker.makeProducer()
        defer { producer.close() }
        for text in ["{", #"{"version":2,"id":"job","program_base64":""}"#, #"{"id":"..","program_base64":""}"#] {
            try deployment.publish(topics.jobs, text)
        }
        for _ in 0..<3 { try deployment.submit("job", elf) }
        #expect(try eventually { try deployment.settlements(of: "job").count >= 2 })
        func send(_ kind: String, _ task: String?, _ value: [UInt8]?) throws {
            var headers = [Header(RoutingHeader.kind, kind), Header(RoutingHeader.node, "n9")]
            if let task { headers.append(Header(RoutingHeader.task, task)) }
            try producer.produceAndWait(OutgoingRecord(topic: strange, partition: 0, value: value, headers: headers))
        }
        let lie = Ready(
            node: "n9", partition: 4000, maximumStackLog2: 64, cyclesPerSecond: 1e300,
            holds: [TaskID(job: "job", index: 0), TaskID(job: "nobody", index: 7)], free: 0)
        for _ in 0..<2 {
            try send("receipt", nil, [1])
            try send("receipt", "job/x", [1])
            try send("receipt", "nobody/0", [1])
            try send("receipt", "job/19", nil)
            try send("ready", nil, try lie.encoded())
            try send("ready", nil, Array("{}".utf8))
            try send("what", nil, [])
        }
        #expect(throws: BrokerError.self) {
            try producer.produceAndWait(OutgoingRecord(topic: strange, value: [UInt8](repeating: 0, count: 900_000)))
        }
        // The honest lane's own receipts once more, backwards.
        let home = topics.receipts(try Deployment.lane("home"))
        for record in try deployment.records(home).reversed() {
            try producer.produceAndWait(
                OutgoingRecord(
                    topic: home, partition: record.partition, key: record.key, value: record.value,
                    headers: record.headers))
        }
        try expectDone(deployment, "job", elf)
        #expect(log.count == 20, "nothing is proved twice")
        let letters = try deployment.deadLetters()
        #expect(letters.count { $0.topic == topics.jobs } == 3 && letters.count { $0.topic == strange } == 8)
        #expect(letters.contains { $0.reason.contains("version 2") })
        try deployment.submit("next", JobGuests.halts(1))
        #expect(try deployment.result("next")?.status == .done)
    }
}
