import Execution
import Foundation
import Machine

/// Instructions a second of processor time on one core, so that other processes count little: plain, and cut into
/// segments of 2^19 cycles (metering, touched pages, roots). The best of three.
///
///     sheaf-bench execution [DIRECTORY of NAME.elf and NAME.input, .build/guests by default]
enum ExecutionBenchmark {
    static let names = ["spin", "sha256", "sort", "ledger", "json", "matrix", "fibonacci"]

    static func run(_ arguments: [String]) throws {
        let directory = URL(fileURLWithPath: arguments.first ?? ".build/guests")
        print("program          cycles   plain M/s   segments    2^19 M/s")
        for name in names {
            let elf = directory.appendingPathComponent(name + ".elf")
            guard let bytes = try? Data(contentsOf: elf) else { continue }
            let program = try Program(elf: [UInt8](bytes))
            let inputFile = directory.appendingPathComponent(name + ".input")
            let input = (try? Data(contentsOf: inputFile)).map { InputStream(bytes: [UInt8]($0)) } ?? .empty
            var plain = Double.infinity, segmented = Double.infinity, cycles: UInt64 = 0, segments = 0
            for _ in 0..<3 {
                let run = try PlainRun(program: program, input: input)
                plain = min(plain, processorSeconds { while run.exit == .running { _ = run.run() } })
                cycles = run.cycles
                let segmenter = try Segmenter(program: program, input: input, limitLog: 19)
                segments = 0
                segmented = min(segmented, processorSeconds { while segmenter.next() != nil { segments += 1 } })
            }
            let cells = [
                name.padding(toLength: 11, withPad: " ", startingAt: 0), String(format: "%10d", cycles),
                String(format: "%10.1f", Double(cycles) / plain / 1e6), String(format: "%9d", segments),
                String(format: "%10.1f", Double(cycles) / segmented / 1e6),
            ]
            print(cells.joined(separator: "  "))
        }
    }

    private static func processorSeconds(_ work: () -> Void) -> Double {
        let start = clock()
        work()
        return Double(clock() - start) / Double(CLOCKS_PER_SEC)
    }
}
