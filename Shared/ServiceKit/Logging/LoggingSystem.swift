import Synchronization

/// Takes finished log lines. May be called from any thread, and must not block for long.
public protocol LogDestination: Sendable {
    /// - Parameter line: one line, without its end.
    func write(_ line: String)
}

/// Standard error, one `write` a line, so that lines of several threads do not mix.
public struct StandardErrorLog: LogDestination {
    public init() {}

    public func write(_ line: String) {
        Terminal.write(line + "\n", to: .standardError)
    }
}

/// The settings that new loggers take: `bootstrap` once at the start of a process.
public enum LoggingSystem {
    struct Settings: Sendable {
        var level = Logger.Level.info
        var format = LogFormat.text
        var destination: any LogDestination = StandardErrorLog()
    }

    private static let current = Mutex(Settings())

    static var settings: Settings { current.withLock { $0 } }

    /// - Parameters:
    ///   - level: lower lines are not written.
    ///   - format: text for people, JSON for machines.
    ///   - destination: where lines go.
    public static func bootstrap(
        level: Logger.Level = .info, format: LogFormat = .text, destination: any LogDestination = StandardErrorLog()
    ) {
        current.withLock { $0 = Settings(level: level, format: format, destination: destination) }
    }
}
