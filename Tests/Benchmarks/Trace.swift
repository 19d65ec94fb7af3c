import BinaryFields
import Execution
import Foundation
import Machine
import Tables

/// Trace filling of each guest's first segment: processor and wall time a cycle of both passes, and what a cycle costs.
///
///     sheaf-bench trace [LIMIT as a power of two, 19 by default] [DIRECTORY of NAME.elf and NAME.input]
enum TraceBenchmark {
    static func run(_ arguments: [String]) throws {
        let limit = arguments.first.flatMap { Int($0) } ?? 19
        let directory = URL(fileURLWithPath: arguments.dropFirst().first ?? ".build/guests")
        print(Measurement.machine)
        print(
            Measurement.heading("ns a cycle", ["cycles", "replay", "fill", "fill, all", "bits", "pages", "paging %"]))
        for name in ExecutionBenchmark.names {
            guard let bytes = try? Data(contentsOf: directory.appendingPathComponent(name + ".elf")) else { continue }
            let input = (try? Data(contentsOf: directory.appendingPathComponent(name + ".input"))).map {
                InputStream(bytes: [UInt8]($0))
            }
            let segmenter = try Segmenter(
                program: Program(elf: [UInt8](bytes)), input: input ?? .empty, limitLog: limit)
            guard let step = segmenter.next() else { continue }
            print(try row(name, step.segment))
        }
    }

    private static func row(_ name: String, _ segment: Segment) throws -> String {
        let cycles = Double(segment.cycles)
        let trace = try Trace(segment)
        let replay = Measurement.nanoseconds { _ = try? Trace(segment) }
        let layout = Layout(
            system: MachineTables.standard.system, heights: trace.heights, stackLog: 30, rowLog: 25)
        let count = Threads.count
        defer { Threads.count = count }
        Threads.count = 1
        let one = Measurement.nanoseconds { _ = trace.witness(layout) }
        Threads.count = count
        let all = Measurement.nanoseconds { _ = trace.witness(layout) }
        func entries(_ kinds: some Sequence<TableKind>) -> Int {
            kinds.reduce(0) { $0 + trace.heights[$1.rawValue] * $1.entries }
        }
        let paging = entries(TableKind.allCases.filter { $0.rawValue >= TableKind.blake3.rawValue })
        let rows = entries(TableKind.allCases)
        return Measurement.row(
            name,
            [
                cycles, replay / cycles, one / cycles, all / cycles, Double(64 * rows) / cycles,
                Double(segment.pages.count), 100 * Double(paging) / Double(rows),
            ])
    }
}
