import ClusterKit
import Foundation
import Oracles
import Pipeline
import Testing

/// Ends of services and of everything, at random moments, over the embedded broker.
@Suite(.serialized, .timeLimit(.minutes(10))) struct CrashTests {
    private let elf = JobGuests.sum(segments: 60)

    private func plan(_ log: ProofLog) -> Deployment.Plan {
        Deployment.Plan(log.prover(seconds: 0.05), log.prover(seconds: 0.05))
    }

    private func expectRightReceipt(_ deployment: Deployment, _ job: String) throws {
        let result = try #require(try deployment.result(job, within: 60)), expected = try ExpectedRun(elf)
        #expect(result.status == .done, "\(result.reason ?? "")")
        let run = try StandIn.run(try #require(try deployment.receipt(result)))
        #expect(run.journal == expected.journal && run.cycles == expected.cycles && run.exit == expected.exit)
        #expect(run.imageID.hex == expected.imageID)
        #expect(try deployment.results(of: job).count == 1)
        let tasks = try deployment.settlements(of: job).map(\.task)
        #expect(Set(tasks).count == tasks.count && tasks.count == result.segments, "each is settled once")
    }

    /// Broker and services stop from one instant to the next, and go on from the file.
    @Test func everythingDies() throws {
        let seed = UInt64.random(in: 0..<1 << 32)
        print("everything dies: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let directory = try TemporaryDirectory(), log = ProofLog()
        let deployment = try Deployment(plan(log), path: directory.path("broker.sqlite"))
        defer { deployment.close() }
        try deployment.submit("job", elf)
        var settled: [(claims: Set<[UInt8]>, proofs: Int)] = []
        for _ in 0..<4 {
            let before = settled.last?.claims.count ?? 0
            #expect(try eventually { try deployment.settlements(of: "job").count > before })
            Thread.sleep(forTimeInterval: Double.random(in: 0...0.2, using: &random))
            try deployment.crash { settled.append((try deployment.settledClaims(), log.count)) }
        }
        print("  settled at each crash: \(settled.map(\.claims.count))")
        try expectRightReceipt(deployment, "job")
        for (claims, proofs) in settled {
            #expect(claims.isDisjoint(with: log.claims(from: proofs)), "what was settled is proved again")
        }
    }

    /// What SIGTERM does to each, in turn: nothing is lost, and nothing is done twice.
    @Test func servicesEndAndStartAgain() throws {
        let log = ProofLog()
        let deployment = try Deployment(plan(log))
        defer { deployment.close() }
        try deployment.submit("job", elf)
        #expect(try eventually { try !deployment.settlements(of: "job").isEmpty })
        for name in deployment.services {
            deployment.end([name])
            Thread.sleep(forTimeInterval: 0.05)
            deployment.start()
        }
        try expectRightReceipt(deployment, "job")
        #expect(log.count == 60, "nothing is proved twice: \(log.count)")
    }
}
