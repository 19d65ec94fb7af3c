import BinaryFields
import Foundation
import Pipeline
import ProverService
import ServiceCommon
import ServiceKit

@main
struct Prover: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sheaf-prover", abstract: "Proves segments for a lane.",
        discussion:
            "It needs to be trusted by nobody: it reads its lane's work and segments, and writes its lane's receipts.",
        version: "sheaf-prover \(SheafVersion.current)")

    @OptionGroup var options: ServiceOptions

    @Option(help: "The lane that it works for: one owner, one pair of topics (sheaf lanes add NAME).") var lane =
        "default"

    @Option(help: "Its name, unique within the lane; by default the host's and the process's.") var node: String?

    @Option(help: "Threads that prove; all cores by default.") var threads: Int?

    @Option(help: "Memory that it may use, in MiB; by default three quarters of what there is.") var memory: Int?

    func validate() throws {
        guard LaneName(lane) != nil else {
            throw ValidationError("--lane \(lane): expected 1 to 64 of a-z A-Z 0-9 . _ -")
        }
        if let node, !Identifier.isValid(node) {
            throw ValidationError("--node \(node): expected 1 to 64 of a-z A-Z 0-9 . _ -")
        }
        if let threads, threads < 1 { throw ValidationError("--threads \(threads): expected at least 1") }
        if let memory, memory < 64 { throw ValidationError("--memory \(memory): expected at least 64 MiB") }
    }

    func run() throws {
        if let threads { Threads.count = threads }
        let bytes = memory.map { $0 << 20 } ?? MachineMemory.bytes / 4 * 3
        let host = ProcessInfo.processInfo.hostName.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        let name = node ?? "\(host.prefix(48))-\(ProcessInfo.processInfo.processIdentifier)"
        guard let lane = LaneName(lane) else { return }
        let configuration = ProverService.Configuration(
            lane: lane, node: name, maximumStackLog2: SegmentProver.largestClass(memory: bytes))
        try options.run("sheaf-prover") { context in
            [ProverService(context, configuration, prove: SegmentProver().prove)]
        }
    }
}
