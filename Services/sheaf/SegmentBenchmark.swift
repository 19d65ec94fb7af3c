import BinaryFields
import Foundation
import Machine
import ServiceKit

/// One segment proved in a process of its own, so that its memory is nobody else's.
enum SegmentBenchmark {
    struct Row {
        let limitLog: Int
        let cycles: Int
        let pages: Int
        let stackLog: Int
        let peakBytes: Int
        let receiptBytes: Int
        /// Of the proof with its trace, and of the receipt's verification.
        let seconds: Double
        let verifySeconds: Double

        var json: [String: Any] {
            [
                "limit_log2": limitLog, "cycles": cycles, "touched_pages": pages, "stack_log2": stackLog,
                "peak_bytes": peakBytes, "seconds": seconds, "cycles_per_second": Double(cycles) / seconds,
                "receipt_bytes": receiptBytes, "verify_seconds": verifySeconds,
            ]
        }

        var text: String {
            String(
                format: "2^%-4d %9d %6d  2^%-3d %9.1f %9.3f %10.0f %9.1f %9.1f", limitLog, cycles, pages, stackLog,
                Double(peakBytes) / 1e6, seconds, Double(cycles) / seconds, Double(receiptBytes) / 1e3,
                1e3 * verifySeconds)
        }
    }

    /// What others say of the memory of one segment: RISC Zero's own table of its prover.
    static let published: [(system: String, limitLog: Int, gigabytes: Int)] = [
        ("RISC Zero 1.0.1", 19, 4), ("RISC Zero 1.0.1", 24, 128),
    ]

    static func heading(program: String?, threads: Int) -> String {
        """
        \(machine), \(InstructionSet.current), \(threads) threads; \(program ?? "built-in program")
        limit     cycles  pages  class   peak MB   seconds   cycles/s receipt kB verify ms
        """
    }

    /// The processor's name for itself.
    static var machine: String {
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
        return name.map { String($0.drop { $0 == " " }) } ?? "unknown processor"
    }

    /// Proves the segment by `sheaf prove-segment`, which verifies the receipt as well.
    static func measure(
        _ segment: Segment, limitLog: Int, pages: Int, threads: Int, in directory: URL
    ) throws -> Row {
        let file = directory.appendingPathComponent("\(limitLog).segment")
        let receipt = directory.appendingPathComponent("\(limitLog).receipt")
        try Data(segment.encoded()).write(to: file)
        defer { for url in [file, receipt] { try? FileManager.default.removeItem(at: url) } }
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [
            "prove-segment", file.path, "--output", receipt.path, "--threads", "\(threads)", "--json",
        ]
        process.standardOutput = output
        try process.run()
        // Should memory run out after all, let it be this process that ends.
        try? Data("1000".utf8).write(to: URL(fileURLWithPath: "/proc/\(process.processIdentifier)/oom_score_adj"))
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0,
            let object = try? JSONSerialization.jsonObject(with: said) as? [String: Any],
            let stackLog = object["stack_log2"] as? Int, let peak = object["peak_bytes"] as? Int,
            let bytes = object["receipt_bytes"] as? Int, let seconds = object["seconds"] as? Double,
            let verifySeconds = object["verify_seconds"] as? Double
        else { throw SegmentBenchmarkError(limitLog: limitLog, status: process.terminationStatus) }
        return Row(
            limitLog: limitLog, cycles: Int(segment.cycles), pages: pages, stackLog: stackLog, peakBytes: peak,
            receiptBytes: bytes, seconds: seconds, verifySeconds: verifySeconds)
    }
}

struct SegmentBenchmarkError: Error, CustomStringConvertible {
    let limitLog: Int
    let status: Int32

    var description: String { "the process that proves 2^\(limitLog) cycles ended with \(status)" }
}

/// What the system could still give to a process.
enum FreeMemory {
    /// Nil where the system does not say.
    static var bytes: Int? {
        let lines = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let line = lines.first { $0.hasPrefix("MemAvailable:") }
        return line?.split(separator: " ").compactMap { Int($0) }.first.map { $0 << 10 }
    }
}
