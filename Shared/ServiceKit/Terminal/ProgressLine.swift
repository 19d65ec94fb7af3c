import Glibc
import Synchronization

/// One line on standard error that shows how far work has come, and vanishes when it is done.
///
/// Shows nothing where standard error is no terminal, so that logs stay free of it. May be used from any thread.
public final class ProgressLine: Sendable {
    private struct State {
        var isShown = false
        var lastDrawn: ContinuousClock.Instant?
    }

    private let isActive: Bool
    private let state = Mutex(State())

    /// - Parameter isActive: by default whether standard error is a terminal.
    public init(isActive: Bool = Terminal.isInteractive(.standardError)) {
        self.isActive = isActive
    }

    /// Draws `text` in place of what was there, at most ten times a second; cut at the terminal's width.
    public func show(_ text: @autoclosure () -> String) {
        guard isActive else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            if let last = state.lastDrawn, now - last < .milliseconds(100) { return }
            state.lastDrawn = now
            state.isShown = true
            let line = text().prefix { !$0.isNewline }.prefix(Terminal.columns - 1)
            Terminal.write("\r\(line)\u{1B}[K", to: .standardError)
        }
    }

    /// Clears the line and writes `message` below what was written before, as lines that stay.
    public func print(_ message: String) {
        state.withLock { state in
            let clear = state.isShown ? "\r\u{1B}[K" : ""
            state.isShown = false
            state.lastDrawn = nil
            Terminal.write("\(clear)\(message)\n", to: .standardError)
        }
    }

    /// Removes the line.
    public func finish() {
        state.withLock { state in
            if state.isShown { Terminal.write("\r\u{1B}[K", to: .standardError) }
            state = State()
        }
    }
}
