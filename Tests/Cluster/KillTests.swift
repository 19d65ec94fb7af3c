import ClusterKit
import Foundation
import Oracles
import Testing

/// When what is done to a cluster.
struct SeededMoments {
    private var random: SeededGenerator
    private let start = Date()

    init(_ seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func pick<Value>(_ values: [Value]) -> Value { values[Int(random.next() % UInt64(values.count))] }

    mutating func seconds(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }

    /// Waits so long, and prints what is done then.
    mutating func wait(_ range: ClosedRange<Double>, for what: String) {
        Thread.sleep(forTimeInterval: seconds(range))
        print(String(format: "  %.1f s: %@", -start.timeIntervalSinceNow, what))
    }
}

extension ClusterTests {
    /// kill -9 at random moments: the job ends once, with the right receipt, and nothing settled is proved again.
    @Suite(.serialized, .timeLimit(.minutes(10))) struct Kills {
        private static let segments = heavy ? 80 : 24
        private let elf = JobGuests.sum(segments: Self.segments)

        /// Two provers whose proofs take half a second, so that the job lasts some seconds.
        private func startProvers(_ cluster: Cluster) throws {
            for node in ["n1", "n2"] { try cluster.startSaboteur(node, "honest", ["--seconds", "0.5"]) }
        }

        /// Runs a job while `harm` is done to the cluster, again and again until it has ended.
        private func prove(
            _ cluster: Cluster, while harm: @Sendable @escaping (Cluster) throws -> Void
        ) throws {
            let expected = try ExpectedRun(elf)
            try cluster.submit("job", elf)
            let harming = DispatchGroup()
            DispatchQueue(label: "harm").async(group: harming) {
                do { try harm(cluster) } catch { Issue.record("\(error)") }
            }
            let complaints = try cluster.complaints(of: "job", expected, within: heavy ? 400 : 150) {
                print("  \($0.line)")
            }
            #expect(complaints.isEmpty)
            harming.wait()
            // What is killed after the end changes nothing any more.
            #expect(try cluster.evidence(of: "job").results.count == 1)
        }

        @Test(arguments: heavy ? Cluster.services + ["home.n1"] : ["executor", "verifier", "aggregator"])
        func aService(_ victim: String) throws {
            var moments = seeded("kill \(victim)")
            try withCluster { cluster in
                try startProvers(cluster)
                let plan = (0..<(heavy ? 5 : 1)).map { _ in moments.seconds(heavy ? 2...8 : 3...6) }
                try prove(cluster) { cluster in
                    for pause in plan {
                        Thread.sleep(forTimeInterval: pause)
                        print("  kill -9 after \(pause) s")
                        cluster.kill(victim)
                        try cluster.start(victim)
                    }
                }
            }
        }

        @Test func oneAfterTheOther() throws {
            var moments = seeded("kill one after the other")
            try withCluster { cluster in
                try startProvers(cluster)
                let victims = Cluster.services + ["home.n1", "home.n2"]
                let plan = (0..<(heavy ? 40 : 6)).map { number in
                    (heavy ? moments.pick(victims) : victims[number], moments.seconds(0.5...2.5))
                }
                try prove(cluster) { cluster in
                    for (victim, pause) in plan {
                        Thread.sleep(forTimeInterval: pause)
                        print("  kill -9 \(victim) after \(pause) s")
                        cluster.kill(victim)
                        try cluster.start(victim)
                    }
                }
            }
        }

        @Test(.enabled(if: KafkaServer.canStart)) func theBroker() throws {
            var moments = seeded("kill the broker")
            let server = try KafkaServer(ownBroker: true)
            try withCluster(server) { cluster in
                try startProvers(cluster)
                let plan = (0..<(heavy ? 4 : 1)).map { _ in moments.seconds(3...6) }
                try prove(cluster) { _ in
                    for pause in plan {
                        Thread.sleep(forTimeInterval: pause)
                        print("  kill -9 of the broker after \(pause) s")
                        try server.command("kill")
                        try server.command("resume")
                    }
                }
            }
        }

        @Test(.enabled(if: KafkaServer.canStart)) func everythingAtOnce() throws {
            var moments = seeded("kill everything")
            let server = try KafkaServer(ownBroker: true)
            try withCluster(server) { cluster in
                try startProvers(cluster)
                let plan = (0..<(heavy ? 4 : 1)).map { _ in moments.seconds(3...7) }
                try prove(cluster) { cluster in
                    for pause in plan {
                        Thread.sleep(forTimeInterval: pause)
                        print("  kill -9 of everything after \(pause) s")
                        let names = cluster.names
                        for name in names { cluster.send(SIGKILL, to: name) }
                        try server.command("kill")
                        for name in names { cluster.kill(name) }
                        try server.command("resume")
                        for name in names { try cluster.start(name) }
                    }
                }
            }
        }
    }
}
