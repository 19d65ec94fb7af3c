import ClusterKit
import Foundation
import Machine
import Messaging
import Pipeline
import ProverService
import Receipts
import Testing
import VerifierService

/// What a user sees of a job, through all five services over the embedded broker.
@Suite(.serialized, .timeLimit(.minutes(10))) struct JobTests {
    /// With the real prover, verifier and aggregator.
    @Test func aJobIsProved() throws {
        var plan = Deployment.Plan(SegmentProver().prove)
        plan.verify = verifySegmentReceipt
        plan.add = { try $0.add($1) }
        let deployment = try Deployment(plan)
        defer { deployment.close() }
        let elf = JobGuests.sum(segments: 2), input: [UInt8] = [1, 0, 0, 0, 2, 0, 0, 0]
        try deployment.submit("real", elf, input: input)
        let result = try #require(try deployment.result("real", within: 60)),
            expected = try ExpectedRun(elf, input: input)
        #expect(result.status == .done && result.reason == nil && result.segments == 2)
        #expect(result.imageID == expected.imageID && result.journal == hexadecimal(expected.journal))
        #expect(result.cycles == expected.cycles && result.exit == ExitMessage(kind: .halted, code: 0))
        let receipt = try #require(try deployment.receipt(result))
        let proved = try verify(receipt: receipt[...])
        #expect(proved.imageID.hex == expected.imageID && proved.journal == expected.journal)
        #expect(proved.journal == [11, 0, 0, 0], "the length 8, then 1 and 2")
        #expect(proved.exit == expected.exit && proved.cycles == expected.cycles)
        #expect(try deployment.results(of: "real").count == 1)
    }

    @Test func endingsOfEveryKind() throws {
        let log = ProofLog()
        let deployment = try Deployment(Deployment.Plan(log.prover()))
        defer { deployment.close() }
        let client = try deployment.client()
        defer { client.close() }
        let missing = BodyReference(
            topic: deployment.topics.uploads, partition: 2, offsets: [7], length: 3,
            digest: String(repeating: "0", count: 64))
        let lost = BodyReference(topic: "nowhere", partition: 0, offsets: [0], length: 3, digest: missing.digest)
        let there = try client.upload([1, 2, 3])
        let otherDigest = BodyReference(
            topic: there.topic, partition: there.partition, offsets: there.offsets, length: 3, digest: missing.digest)
        let halting = Data(JobGuests.halts(3)).base64EncodedString()

        try deployment.submit("bad-elf", [1, 2, 3])
        try client.submit(Job(id: "no-base64", programBase64: "***"))
        try client.submit(Job(id: "no-program", program: missing))
        try client.submit(Job(id: "no-input", programBase64: halting, input: missing))
        try client.submit(Job(id: "no-topic", programBase64: halting, input: lost))
        try client.submit(Job(id: "other-input", programBase64: halting, input: otherDigest))
        try deployment.submit("faults", JobGuests.faults)
        try deployment.submit("halts", JobGuests.halts(77))
        try deployment.submit("never-halts", JobGuests.neverHalts, cycleLimit: 50_000)

        func ends(_ job: String, _ status: JobResult.Status, because reason: String?) throws -> JobResult {
            let result = try #require(try deployment.result(job), "\(job)")
            #expect(result.status == status, "\(job): \(result.reason ?? "")")
            if let reason { #expect(result.reason?.contains(reason) == true, "\(job): \(result.reason ?? "")") }
            #expect((result.receipt != nil) == (status == .done), "\(job)")
            return result
        }
        _ = try ends("bad-elf", .refused, because: "its program cannot be run")
        _ = try ends("no-base64", .refused, because: "not base64")
        _ = try ends("no-program", .refused, because: "not there")
        _ = try ends("no-input", .failed, because: "not there")
        _ = try ends("no-topic", .failed, because: "not there")
        _ = try ends("other-input", .failed, because: "digest")
        let faulted = try ends("faults", .done, because: nil)
        #expect(faulted.exit == ExitMessage(kind: .faulted, code: FaultCode.breakpoint.rawValue))
        #expect(try StandIn.run(try #require(try deployment.receipt(faulted))).exit == .faulted(.breakpoint))
        let halted = try ends("halts", .done, because: nil)
        #expect(halted.exit == ExitMessage(kind: .halted, code: 77) && halted.cycles == 4)
        _ = try ends("never-halts", .failed, because: "within 50000 cycles")
        // Whatever came to pass, each job has one result, and the last word of its events says the same.
        for job in ["bad-elf", "no-base64", "no-program", "no-input", "faults", "halts", "never-halts"] {
            #expect(try deployment.results(of: job).count == 1, "\(job)")
        }
    }

    @Test func namesAreTakenOnce() throws {
        let deployment = try Deployment(Deployment.Plan(ProofLog().prover()))
        defer { deployment.close() }
        for _ in 0..<3 { try deployment.submit("twice", JobGuests.halts(1)) }
        try deployment.submit("twice", JobGuests.halts(2))
        let first = try #require(try deployment.result("twice"))
        #expect(first.exit == ExitMessage(kind: .halted, code: 1))
        // The same after its end; then another job, so that all before it has been looked at.
        try deployment.submit("twice", JobGuests.halts(1))
        try deployment.submit("twice", JobGuests.halts(2))
        try deployment.submit("after", JobGuests.halts(0))
        _ = try #require(try deployment.result("after"))
        #expect(try deployment.results(of: "twice") == [first])
        #expect(try deployment.events(of: "twice").filter { $0.what == .accepted }.count == 1)
        let letters = try deployment.deadLetters()
        #expect(letters.count == 2 && letters.allSatisfy { $0.reason.contains("other content") })
    }

    @Test func aCancelledJobEnds() throws {
        let log = ProofLog()
        let deployment = try Deployment(Deployment.Plan(log.prover(seconds: 0.05)))
        defer { deployment.close() }
        let client = try deployment.client()
        defer { client.close() }
        try deployment.submit("long", JobGuests.sum(segments: 200))
        #expect(try eventually { try deployment.settlements(of: "long").count >= 3 })
        try client.submit(Job(id: "long", action: .cancel))
        let result = try #require(try deployment.result("long"))
        #expect(result.status == .cancelled && result.receipt == nil)
        // It frees what it held: the prover stops, and is there for the next.
        Thread.sleep(forTimeInterval: 0.5)
        let proved = log.count
        #expect(proved < 150)
        try deployment.submit("next", JobGuests.halts(0))
        #expect(try deployment.result("next")?.status == .done)
        #expect(log.count == proved + 1)
        // To cancel what is over, or never was, changes nothing.
        try client.submit(Job(id: "next", action: .cancel))
        try client.submit(Job(id: "never", action: .cancel))
        try deployment.submit("last", JobGuests.halts(0))
        #expect(try deployment.result("last")?.status == .done)
        #expect(try deployment.results(of: "long").count == 1 && deployment.results(of: "next").count == 1)
        #expect(try deployment.results(of: "never").isEmpty)
    }

    /// A hundred small jobs beside one of 300 segments: all go on side by side.
    @Test func noJobStarves() throws {
        let log = ProofLog()
        let provers = (0..<4).map { _ in log.prover(seconds: 0.02) }
        let deployment = try Deployment(Deployment.Plan(lanes: [.init(name: "home", provers: provers)]))
        defer { deployment.close() }
        let large = JobGuests.sum(segments: 300)
        try deployment.submit("large", large)
        #expect(try eventually { try deployment.settlements(of: "large").count >= 1 })
        for number in 0..<100 { try deployment.submit("small-\(number)", JobGuests.halts(UInt32(number))) }
        for number in 0..<100 {
            let result = try #require(try deployment.result("small-\(number)"), "small-\(number)")
            #expect(result.status == .done && result.exit?.code == UInt32(number))
        }
        let settled = try deployment.settlements(of: "large").count
        let result = try #require(try deployment.result("large", within: 60))
        #expect(result.status == .done && result.segments == 300)
        #expect(settled < 300, "the small ones are done first")
        #expect(
            try StandIn.run(try #require(try deployment.receipt(result))).journal
                == ExpectedRun(large, input: []).journal)
        #expect(log.count == 400, "nothing is proved twice")
    }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
}
