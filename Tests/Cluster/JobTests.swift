import ClusterKit
import Foundation
import Pipeline
import ServiceCommon
import Testing

extension ClusterTests {
    /// Jobs of every kind, with the real prover.
    @Suite(.serialized, .timeLimit(.minutes(15))) struct Jobs {
        @Test func endings() throws {
            try withCluster { cluster in
                try cluster.startProver("n1")
                let client = try cluster.client()
                defer { client.close() }
                let missing = BodyReference(
                    topic: cluster.topics.uploads, partition: 2, offsets: [7], length: 3,
                    digest: String(repeating: "0", count: 64))
                let halting = Data(JobGuests.halts(3)).base64EncodedString()
                try cluster.submit("bad-elf", [1, 2, 3])
                try client.submit(Job(id: "no-input", programBase64: halting, input: missing))
                try cluster.submit("faults", JobGuests.faults)
                try cluster.submit("never-halts", JobGuests.neverHalts, cycleLimit: 30_000)
                for _ in 0..<3 { try cluster.submit("twice", JobGuests.halts(1)) }
                try cluster.submit("twice", JobGuests.halts(2))

                func ends(_ job: String, _ status: JobResult.Status, because reason: String) throws {
                    let result = try #require(cluster.result(job, within: 60), "\(job)")
                    #expect(result.status == status && result.receipt == nil, "\(job)")
                    #expect(result.reason?.contains(reason) == true, "\(job): \(result.reason ?? "")")
                    #expect(try cluster.evidence(of: job).results.count == 1, "\(job)")
                }
                try ends("bad-elf", .refused, because: "its program cannot be run")
                try ends("no-input", .failed, because: "not there")
                try ends("never-halts", .failed, because: "within 30000 cycles")
                #expect(try cluster.complaints(of: "faults", ExpectedRun(JobGuests.faults), within: 60).isEmpty)
                #expect(try cluster.complaints(of: "twice", ExpectedRun(JobGuests.halts(1)), within: 60).isEmpty)
                #expect(try cluster.evidence(of: "twice").count(.accepted) == 1)
                #expect(try cluster.deadLetters().contains { $0.reason.contains("other content") })
            }
        }

        /// Many small jobs beside a large one: none starves, and everybody ends well on SIGTERM.
        @Test func noJobStarves() throws {
            let (small, segments) = heavy ? (100, 300) : (20, 60)
            try withCluster { cluster in
                // Half a second a segment: the large job takes its time, however fast or slow all else is.
                for node in ["n1", "n2"] { try cluster.startSaboteur(node, "honest", ["--seconds", "0.5"]) }
                let large = JobGuests.sum(segments: segments)
                try cluster.submit("large", large)
                #expect(try eventually(within: 60) { try !cluster.evidence(of: "large").settlements.isEmpty })
                for number in 0..<small { try cluster.submit("small-\(number)", JobGuests.halts(UInt32(number))) }
                let complaints = try cluster.complaints(of: "large", ExpectedRun(large), within: 300) { print($0.line) }
                #expect(complaints.isEmpty)
                // All small ones were accepted after the large one had begun, and ended before it.
                let results = try Dictionary(grouping: cluster.results(), by: \.id)
                let end = try #require(cluster.events().first { $0.job == "large" && $0.what == .done }).time
                let others = try cluster.events().filter { $0.job != "large" && $0.what == .done }
                print("\(others.count { $0.time < end }) of \(small) small jobs ended before the large one")
                #expect(others.count == small && others.allSatisfy { $0.time < end })
                for number in 0..<small {
                    let result = try #require(results["small-\(number)"])
                    #expect(result.count == 1 && result[0].exit?.code == UInt32(number), "small-\(number)")
                }
                for name in cluster.names { #expect(cluster.end(name), "\(name): \(cluster.log(name).suffix(300))") }
            }
        }
    }
}
