import Execution
import Foundation
import Machine

/// Instructions a second on one core: plain, and cut into segments of 2^19 cycles.
///
///     sheaf-bench execution [DIRECTORY of NAME.elf and NAME.input, .build/guests by default]
enum ExecutionBenchmark {
    static let names = ["spin", "sha256", "sort", "ledger", "json", "matrix", "fibonacci"]

    static func run(_ arguments: [String]) throws {
        let directory = URL(fileURLWithPath: arguments.first ?? ".build/guests")
        print("program      cycles       plain M/s  segments  2^19 M/s")
        for name in names {
            let elf = directory.appendingPathComponent(name + ".elf")
            guard let bytes = try? Data(contentsOf: elf) else { continue }
            let program = try Program(elf: [UInt8](bytes))
            let inputFile = directory.appendingPathComponent(name + ".input")
            let input = (try? Data(contentsOf: inputFile)).map { InputStream(bytes: [UInt8]($0)) } ?? .empty
            let clock = ContinuousClock()
            var plain = Duration.seconds(1 << 20), segmented = plain, cycles: UInt64 = 0, segments = 0
            for _ in 0..<3 {
                let run = try PlainRun(program: program, input: input)
                plain = min(plain, clock.measure { while run.exit == .running { _ = run.run() } })
                cycles = run.cycles
                let segmenter = try Segmenter(program: program, input: input, limitLog: 19)
                segments = 0
                segmented = min(segmented, clock.measure { while segmenter.next() != nil { segments += 1 } })
            }
            func rate(_ time: Duration) -> String {
                let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
                return String(format: "%10.1f", Double(cycles) / seconds / 1e6)
            }
            print(
                name.padding(toLength: 10, withPad: " ", startingAt: 0), cycles, rate(plain), segments, rate(segmented))
        }
    }
}
