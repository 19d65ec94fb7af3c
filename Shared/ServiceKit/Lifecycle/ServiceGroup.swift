import Dispatch
import Glibc
import Synchronization

/// Something that runs until it is asked to end. It blocks the thread that it is given, which is its own.
public protocol Service: Sendable {
    /// Appears in logs.
    var name: String { get }

    /// Returns soon after `shutdown` is requested, with nothing lost; or when its work is done.
    func run(until shutdown: ShutdownSignal) throws
}

/// Runs services, each on a thread of its own, until a signal, a failure, or the end of one of them; then asks all to
/// end and waits for them. After swift-service-lifecycle.
///
///     try ServiceGroup(services: [dispatcher, verifier], logger: logger).run()
///
/// A second signal ends the process at once with 128 + its number, as does a grace period that has run out, with 1.
public final class ServiceGroup: Sendable {
    public struct Configuration: Sendable {
        public var services: [any Service]
        /// Signals that ask for a graceful end.
        public var gracefulShutdownSignals: [Int32] = [SIGTERM, SIGINT]
        /// From the request to the forced end; nil: as long as it takes.
        public var maximumGracefulShutdownDuration: Duration? = .seconds(60)
        public var logger: Logger

        public init(services: [any Service], logger: Logger) {
            self.services = services
            self.logger = logger
        }
    }

    private let configuration: Configuration
    /// What the services are told; whoever holds the group may request it too.
    public let shutdown = ShutdownSignal()
    private let ended = ShutdownSignal()
    private let firstError = Mutex<(any Error)?>(nil)

    public init(configuration: Configuration) {
        self.configuration = configuration
    }

    public convenience init(services: [any Service], logger: Logger) {
        self.init(configuration: Configuration(services: services, logger: logger))
    }

    /// Blocks until all services have ended.
    /// - Throws: the first error that a service threw.
    public func run() throws {
        signal(SIGPIPE, SIG_IGN)  // a peer that closes its connection is an error of write, not the end of the process
        let sources = configuration.gracefulShutdownSignals.map(watch)
        defer {
            for source in sources { source.cancel() }
            for number in configuration.gracefulShutdownSignals { signal(number, SIG_DFL) }
        }
        let running = DispatchGroup()
        for service in configuration.services {
            // A serial queue has a thread of its own while a block of it runs.
            DispatchQueue(label: service.name).async(group: running) { [self] in
                run(service)
            }
        }
        shutdown.onRequest { [self] in enforceGracePeriod() }
        running.wait()
        shutdown.request(reason: "all services ended")
        ended.request(reason: "all services ended")
        if let error = firstError.withLock({ $0 }) { throw error }
    }

    private func run(_ service: any Service) {
        let logger = configuration.logger.with(["service": "\(service.name)"])
        do {
            try service.run(until: shutdown)
            logger.debug("ended")
            shutdown.request(reason: "\(service.name) ended")
        } catch {
            logger.error("failed", metadata: ["error": "\(error)"])
            firstError.withLock { first in if first == nil { first = error } }
            shutdown.request(reason: "\(service.name) failed")
        }
    }

    private func watch(_ number: Int32) -> any DispatchSourceSignal {
        signal(number, SIG_IGN)  // the source is told all the same, and the default action stays away
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler { [self] in
            if shutdown.isRequested {
                configuration.logger.critical("second signal, ending at once", metadata: ["signal": .integer(number)])
                exit(128 + number)
            }
            configuration.logger.notice("shutting down", metadata: ["signal": .integer(number)])
            shutdown.request(reason: "signal \(number)")
        }
        // A signal that comes before the source is in place would be lost, as it is ignored by then.
        let registered = DispatchSemaphore(value: 0)
        source.setRegistrationHandler { registered.signal() }
        source.resume()
        _ = registered.wait(timeout: .now() + 5)
        return source
    }

    private func enforceGracePeriod() {
        guard let period = configuration.maximumGracefulShutdownDuration else { return }
        let (logger, ended) = (configuration.logger, self.ended)
        DispatchQueue.global().asyncAfter(deadline: .now() + period.inSeconds) {
            if ended.isRequested { return }
            logger.critical("services did not end in time", metadata: ["seconds": .double(period.inSeconds)])
            exit(1)
        }
    }
}
