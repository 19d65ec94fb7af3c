import Glibc
import ServiceKit
import Synchronization
import Testing

private struct Loop: Service {
    let name: String
    let body: @Sendable (ShutdownSignal) throws -> Void

    func run(until shutdown: ShutdownSignal) throws {
        try body(shutdown)
    }
}

private struct Failed: Error {}

@Suite("Lifecycle", .serialized, .timeLimit(.minutes(10)))
struct ServiceGroupTests {
    private func group(
        _ services: [any Service], signals: [Int32] = [], grace: Duration = .seconds(30)
    ) -> ServiceGroup {
        let logger = Logger(label: "test", logLevel: .trace, format: .text, destination: CollectingLog())
        var configuration = ServiceGroup.Configuration(services: services, logger: logger)
        configuration.gracefulShutdownSignals = signals
        configuration.maximumGracefulShutdownDuration = grace
        return ServiceGroup(configuration: configuration)
    }

    @Test func aSignalEndsAllServicesOnThreadsOfTheirOwn() throws {
        let meeting = Mutex(Set<UInt>())
        let services = (0..<3).map { index in
            Loop(name: "s\(index)") { shutdown in
                meeting.withLock { _ = $0.insert(UInt(pthread_self())) }
                while meeting.withLock({ $0.count }) < 3 { usleep(1000) }
                if index == 0 { kill(getpid(), SIGUSR1) }
                while !shutdown.wait(timeout: .seconds(60)) {}
            }
        }
        let group = group(services, signals: [SIGUSR1])
        try group.run()
        #expect(group.shutdown.reason == "signal \(SIGUSR1)")
        #expect(meeting.withLock { $0.count } == 3)
    }

    @Test func aFailureEndsTheOthersAndIsThrown() {
        let didEnd = Atomic<Bool>(false)
        let group = group([
            Loop(name: "good") { shutdown in
                shutdown.wait(timeout: .seconds(60))
                didEnd.store(shutdown.isRequested, ordering: .relaxed)
            },
            Loop(name: "bad") { _ in throw Failed() },
        ])
        #expect(throws: Failed.self) { try group.run() }
        let hasEnded = didEnd.load(ordering: .relaxed)
        #expect(hasEnded)
        #expect(group.shutdown.reason == "bad failed")
    }

    @Test func theEndOfOneIsTheEndOfAll() throws {
        let group = group([
            Loop(name: "job") { _ in }, Loop(name: "helper") { $0.wait(timeout: .seconds(60)) },
        ])
        try group.run()
        #expect(group.shutdown.reason == "job ended")
    }

    @Test func servicesThatDoNotEndAreEnded() async {
        await #expect(processExitsWith: .exitCode(1)) {
            let logger = Logger(label: "test", logLevel: .critical, format: .text, destination: CollectingLog())
            var configuration = ServiceGroup.Configuration(
                services: [Loop(name: "stubborn") { _ in while true { sleep(100) } }], logger: logger)
            configuration.maximumGracefulShutdownDuration = .milliseconds(50)
            let group = ServiceGroup(configuration: configuration)
            group.shutdown.request(reason: "test")
            try group.run()
        }
    }

    @Test func aSecondSignalEndsAtOnce() async {
        await #expect(processExitsWith: .exitCode(128 + SIGTERM)) {
            let logger = Logger(label: "test", logLevel: .critical, format: .text, destination: CollectingLog())
            let stubborn = Loop(name: "stubborn") { shutdown in
                kill(getpid(), SIGTERM)
                shutdown.wait(timeout: .seconds(60))
                kill(getpid(), SIGTERM)
                while true { sleep(100) }
            }
            try ServiceGroup(services: [stubborn], logger: logger).run()
        }
    }

    @Test func handlersAreCalledOnceAlsoWhenLate() {
        let shutdown = ShutdownSignal()
        let calls = Atomic<Int>(0)
        shutdown.onRequest { calls.wrappingAdd(1, ordering: .relaxed) }
        #expect(!shutdown.wait(timeout: .milliseconds(1)) && !shutdown.isRequested)
        shutdown.request(reason: "first")
        shutdown.request(reason: "second")
        shutdown.onRequest { calls.wrappingAdd(1, ordering: .relaxed) }
        #expect(shutdown.wait(timeout: .zero) && shutdown.wait(timeout: .seconds(60)))
        let count = calls.load(ordering: .relaxed)
        #expect(shutdown.reason == "first" && count == 2)
    }

    @Test func heartbeatsComplainWhenTheyStop() {
        let heartbeat = Heartbeat(maximumAge: .milliseconds(30))
        heartbeat.beat()
        #expect(heartbeat.complaint == nil)
        usleep(60_000)
        #expect(heartbeat.complaint != nil)
        heartbeat.beat()
        #expect(heartbeat.complaint == nil)
    }
}
