import ClusterKit
import Foundation
import Messaging
import Pipeline
import ServiceCommon
import Testing

extension ClusterTests {
    /// What strangers may write, to `jobs` and to `receipts.<lane>`, while a job is at work.
    @Suite(.serialized, .timeLimit(.minutes(10))) struct Messages {
        private func receipt(
            _ topic: String, _ task: String?, _ value: [UInt8]?, kind: String = "receipt", node: String = "n9"
        ) -> OutgoingRecord {
            var headers = [Header(RoutingHeader.kind, kind), Header(RoutingHeader.node, node)]
            if let task { headers.append(Header(RoutingHeader.task, task)) }
            return OutgoingRecord(topic: topic, partition: 0, key: Array(node.utf8), value: value, headers: headers)
        }

        /// Malformed, of the next version, empty, for nobody, of nothing but brackets.
        private func noJobs(_ good: [UInt8]) -> [[UInt8]?] {
            let future = String(decoding: good, as: UTF8.self).replacing(#""version":1"#, with: #""version":2"#)
            return [
                Array("{".utf8), Array(#"{"id":"../x","program_base64":""}"#.utf8), [0xFF, 0xFE], nil,
                Array(future.utf8), Array(repeating: UInt8(ascii: "["), count: 500_000),
            ]
        }

        /// Ten: four of tasks that are unknown, over, or refuted; a sign of life that lies; and five that are neither.
        private func rubbish(_ topic: String) throws -> [OutgoingRecord] {
            let lie = Ready(
                node: "n9", partition: 4000, maximumStackLog2: 64, cyclesPerSecond: 1e300,
                holds: [TaskID(job: "job", index: 0), TaskID(job: "nobody", index: 7)], free: 0)
            return [
                receipt(topic, nil, [1]), receipt(topic, "job/x", [1]), receipt(topic, "nobody/0", [1, 2, 3]),
                receipt(topic, "job/0", [1]), receipt(topic, "job/15", nil),
                receipt(topic, "job/14", Array(repeating: 7, count: 400_000)),
                receipt(topic, nil, Array("{}".utf8), kind: "ready"), receipt(topic, nil, [], kind: "what"),
                receipt(topic, nil, try lie.encoded(), kind: "ready"),
                OutgoingRecord(topic: topic, partition: 1, value: Array(repeating: 0, count: 100)),
            ]
        }

        /// What a lane handed in, once more and backwards.
        private func again(_ cluster: Cluster, _ topic: String) throws -> [OutgoingRecord] {
            try cluster.records(topic).reversed().map { record in
                OutgoingRecord(
                    topic: topic, partition: record.partition, key: record.key, value: record.value,
                    headers: record.headers)
            }
        }

        private func settled(_ cluster: Cluster) throws -> Int { try cluster.evidence(of: "job").settlements.count }

        private func letters(_ cluster: Cluster, of topic: String) throws -> Int {
            try cluster.deadLetters().count { $0.topic == topic }
        }

        private func send(_ records: [OutgoingRecord], _ cluster: Cluster) throws {
            var configuration = ProducerConfiguration()
            configuration.maximumMessageBytes = Int32(Topics.maximumReceiptBytes)
            let producer = try cluster.broker.makeProducer(configuration)
            defer { producer.close() }
            for delivery in try records.map(producer.produce) { _ = try delivery.wait() }
        }

        @Test func nothingThatStrangersSendDoesHarm() throws {
            try withCluster(lanes: ["home", "strange"]) { cluster in try harass(cluster) }
        }

        private func harass(_ cluster: Cluster) throws {
            let elf = JobGuests.sum(segments: 16), topics = cluster.topics
            let strange = topics.receipts(try #require(LaneName("strange")))
            let home = topics.receipts(try #require(LaneName("home")))
            try cluster.startSaboteur("n1", "honest", ["--seconds", "0.3"])
            let good = try Job(id: "job", programBase64: Data(elf).base64EncodedString(), limitLog2: 13).encoded()
            let jobs = noJobs(good) + [good, good, good]
            try send(jobs.map { OutgoingRecord(topic: topics.jobs, value: $0) }, cluster)
            let isAtWork = try eventually(within: 60) { try settled(cluster) >= 2 }
            #expect(isAtWork)

            let records = try rubbish(strange)
            try send(records + records.shuffled(), cluster)
            #expect(throws: BrokerError.self, "the topic takes no more than a receipt may weigh") {
                let producer = try cluster.broker.makeProducer()
                defer { producer.close() }
                try producer.produceAndWait(receipt(strange, "job/13", Array(repeating: 7, count: 900_000)))
            }
            try send(try again(cluster, home), cluster)

            let complaints = try cluster.complaints(of: "job", ExpectedRun(elf), within: 90) { print($0.line) }
            #expect(complaints.isEmpty)
            _ = try eventually(within: 30) { try letters(cluster, of: strange) >= 10 }
            let reasons = try cluster.deadLetters().map { "\($0.topic): \($0.reason)" }
            #expect(try letters(cluster, of: strange) == 10, "\(reasons)")
            #expect(try letters(cluster, of: topics.jobs) == noJobs(good).count, "\(reasons)")
            #expect(reasons.contains { $0.contains("version 2") })
            // Everybody is still at work: the next job is done, and nobody started over.
            try cluster.submit("next", JobGuests.halts(3))
            #expect(try cluster.complaints(of: "next", ExpectedRun(JobGuests.halts(3)), within: 60).isEmpty)
            for service in Cluster.services { #expect(!cluster.log(service).contains("starting over"), "\(service)") }
        }
    }
}
