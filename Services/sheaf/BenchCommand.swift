import BinaryFields
import Execution
import Foundation
import Machine
import ProverService
import ServiceKit

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures what this machine can do.",
        subcommands: [BenchSegmentsCommand.self])
}

struct BenchSegmentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segments",
        abstract: "Proves a segment of each size: memory, time, receipt.",
        discussion: """
            The first segment of a run, at limits of 2^13 cycles and up, as far as the memory that is free allows. Each is \
            proved by a process of its own (`sheaf prove-segment`), whose greatest resident size is the memory shown: trace, \
            proof and all. Without --program, a built-in walk over 1 MiB of words runs. The variable SHEAF_ISA chooses a \
            lower instruction set.
            """)

    @Option(help: "A program to run in place of the built-in one: a static RV32IM ELF file.") var program: String?

    @Option(help: "The file that the program reads as its input.") var input: String?

    @Option(help: "The least limit: 2^13 to 2^24 cycles.") var from = CycleLimit(log: 13)

    @Option(help: "The greatest limit.") var to = CycleLimit(log: 24)

    @Option(help: "Threads that prove; all cores by default.") var threads: Int?

    @Flag(help: "Prints one JSON object.") var json = false

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads \(threads): expected at least 1") }
        if from.log > to.log { throw ValidationError("--from 2^\(from.log) is above --to 2^\(to.log)") }
        if input != nil && program == nil { throw ValidationError("--input is for the program that --program names") }
    }

    func run() throws {
        let image = try program.map { try Program(elf: Files.read($0)) } ?? BenchProgram.program
        let stream = try input.map { InputStream(bytes: try Files.read($0)) } ?? .empty
        let threads = threads ?? Threads.count
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("sheaf-bench-\(ProcessInfo.processInfo.processIdentifier)", isDirectory: true)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }

        if !json { print(SegmentBenchmark.heading(program: program, threads: threads)) }
        var rows: [SegmentBenchmark.Row] = [], stopped: String?
        for log in from.log...to.log {
            guard let step = try Segmenter(program: image, input: stream, limitLog: log).next() else { break }
            // Memory grows with the stack; what the row before took says by how much.
            let needed =
                rows.last.map { $0.peakBytes << max(0, step.forecast.stackLog - $0.stackLog) }
                ?? SegmentProver.memory(ofClass: step.forecast.stackLog)
            if let free = FreeMemory.bytes, needed > free / 10 * 9 {
                stopped = "2^\(log) would take about \(needed >> 20) MiB, \(free >> 20) MiB are free"
                break
            }
            let row = try SegmentBenchmark.measure(
                step.segment, limitLog: log, pages: step.segment.pages.count, threads: threads, in: directory)
            rows.append(row)
            if !json { print(row.text) }
            if step.segment.exit != .running {
                stopped = "the program ended after \(step.segment.cycles) cycles"
                break
            }
        }
        report(rows, stopped: stopped, threads: threads)
    }

    private func report(_ rows: [SegmentBenchmark.Row], stopped: String?, threads: Int) {
        if json {
            var object: [String: Any] = [
                "machine": SegmentBenchmark.machine, "isa": "\(InstructionSet.current)", "threads": threads,
                "program": program ?? "built-in", "segments": rows.map(\.json),
                "published": SegmentBenchmark.published.map {
                    ["system": $0.system, "limit_log2": $0.limitLog, "peak_bytes": $0.gigabytes * 1_000_000_000]
                },
            ]
            if let stopped { object["stopped"] = stopped }
            printJSON(object)
        } else {
            if let stopped { print("\(stopped): no further") }
            for row in SegmentBenchmark.published {
                print("\(row.system), as published: \(row.gigabytes) GB for 2^\(row.limitLog) cycles")
            }
        }
    }
}
