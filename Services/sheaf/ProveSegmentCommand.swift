import BinaryFields
import Foundation
import Machine
import ProverService
import Receipts
import ServiceKit

struct ProveSegmentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove-segment",
        abstract: "Proves one segment, as `sheaf execute --segments-dir` writes it.",
        discussion:
            "Its receipt says what these cycles did; a run is proved by the receipts of all its segments (`sheaf prove`)."
    )

    @Argument(help: "The segment.") var segment: String

    @Option(name: .shortAndLong, help: "Where the receipt goes; by default SEGMENT.receipt.") var output: String?

    @Option(help: "Threads that prove; all cores by default.") var threads: Int?

    @Flag(help: "Prints one JSON object in the end.") var json = false

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads \(threads): expected at least 1") }
    }

    func run() throws {
        if let threads { Threads.count = threads }
        let segment = try Segment(decoding: try Files.read(segment))
        let started = ContinuousClock.now
        let receipt = try SegmentProver().prove(segment)
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        let peak = PeakMemory.bytes
        let verifier = SegmentVerifier.standard
        let proved = ContinuousClock.now
        try verifier.verify(receipt)
        let verifySeconds = (ContinuousClock.now - proved) / .seconds(1)
        let bytes = receipt.encoded(), path = output ?? self.segment + ".receipt"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let rate = Double(segment.cycles) / seconds
        if json {
            printJSON([
                "cycles": Int(segment.cycles), "seconds": seconds, "cycles_per_second": rate, "threads": Threads.count,
                "isa": "\(InstructionSet.current)", "peak_bytes": peak, "receipt_bytes": bytes.count,
                "stack_log2": receipt.stackLog, "verify_seconds": verifySeconds,
            ])
        } else {
            print("\(path): \(bytes.count) bytes")
            print(
                String(
                    format: "%d cycles in %.2f s, %.0f cycles/s on %d threads", segment.cycles, seconds, rate,
                    Threads.count))
        }
    }
}
