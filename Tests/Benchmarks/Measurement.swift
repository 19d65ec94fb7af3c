import Foundation

/// Times as minima of many short runs: what else the machine does only adds to a run.
enum Measurement {
    /// The least time of a call, in nanoseconds: at least three calls, and as many as fit into `milliseconds`.
    static func nanoseconds(within milliseconds: Double = 60, _ body: () -> Void) -> Double {
        var (best, total, calls) = (Double.infinity, 0.0, 0)
        while calls < 3 || total < milliseconds * 1e6 {
            let start = DispatchTime.now().uptimeNanoseconds
            body()
            let time = Double(DispatchTime.now().uptimeNanoseconds - start)
            best = min(best, time)
            total += time
            calls += 1
        }
        return best
    }

    /// Processor time of the process so far, all threads together.
    static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// The processor's name for itself, and how many it has.
    static var machine: String {
        let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
        let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last ?? " unknown processor"
        return "\(name.dropFirst()), \(ProcessInfo.processInfo.activeProcessorCount) processors"
    }

    /// A row of a table: what is measured, then numbers with three decimals.
    static func row(_ name: String, _ values: [Double]) -> String {
        name.padding(toLength: 46, withPad: " ", startingAt: 0)
            + values.map { String(format: "%10.3f", $0) }.joined()
    }

    static func heading(_ name: String, _ columns: [String]) -> String {
        name.padding(toLength: 46, withPad: " ", startingAt: 0)
            + columns.map { String(repeating: " ", count: max(10 - $0.count, 1)) + $0 }.joined()
    }
}
