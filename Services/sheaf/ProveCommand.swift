import BinaryFields
import Execution
import Foundation
import Hashing
import Machine
import Pipeline
import ProverService
import Receipts
import ServiceCommon
import ServiceKit

struct ProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Runs a program and proves the run, on this machine.",
        discussion: """
            The five services run in this process over an embedded broker. With --state, a run that was ended goes on where \
            it stopped. The receipt is verified before it is written; `sheaf verify` says again what it proves.
            """)

    @Argument(help: "The program: a static RV32IM ELF file.") var program: String

    @Option(help: "The file that the program reads as its input.") var input: String?

    @Option(name: .shortAndLong, help: "Where the receipt goes; by default PROGRAM.receipt.") var output: String?

    @Option(
        help:
            "Segments end after so many cycles: 2^13 to 2^24, as 2^19 or 524288; by default what memory holds, up to 2^21."
    )
    var limit: CycleLimit?

    @Option(help: "The directory that keeps the run's state, so that it can go on after an end.") var state: String?

    @Option(help: "Threads that prove; all cores by default.") var threads: Int?

    @Flag(help: "Prints one JSON object in the end.") var json = false

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads \(threads): expected at least 1") }
    }

    func run() throws {
        if let threads { Threads.count = threads }
        let elf = try Files.read(program), inputBytes = try input.map(Files.read) ?? []
        let image = try Program(elf: elf).imageID
        let memory = MachineMemory.bytes / 4 * 3
        let limitLog = limit?.log ?? SegmentProver.largestLimit(memory: memory)
        let started = ContinuousClock.now
        let line = ProgressLine()
        let pipeline = try LocalPipeline(state: state, memory: memory)
        let (result, receipt) = try pipeline.run { client, shutdown in
            let job = try submit(client, elf: elf, input: inputBytes, limitLog: limitLog)
            var view = JobView()
            let result = try client.follow(job) { event in
                if let event { view.take(event) }
                line.show(view.line(now: ServiceContext.now))
                return !shutdown.isRequested
            }
            line.finish()
            guard let result else { throw ProveError.ended(shutdown.reason ?? "the services ended") }
            return (result, try result.receipt.map(client.fetch))
        }
        guard result.status == .done, let receipt else {
            throw ProveError.ended(result.reason ?? result.status.rawValue)
        }
        let proved = try verify(receipt: receipt[...], imageID: image)
        let path = output ?? program + ".receipt"
        try Data(receipt).write(to: URL(fileURLWithPath: path))
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        report(proved, receipt: receipt.count, path: path, seconds: seconds)
    }

    /// The same program, input and limit are the same job: with --state it is found again.
    private func submit(_ client: JobClient, elf: [UInt8], input: [UInt8], limitLog: Int) throws -> String {
        let id =
            "prove-" + Blake3.hash(Blake3.hash(elf).bytes + Blake3.hash(input).bytes + [UInt8(limitLog)]).hex.prefix(32)
        if try client.result(of: id) != nil { return id }
        let job = Job(
            id: id, program: try client.upload(elf), input: try client.upload(input), limitLog2: limitLog)
        try client.submit(job)
        return id
    }

    private func report(_ proved: VerifiedRun, receipt bytes: Int, path: String, seconds: Double) {
        let rate = Double(proved.cycles) / seconds
        if json {
            printJSON([
                "cycles": proved.cycles, "segments": proved.segments, "seconds": seconds, "cycles_per_second": rate,
                "threads": Threads.count, "isa": "\(InstructionSet.current)", "peak_bytes": PeakMemory.bytes,
                "receipt_bytes": bytes, "image_id": proved.imageID.hex, "journal": hex(proved.journal),
                "exit": proved.exit.json,
            ])
        } else {
            print("\(path): \(bytes) bytes")
            print(describe(proved))
            print(
                String(
                    format: "%.1f s, %.0f cycles/s on %d threads (%@)", seconds, rate, Threads.count,
                    "\(InstructionSet.current)"))
        }
    }
}

enum ProveError: Error, CustomStringConvertible {
    case ended(String)

    var description: String {
        switch self {
        case .ended(let reason): "not proved: \(reason)"
        }
    }
}
