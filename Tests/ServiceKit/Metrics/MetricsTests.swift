import ServiceKit
import Testing

@Suite("Metrics")
struct MetricsTests {
    @Test func theExpositionIsPrometheusText() {
        let registry = MetricsRegistry()
        let lane = Counter(
            label: "receipts_total", help: "Receipts\nseen.", dimensions: [("lane", "a\"b\\c\nd"), ("kind", "x")],
            registry: registry)
        lane.increment()
        Counter(label: "receipts_total", dimensions: [("kind", "x"), ("lane", "z")], registry: registry)
            .increment(by: 41)
        Gauge(label: "waiting", registry: registry).record(2.5)
        let histogram = Histogram(label: "sizes", dimensions: [("t", "s")], bounds: [1, 2.5], registry: registry)
        for value in [0.5, 1, 2, 3, .nan] { histogram.record(value) }
        #expect(
            registry.exposition == #"""
                # HELP receipts_total Receipts\nseen.
                # TYPE receipts_total counter
                receipts_total{kind="x",lane="a\"b\\c\nd"} 1
                receipts_total{kind="x",lane="z"} 41
                # TYPE sizes histogram
                sizes_bucket{t="s",le="1"} 2
                sizes_bucket{t="s",le="2.5"} 3
                sizes_bucket{t="s",le="+Inf"} 4
                sizes_sum{t="s"} 6.5
                sizes_count{t="s"} 4
                # TYPE waiting gauge
                waiting 2.5

                """#)
    }

    @Test func instrumentsOfOneNameAreOne() {
        let registry = MetricsRegistry()
        Counter(label: "c", dimensions: [("a", "1"), ("b", "2")], registry: registry).increment(by: 2)
        let again = Counter(label: "c", dimensions: [("b", "2"), ("a", "1")], registry: registry)
        again.increment()
        #expect(again.value == 3)
        #expect(Counter(label: "c", dimensions: [("a", "1")], registry: registry).value == 0)
    }

    @Test func countingIsExactFromManyThreads() async {
        let registry = MetricsRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        Counter(label: "c", registry: registry).increment()
                        Gauge(label: "g", registry: registry).increment(by: 2)
                        Histogram(label: "h", bounds: [1], registry: registry).record(1)
                    }
                }
            }
        }
        #expect(Counter(label: "c", registry: registry).value == 8000)
        #expect(Gauge(label: "g", registry: registry).value == 16000)
        #expect(Histogram(label: "h", bounds: [1], registry: registry).sum == 8000)
    }

    @Test func timersRecordSecondsAlsoOfFailures() {
        struct Failure: Error {}
        let timer = Timer(label: "t_seconds", registry: MetricsRegistry())
        timer.record(.milliseconds(1500))
        #expect(timer.count == 1 && timer.sum == 1.5)
        #expect(throws: Failure.self) { try timer.measure { () throws(Failure) in throw Failure() } }
        #expect(timer.count == 2)
    }

    @Test func aFloodOfSeriesIsNotShown() {
        let registry = MetricsRegistry()
        for index in 0..<5000 { Counter(label: "c", dimensions: [("n", "\(index)")], registry: registry).increment() }
        #expect(registry.exposition.split(separator: "\n").count == 4096 + 1)
    }

    @Test func namesThatPrometheusRefusesTrap() async {
        await #expect(processExitsWith: .failure) { _ = Counter(label: "no-name", registry: MetricsRegistry()) }
        await #expect(processExitsWith: .failure) {
            let registry = MetricsRegistry()
            _ = (Counter(label: "twice", registry: registry), Gauge(label: "twice", registry: registry))
        }
    }
}
