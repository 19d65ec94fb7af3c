import ClusterKit
import Foundation
import Testing

extension ClusterTests {
    /// SIGSTOP for longer than every time-out: others take over, and the zombie that comes back does no harm.
    @Suite(.serialized, .timeLimit(.minutes(10))) struct Stops {
        /// Longer than the silence after which a node is gone (12 s), a session (10 s), and a transaction (10 s) with the
        /// broker's interval of looking for those that are over (10 s).
        private static let pause = 25.0

        private func stop(
            segments: Int, _ prepare: (Cluster) throws -> Void, _ choose: (Cluster) -> String
        ) throws {
            let elf = JobGuests.sum(segments: segments), expected = try ExpectedRun(elf)
            try withCluster { cluster in
                try prepare(cluster)
                try cluster.submit("job", elf)
                #expect(try eventually(within: 60) { try cluster.evidence(of: "job").settlements.count >= 3 })
                let victim = choose(cluster)
                cluster.send(SIGSTOP, to: victim)
                let before = try cluster.evidence(of: "job").settlements.count
                Thread.sleep(forTimeInterval: Self.pause)
                let after = try cluster.evidence(of: "job").settlements.count
                print("stopped \(victim): \(before) segments were settled before, \(after) after \(Self.pause) s")
                #expect(after > before, "others take over")
                cluster.send(SIGCONT, to: victim)
                let complaints = try cluster.complaints(of: "job", expected, within: 120) { print("  \($0.line)") }
                #expect(complaints.isEmpty)
                // The zombie has had time to do harm.
                Thread.sleep(forTimeInterval: 3)
                #expect(try cluster.evidence(of: "job").results.count == 1)
            }
        }

        private func startProvers(_ cluster: Cluster) throws {
            for node in ["n1", "n2"] { try cluster.startSaboteur(node, "honest", ["--seconds", "0.6"]) }
        }

        @Test func aProver() throws {
            try stop(segments: 60, startProvers) { _ in "home.n1" }
        }

        /// Of two verifiers one dispatches as well; its log says which.
        @Test(arguments: [true, false]) func aVerifier(dispatching: Bool) throws {
            try stop(segments: 80) { cluster in
                try cluster.start("verifier-2", "sheaf-verifier", ["--instance", "verifier-2"])
                try startProvers(cluster)
            } _: { cluster in
                let first = cluster.log("verifier").contains("dispatching")
                print("the \(first ? "first" : "second") verifier dispatches")
                return first == dispatching ? "verifier" : "verifier-2"
            }
        }
    }
}
