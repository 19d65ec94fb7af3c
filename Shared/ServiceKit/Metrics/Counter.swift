import Synchronization

/// A number that only rises: `Counter(label: "sheaf_receipts_total", dimensions: [("lane", lane)]).increment()`.
public struct Counter: Sendable {
    private final class Storage: Instrument {
        let count = Atomic<UInt64>(0)

        func expose(_ label: String, _ dimensions: Dimensions, into text: inout String) {
            text += "\(label)\(dimensions.braces()) \(count.load(ordering: .relaxed))\n"
        }
    }

    private let storage: Storage

    /// - Parameters:
    ///   - label: by Prometheus's custom ending in `_total`.
    ///   - help: one sentence.
    public init(
        label: String, help: String = "", dimensions: [(String, String)] = [], registry: MetricsRegistry = .shared
    ) {
        storage = registry.instrument(label, .counter, help, dimensions) { Storage() }
    }

    public func increment(by amount: UInt64 = 1) {
        storage.count.wrappingAdd(amount, ordering: .relaxed)
    }

    public var value: UInt64 { storage.count.load(ordering: .relaxed) }
}

/// A number that rises and falls.
public struct Gauge: Sendable {
    private final class Storage: Instrument {
        let value = Mutex(0.0)

        func expose(_ label: String, _ dimensions: Dimensions, into text: inout String) {
            text += "\(label)\(dimensions.braces()) \(prometheusText(value.withLock { $0 }))\n"
        }
    }

    private let storage: Storage

    public init(
        label: String, help: String = "", dimensions: [(String, String)] = [], registry: MetricsRegistry = .shared
    ) {
        storage = registry.instrument(label, .gauge, help, dimensions) { Storage() }
    }

    public func record(_ value: Double) {
        storage.value.withLock { $0 = value }
    }

    public func record(_ value: some BinaryInteger) {
        record(Double(value))
    }

    public func increment(by amount: Double = 1) {
        storage.value.withLock { $0 += amount }
    }

    public func decrement(by amount: Double = 1) {
        increment(by: -amount)
    }

    public var value: Double { storage.value.withLock { $0 } }
}
