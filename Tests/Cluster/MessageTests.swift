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

        @Test func nothingThatStrangersSendDoesHarm() throws {
            let elf = JobGuests.sum(segments: 16), expected = try ExpectedRun(elf)
            try withCluster(lanes: ["home", "strange"]) { cluster in
                try cluster.startSaboteur("n1", "honest", ["--seconds", "0.3"])
                let producer = try cluster.broker.makeProducer()
                defer { producer.close() }
                let (topics, strange) = (cluster.topics, cluster.topics.receipts(try #require(LaneName("strange"))))
                let good = try Job(id: "job", programBase64: Data(elf).base64EncodedString(), limitLog2: 13).encoded()
                let future = Array(
                    String(decoding: good, as: UTF8.self).replacing(#""version":1"#, with: #""version":2"#).utf8)

                // Jobs: malformed, of the next version, too large, empty, for nobody; and the good one, three times.
                let noJobs: [[UInt8]?] = [
                    Array("{".utf8), Array(#"{"id":"../x","program_base64":""}"#.utf8), [0xFF, 0xFE], nil, future,
                    Array(repeating: UInt8(ascii: "["), count: 500_000),
                ]
                for value in noJobs { _ = try producer.produce(OutgoingRecord(topic: topics.jobs, value: value)) }
                for _ in 0..<3 { try producer.produceAndWait(OutgoingRecord(topic: topics.jobs, value: good)) }

                // Receipts: of nothing, of unknown jobs, without headers, too large for the topic, signs of life that lie.
                #expect(try eventually(within: 60) { try cluster.evidence(of: "job").settlements.count >= 2 })
                let lie = Ready(
                    node: "n9", partition: 4000, maximumStackLog2: 64, cyclesPerSecond: 1e300,
                    holds: [TaskID(job: "job", index: 0), TaskID(job: "nobody", index: 7)], free: 0)
                var records = [
                    receipt(strange, nil, [1]), receipt(strange, "job/x", [1]),
                    receipt(strange, "nobody/0", [1, 2, 3]),
                    receipt(strange, "job/15", nil), receipt(strange, "job/14", Array(repeating: 7, count: 400_000)),
                    receipt(strange, nil, Array("{}".utf8), kind: "ready"), receipt(strange, nil, [], kind: "what"),
                    receipt(strange, nil, try lie.encoded(), kind: "ready"),
                    OutgoingRecord(topic: strange, partition: 1, value: nil),
                    OutgoingRecord(topic: strange, partition: 1, value: Array(repeating: 0, count: 100)),
                ]
                records += records.shuffled()
                for record in records { _ = try producer.produce(record) }
                try producer.flush(timeout: .seconds(20))
                #expect(throws: BrokerError.self) {
                    try producer.produceAndWait(receipt(strange, "job/13", Array(repeating: 7, count: 900_000)))
                }

                // The honest lane's own receipts once more, in another order.
                let home = topics.receipts(try #require(LaneName("home")))
                let again = try cluster.records(home).filter { $0.headerText(RoutingHeader.kind) == "receipt" }
                for record in again.reversed() {
                    let copy = OutgoingRecord(
                        topic: home, partition: record.partition, key: record.key, value: record.value,
                        headers: record.headers)
                    _ = try producer.produce(copy)
                }
                try producer.flush(timeout: .seconds(20))

                let complaints = try cluster.complaints(of: "job", expected, within: 90) { print($0.line) }
                #expect(complaints.isEmpty)
                let letters = try cluster.deadLetters()
                #expect(letters.count { $0.topic == topics.jobs } == noJobs.count)
                #expect(letters.contains { $0.reason.contains("version 2") })
                #expect(letters.count { $0.topic == strange } >= 10, "\(letters.count)")
                // Everybody is still at work: the next job is done.
                try cluster.submit("next", JobGuests.halts(3))
                #expect(try cluster.complaints(of: "next", ExpectedRun(JobGuests.halts(3)), within: 60).isEmpty)
            }
        }
    }
}
