import Synchronization

/// How often values fell below each of some bounds, with their sum: quantiles are Prometheus's work.
public struct Histogram: Sendable {
    private struct State {
        /// Values at or below the bound of the same index and above the one before; the last is above all bounds.
        var counts: [UInt64]
        var sum = 0.0
    }

    private final class Storage: Instrument {
        let bounds: [Double]
        let state: Mutex<State>

        init(bounds: [Double]) {
            self.bounds = bounds
            state = Mutex(State(counts: [UInt64](repeating: 0, count: bounds.count + 1)))
        }

        func expose(_ label: String, _ dimensions: Dimensions, into text: inout String) {
            let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
            var below: UInt64 = 0
            for (bound, count) in zip(bounds + [.infinity], counts) {
                below += count
                let braces = dimensions.braces(adding: "le=\"\(prometheusText(bound))\"")
                text += "\(label)_bucket\(braces) \(below)\n"
            }
            text += "\(label)_sum\(dimensions.braces()) \(prometheusText(sum))\n"
            text += "\(label)_count\(dimensions.braces()) \(below)\n"
        }
    }

    private let storage: Storage

    /// - Parameter bounds: upper bounds of the buckets, rising; a last one without bound is added.
    public init(
        label: String, help: String = "", dimensions: [(String, String)] = [], bounds: [Double],
        registry: MetricsRegistry = .shared
    ) {
        precondition(
            zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "\(label): bounds of a histogram must rise")
        storage = registry.instrument(label, .histogram, help, dimensions) { Storage(bounds: bounds) }
    }

    /// Values that are no number are dropped.
    public func record(_ value: Double) {
        guard !value.isNaN else { return }
        let index = storage.bounds.firstIndex { value <= $0 } ?? storage.bounds.count
        storage.state.withLock { state in
            state.counts[index] += 1
            state.sum += value
        }
    }

    public var count: UInt64 { storage.state.withLock { $0.counts.reduce(0, +) } }
    public var sum: Double { storage.state.withLock { $0.sum } }
}

/// A histogram of seconds: from 1 ms to about 9 minutes, each bound twice the one before.
public struct Timer: Sendable {
    private let histogram: Histogram

    /// - Parameter label: by Prometheus's custom ending in `_seconds`.
    public init(
        label: String, help: String = "", dimensions: [(String, String)] = [], registry: MetricsRegistry = .shared
    ) {
        let bounds = (0..<20).map { 0.001 * Double(1 << $0) }
        histogram = Histogram(label: label, help: help, dimensions: dimensions, bounds: bounds, registry: registry)
    }

    public func record(_ duration: Duration) {
        histogram.record(duration.inSeconds)
    }

    /// Measures what `body` takes, whether it throws or not.
    public func measure<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        let start = ContinuousClock.now
        defer { record(ContinuousClock.now - start) }
        return try body()
    }

    public var count: UInt64 { histogram.count }
    /// Of all recorded durations, in seconds.
    public var sum: Double { histogram.sum }
}

extension Duration {
    public var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
