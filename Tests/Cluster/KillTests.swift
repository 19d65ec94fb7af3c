import ClusterKit
import Foundation
import Oracles
import Testing

/// When what is done to a cluster.
struct SeededMoments {
    private var random: SeededGenerator

    init(_ seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func pick<Value>(_ values: [Value]) -> Value { values[Int(random.next() % UInt64(values.count))] }

    mutating func seconds(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }
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

        /// When harm begins: a program runs only for a moment, and is proved for some time.
        private enum Beginning { case submitted, settled }

        /// Runs a job, and does harm after each of these pauses, counted from its beginning or from the harm before.
        private func prove(
            _ cluster: Cluster, from beginning: Beginning = .settled, _ pauses: [Double],
            _ harm: (Cluster, Int) throws -> Void
        ) throws {
            let expected = try ExpectedRun(elf)
            try startProvers(cluster)
            try cluster.submit("first", JobGuests.halts(0))
            try #require(cluster.result("first", within: 60)?.status == .done, "all services are at work")
            try cluster.submit("job", elf)
            func settled() throws -> Int { try cluster.evidence(of: "job").settlements.count }
            if beginning == .settled { try #require(eventually(within: 60) { try settled() >= 2 }) }
            for (number, pause) in pauses.enumerated() {
                Thread.sleep(forTimeInterval: pause)
                if beginning == .settled { print("  \(try settled()) of \(Self.segments) segments are settled") }
                try harm(cluster, number)
            }
            let start = Date()
            let complaints = try cluster.complaints(of: "job", expected, within: heavy ? 400 : 150) {
                print("  \($0.line), \(Int(-start.timeIntervalSinceNow)) s after the last harm")
            }
            #expect(complaints.isEmpty)
        }

        private func killAndRestart(_ victim: String, _ cluster: Cluster) throws {
            cluster.kill(victim)
            try cluster.start(victim)
        }

        @Test(arguments: heavy ? Cluster.services + ["home.n1"] : ["ingest", "executor", "verifier", "aggregator"])
        func aService(_ victim: String) throws {
            var moments = seeded("kill \(victim)")
            let early = ["ingest", "executor"].contains(victim)
            let pauses = (0..<(heavy ? 5 : 1)).map { _ in moments.seconds(early ? 0...0.8 : 0...3) }
            try withCluster { cluster in
                try prove(cluster, from: early ? .submitted : .settled, pauses) { cluster, number in
                    print("  kill -9 \(victim) after \(pauses[number]) s")
                    try killAndRestart(victim, cluster)
                }
            }
        }

        @Test func oneAfterTheOther() throws {
            var moments = seeded("kill one after the other")
            let all = Cluster.services + ["home.n1", "home.n2"]
            let victims = heavy ? (0..<40).map { _ in moments.pick(all) } : all.reversed()
            let pauses = victims.map { _ in moments.seconds(0...1) }
            try withCluster { cluster in
                try prove(cluster, pauses) { cluster, number in
                    print("  kill -9 \(victims[number]) after \(pauses[number]) s")
                    try killAndRestart(victims[number], cluster)
                }
            }
        }

        @Test(.enabled(if: KafkaServer.canStart)) func theBroker() throws {
            var moments = seeded("kill the broker")
            let pauses = (0..<(heavy ? 4 : 1)).map { _ in moments.seconds(0...3) }
            let server = try KafkaServer(ownBroker: true)
            try withCluster(server) { cluster in
                try prove(cluster, pauses) { _, number in
                    print("  kill -9 of the broker after \(pauses[number]) s")
                    try server.command("kill")
                    try server.command("resume")
                }
            }
        }

        @Test(.enabled(if: KafkaServer.canStart)) func everythingAtOnce() throws {
            var moments = seeded("kill everything")
            let pauses = (0..<(heavy ? 4 : 1)).map { _ in moments.seconds(0...3) }
            let server = try KafkaServer(ownBroker: true)
            try withCluster(server) { cluster in
                try prove(cluster, pauses) { cluster, number in
                    print("  kill -9 of everything after \(pauses[number]) s")
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
