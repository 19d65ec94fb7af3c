import Synchronization

/// What a service says of itself when asked: whether it lives (or should be restarted) and whether it is ready for work.
public final class Health: Sendable {
    public struct Failure: Sendable, Equatable {
        public var name: String
        public var reason: String
    }

    /// Nil when all is well, else the reason why not. Called from the HTTP server's thread.
    public typealias Check = @Sendable () -> String?

    private struct State {
        var live: [(name: String, check: Check)] = []
        var ready: [(name: String, check: Check)] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// Adds a check of life: a failure asks for a restart.
    public func addLivenessCheck(_ name: String, _ check: @escaping Check) {
        state.withLock { $0.live.append((name, check)) }
    }

    /// Adds a check of readiness: a failure asks for patience.
    public func addReadinessCheck(_ name: String, _ check: @escaping Check) {
        state.withLock { $0.ready.append((name, check)) }
    }

    public var liveness: [Failure] {
        failures(of: state.withLock { $0.live })
    }

    /// A service that does not live is not ready either.
    public var readiness: [Failure] {
        failures(of: state.withLock { $0.live + $0.ready })
    }

    private func failures(of checks: [(name: String, check: Check)]) -> [Failure] {
        checks.compactMap { entry in entry.check().map { Failure(name: entry.name, reason: $0) } }
    }
}

/// The pulse of a loop: it beats each time around, and who is asked about life looks at the age of the last beat.
public final class Heartbeat: Sendable {
    private let maximumAge: Duration
    private let last = Mutex(ContinuousClock.now)

    /// - Parameter maximumAge: the longest that one turn of the loop may take.
    public init(maximumAge: Duration) {
        self.maximumAge = maximumAge
    }

    public func beat() {
        last.withLock { $0 = .now }
    }

    /// For `Health`: why the loop seems to hang, or nil.
    public var complaint: String? {
        let age = ContinuousClock.now - last.withLock { $0 }
        guard age > maximumAge else { return nil }
        return "no beat for \(Int(age.inSeconds)) s, at most \(Int(maximumAge.inSeconds)) s allowed"
    }
}
