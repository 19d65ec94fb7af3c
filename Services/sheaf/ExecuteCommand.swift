import Execution
import Foundation
import Machine
import ServiceKit

struct ExecuteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "execute",
        abstract: "Runs a program and cuts the run into segments.",
        discussion: """
            The program is a static RV32IM ELF; its private input is a file. What it prints goes to standard error, the \
            report to standard output. Exit codes: 0 the program halted with code 0, 1 it ended otherwise or could not be \
            run, 2 wrong command line.
            """)

    @Argument(help: "The program: a static RV32IM ELF.") var program: String

    @Option(help: "The file that is the program's private input; without one it reads no bytes.") var input: String?

    @Option(help: "Cycles of a segment at most: 2^13 to 2^24.") var limit = CycleLimit(log: 19)

    @Option(help: "A directory that takes the segments, as NUMBER.segment.") var segmentsDir: String?

    @Flag(help: "Say what proving will cost: rows, bits, ANDs and messages of each table.") var cost = false

    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let program = try Program(elf: Files.read(self.program))
        let stream = try input.map { InputStream(bytes: try Files.read($0)) } ?? .empty
        let segmenter = try Segmenter(program: program, input: stream, limitLog: limit.log)
        var report = ExecutionReport(imageID: program.imageID.hex, limitLog: limit.log)
        let progress = ProgressLine(), clock = ContinuousClock()
        var directory: URL?
        if let segmentsDir {
            let url = URL(fileURLWithPath: segmentsDir, isDirectory: true)
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            directory = url
        }
        while true {
            var step: Segmenter.Step?
            let time = clock.measure { step = segmenter.next() }
            guard let step else { break }
            if !step.printed.isEmpty {
                progress.finish()
                FileHandle.standardError.write(Data(step.printed))
            }
            let bytes = step.segment.encoded()
            if let directory {
                let name =
                    String(repeating: "0", count: max(0, 6 - "\(step.segment.index)".count)) + "\(step.segment.index)"
                try Data(bytes).write(to: directory.appendingPathComponent(name + ".segment"))
            }
            report.add(step, bytes: bytes, seconds: time / .seconds(1))
            progress.show("\(report.cycles) cycles in \(report.segments.count) segments")
        }
        progress.finish()
        report.finish(segmenter, withCost: cost)
        print(json ? try report.json() : report.text)
        if segmenter.exit != .halted(code: 0) { throw ExitCode.failure }
    }
}

/// A number of cycles that is a power of two, written 2^19, 524288 or, as messages have it, 19.
struct CycleLimit: ExpressibleByArgument {
    let log: Int

    init(log: Int) { self.log = log }

    init?(argument: String) {
        let log: Int
        if argument.hasPrefix("2^"), let exponent = Int(argument.dropFirst(2)) {
            log = exponent
        } else if let exponent = Int(argument), Segment.limits.contains(exponent) {
            log = exponent
        } else if let cycles = UInt64(argument), cycles.nonzeroBitCount == 1 {
            log = cycles.trailingZeroBitCount
        } else {
            return nil
        }
        guard Segment.limits.contains(log) else { return nil }
        self.log = log
    }

    var defaultValueDescription: String { "2^\(log)" }
}
