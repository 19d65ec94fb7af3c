import Execution
import Foundation
import Machine

/// What `sheaf execute` says of a run. Scripts rely on the names of the JSON.
struct ExecutionReport: Encodable {
    struct SegmentLine: Encodable {
        var index: UInt32
        var limitLog2: Int
        var cycles: UInt32
        /// Length of its encoding, and of that as a zstd frame.
        var bytes: Int
        var compressedBytes: Int
        var touchedPages: Int
        var dirtyPages: Int
        var predictedBits: Int
        /// Size class of its proof: the stack has at most 2^this entries of 64 bits.
        var stackLog2: Int
    }

    struct Ending: Encodable {
        /// `halted` or `faulted`.
        var kind: String
        var code: UInt32
        /// Of a fault, its place.
        var reason: String?
    }

    var imageID: String
    var limitLog2: Int
    var cycles: UInt64 = 0
    var predictedBits = 0
    var segments: [SegmentLine] = []
    /// Executed instructions by the table that proves them.
    var instructions: [String: Int] = [:]
    var journal = ""
    var exit = Ending(kind: "running", code: 0)
    var seconds = 0.0
    var instructionsPerSecond = 0.0
    /// Most memory that the process ever had resident.
    var peakBytes = 0
    /// What the witness is made of, if that was asked for.
    var cost: CostReport?
    private var witness = WitnessCost()

    init(imageID: String, limitLog: Int) {
        self.imageID = imageID
        limitLog2 = limitLog
    }

    mutating func add(_ step: Segmenter.Step, bytes: [UInt8], seconds: Double) {
        let forecast = step.forecast
        segments.append(
            SegmentLine(
                index: step.segment.index, limitLog2: step.segment.limitLog, cycles: step.segment.cycles,
                bytes: bytes.count, compressedBytes: Zstandard.compressedSize(of: bytes) ?? bytes.count,
                touchedPages: forecast.touchedPages, dirtyPages: forecast.dirtyPages, predictedBits: forecast.bits,
                stackLog2: forecast.stackLog))
        witness.add(forecast)
        cycles += UInt64(step.segment.cycles)
        predictedBits += forecast.bits
        self.seconds += seconds
        for table in TableKind.allCases where table.isCycle && forecast[table] > 0 {
            instructions["\(table)", default: 0] += forecast[table]
        }
    }

    mutating func finish(_ segmenter: Segmenter, withCost: Bool) {
        let digits = Array("0123456789abcdef")
        journal = String(segmenter.journal.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
        let kind = segmenter.exit.status == 1 ? "halted" : "faulted"
        exit = Ending(kind: kind, code: segmenter.exit.code, reason: segmenter.fault?.description)
        instructionsPerSecond = seconds > 0 ? Double(cycles) / seconds : 0
        peakBytes = PeakMemory.bytes
        if withCost { cost = CostReport(witness, cycles: cycles) }
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    private enum CodingKeys: String, CodingKey {
        case imageID = "imageId"
        case limitLog2, cycles, predictedBits, segments, instructions, journal, exit, seconds, instructionsPerSecond
        case peakBytes, cost
    }

    private var shortJournal: String {
        let shown = 128
        if journal.isEmpty { return "empty" }
        return journal.count <= shown ? journal : "\(journal.prefix(shown))… (\(journal.count / 2) bytes)"
    }

    /// For people: the outcome, then the first segments.
    var text: String {
        let shown = 24
        var lines = [
            "image      \(imageID)",
            "exit       \(exit.kind) with code \(exit.code)" + (exit.reason.map { ": " + $0 } ?? ""),
            "journal    \(shortJournal)", "cycles     \(cycles)",
            String(format: "speed      %.1f million instructions a second", instructionsPerSecond / 1e6),
            "witness    \(predictedBits) bits foreseen", "memory     \(peakBytes) bytes at most", "",
            "segment     cycles  fill  class  pages  dirty        bits     bytes  compressed",
        ]
        for segment in segments.prefix(shown) {
            let fill = 100 * Double(segment.cycles) / Double(UInt64(1) << UInt64(segment.limitLog2))
            lines.append(
                String(
                    format: "%7d %10d %4.0f%%  2^%-3d %6d %6d %11d %9d %11d", segment.index, segment.cycles, fill,
                    segment.stackLog2, segment.touchedPages, segment.dirtyPages, segment.predictedBits, segment.bytes,
                    segment.compressedBytes))
        }
        if segments.count > shown { lines.append("and \(segments.count - shown) more: --json has them all") }
        lines += ["", "instructions by table"]
        for (table, count) in instructions.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            lines.append(String(format: "%12d  ", count) + table)
        }
        if let cost { lines += ["", cost.text] }
        return lines.joined(separator: "\n")
    }
}

/// The process's memory, as the system counts it.
enum PeakMemory {
    /// Greatest resident size so far; 0 where the system does not say.
    static var bytes: Int {
        var usage = rusage()
        #if os(Linux)
            guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
            return usage.ru_maxrss * 1024
        #else
            guard getrusage(RUSAGE_SELF, &usage) == 0 else { return 0 }
            return usage.ru_maxrss
        #endif
    }
}
