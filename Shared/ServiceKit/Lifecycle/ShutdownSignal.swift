import Dispatch
import Synchronization

/// The wish that a service end soon and well; it is uttered once and never taken back.
public final class ShutdownSignal: Sendable {
    private struct State {
        var reason: String?
        var handlers: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let condition = DispatchSemaphore(value: 0)

    public init() {}

    public var isRequested: Bool { reason != nil }

    /// What asked for the end: a signal's name, or the failure of a service of the same group.
    public var reason: String? { state.withLock { $0.reason } }

    /// Asks for the end. Only the first reason is kept.
    public func request(reason: String) {
        let handlers = state.withLock { state -> [@Sendable () -> Void] in
            guard state.reason == nil else { return [] }
            state.reason = reason
            defer { state.handlers = [] }
            return state.handlers
        }
        for handler in handlers { handler() }
        condition.signal()
    }

    /// Calls `handler` once when the end is asked for, at once if it already is. It must not block.
    public func onRequest(_ handler: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            if state.reason == nil { state.handlers.append(handler) }
            return state.reason != nil
        }
        if isLate { handler() }
    }

    /// Waits until the end is asked for or `timeout` has passed.
    /// - Returns: whether it is asked for.
    @discardableResult
    public func wait(timeout: Duration) -> Bool {
        if isRequested { return true }
        let nanoseconds = Int(min(max(0, timeout.inSeconds), 1e8) * 1e9)
        if condition.wait(timeout: .now() + .nanoseconds(nanoseconds)) == .success {
            condition.signal()  // for the next who waits
        }
        return isRequested
    }
}
