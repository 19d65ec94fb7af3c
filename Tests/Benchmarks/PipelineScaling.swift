import BinaryFields
import ClusterKit
import Execution
import Foundation
import Machine
import Pipeline
import ProverService
import Receipts
import ServiceCommon

/// Many provers on one machine: stand-ins that wait for the time of a proof and hand in one that was made beforehand, so
/// that what is measured is the pipeline, with its real verifier and its real messages.
enum PipelineScaling {
    private static let directory = ".build/bench-receipts"
    private static let segments = 1000

    /// One process against 64 of the same speed.
    static func scale(_ server: KafkaServer) throws {
        let proof = 2.0
        let elf = try prepared(segments: segments)
        let single = try run(server, elf: try prepared(segments: 12), times: [proof]) / 12
        let equal = try run(server, elf: elf, times: Array(repeating: proof, count: 64))
        print("\nStand-in provers, a process each, a proof of \(proof) s, \(segments) segments")
        print(PipelineBenchmark.format("   1 process             %8.2f s a segment", single))
        print(
            PipelineBenchmark.format(
                "  64 of one speed        %8.2f s, %.1f times one", equal, single * Double(segments) / equal))
    }

    /// 64 of speeds from 1 to 2. With proofs of 4 to 2 seconds they hand in 24 receipts a second, of which the processes of
    /// all of them, on one machine, leave its cores some rest.
    static func speeds(_ server: KafkaServer) throws {
        let proof = 4.0
        let elf = try prepared(segments: segments)
        let spread = (0..<64).map { proof / (1 + Double($0) / 63) }
        let mixed = try run(server, elf: elf, times: spread)
        let ideal = Double(segments) / spread.reduce(0) { $0 + 1 / $1 }
        print("\nStand-in provers, a process each, a proof of \(proof) to \(proof / 2) s, \(segments) segments")
        print(
            PipelineBenchmark.format(
                "  64 of speeds 1 to 2    %8.2f s, %.2f of the ideal %.2f s", mixed, ideal / mixed, ideal))
    }

    /// Five honest lanes with work waiting: what redundancy 5 proves beyond redundancy 1.
    static func redundancy(_ server: KafkaServer) throws {
        let elf = try prepared(segments: 40)
        print("\nFive honest lanes, five jobs of 40 segments at once")
        for redundancy in [1, 5] {
            let lanes = (0..<5).map { "lane\($0)" }
            let cluster = try Cluster(server, lanes: lanes)
            defer { cluster.close() }
            try cluster.startServices()
            for lane in lanes { try standIn(cluster, "n", lane: lane, seconds: 0.5) }
            for job in 0..<5 { try cluster.submit("job\(job)", elf, redundancy: redundancy) }
            for job in 0..<5 { _ = cluster.result("job\(job)", within: 300) }
            let proofs = try lanes.compactMap { LaneName($0) }.reduce(0) { sum, lane in
                try sum
                    + cluster.records(cluster.topics.receipts(lane)).count {
                        $0.headerText(RoutingHeader.kind) == "receipt"
                    }
            }
            let settled = try (0..<5).reduce(0) { try $0 + cluster.evidence(of: "job\($1)").settlements.count }
            print("  redundancy \(redundancy): \(proofs) proofs for \(settled) segments")
        }
    }

    // MARK: -

    /// A program of so many segments of 2^13 cycles whose receipts stand in the directory.
    private static func prepared(segments: Int) throws -> [UInt8] {
        let elf = JobGuests.sum(segments: segments)
        let store = ReceiptStore(directory: directory)
        let segmenter = try Segmenter(program: try Program(elf: elf), input: .empty, limitLog: 13)
        var made = 0
        while let step = segmenter.next() {
            let claim = SegmentClaim(step.segment).encoded()
            guard !store.has(claim: claim) else { continue }
            try store.write(try SegmentProver().prove(step.segment).encoded(), claim: claim)
            made += 1
        }
        if made > 0 { print("made \(made) receipts beforehand") }
        return elf
    }

    private static func standIn(_ cluster: Cluster, _ node: String, lane: String = "home", seconds: Double) throws {
        try cluster.startSaboteur(node, lane: lane, "standin", ["--seconds", "\(seconds)", "--receipts", directory])
    }

    /// Seconds from the first task given out to the last settled, with a stand-in for each time.
    private static func run(_ server: KafkaServer, elf: [UInt8], times: [Double]) throws -> Double {
        let cluster = try Cluster(server)
        defer { cluster.close() }
        try cluster.startServices()
        for (number, seconds) in times.enumerated() { try standIn(cluster, "n\(number)", seconds: seconds) }
        Thread.sleep(forTimeInterval: Double(times.count) / 8 + 4)  // all have said that they are there
        try PipelineBenchmark.finish(cluster, "job", elf, limitLog2: 13)
        let events = try cluster.evidence(of: "job").events
        guard let first = events.first(where: { $0.what == .proving })?.time,
            let last = events.last(where: { $0.what == .settled })?.time
        else { throw PipelineBenchmarkError(description: "nothing was proved") }
        return last - first
    }
}
