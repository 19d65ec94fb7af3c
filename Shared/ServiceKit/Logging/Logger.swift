/// A log of one part of a program, after swift-log: a label, a level below which nothing is written, and facts that
/// every line repeats.
///
///     var logger = Logger(label: "sheaf-prover")
///     logger[metadataKey: "node"] = "prover-7"
///     logger.info("proved", metadata: ["job": "\(job)", "seconds": .double(12.5)])
///
/// Lines go to the destination of `LoggingSystem`, by default standard error.
public struct Logger: Sendable {
    public enum Level: String, Sendable, CaseIterable, Comparable, ExpressibleByArgument {
        case trace, debug, info, notice, warning, error, critical

        public static func < (a: Level, b: Level) -> Bool {
            a.rank < b.rank
        }

        private var rank: Int {
            switch self {
            case .trace: 0
            case .debug: 1
            case .info: 2
            case .notice: 3
            case .warning: 4
            case .error: 5
            case .critical: 6
            }
        }
    }

    public typealias Metadata = [String: MetadataValue]

    public let label: String
    public var logLevel: Level
    /// Facts that every line of this logger carries.
    public var metadata: Metadata = [:]
    private let destination: any LogDestination
    private let format: LogFormat

    /// A logger with the level, form and destination of `LoggingSystem` at this moment.
    public init(label: String) {
        let settings = LoggingSystem.settings
        self.init(
            label: label, logLevel: settings.level, format: settings.format, destination: settings.destination)
    }

    public init(label: String, logLevel: Level, format: LogFormat, destination: any LogDestination) {
        self.label = label
        self.logLevel = logLevel
        self.format = format
        self.destination = destination
    }

    public subscript(metadataKey key: String) -> MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// This logger with more facts on every line.
    public func with(_ metadata: Metadata) -> Logger {
        var logger = self
        logger.metadata.merge(metadata) { $1 }
        return logger
    }

    /// Writes one line if `level` is high enough; what the line says is computed only then.
    public func log(
        level: Level, _ message: @autoclosure () -> String, metadata: @autoclosure () -> Metadata = [:]
    ) {
        guard level >= logLevel else { return }
        let line = LogLine(
            time: .now, level: level, label: label, message: message(),
            metadata: self.metadata.merging(metadata()) { $1 })
        destination.write(format.text(of: line))
    }

    public func trace(_ message: @autoclosure () -> String, metadata: @autoclosure () -> Metadata = [:]) {
        log(level: .trace, message(), metadata: metadata())
    }

    public func debug(_ message: @autoclosure () -> String, metadata: @autoclosure () -> Metadata = [:]) {
        log(level: .debug, message(), metadata: metadata())
    }

    public func info(_ message: @autoclosure () -> String, metadata: @autoclosure () -> Metadata = [:]) {
        log(level: .info, message(), metadata: metadata())
    }

    public func notice(_ message: @autoclosure () -> String, metadata: @autoclosure () -> Metadata = [:]) {
        log(level: .notice, message(), metadata: metadata())
    }

    public func warning(_ message: @autoclosure () -> String, metadata: @autoclosure () -> Metadata = [:]) {
        log(level: .warning, message(), metadata: metadata())
    }

    public func error(_ message: @autoclosure () -> String, metadata: @autoclosure () -> Metadata = [:]) {
        log(level: .error, message(), metadata: metadata())
    }

    public func critical(_ message: @autoclosure () -> String, metadata: @autoclosure () -> Metadata = [:]) {
        log(level: .critical, message(), metadata: metadata())
    }
}

/// A fact on a log line.
public enum MetadataValue: Sendable, Hashable {
    case string(String)
    case int64(Int64)
    /// Written as null in JSON when it is not finite.
    case double(Double)
    case bool(Bool)
}

extension MetadataValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .int64(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// Any integer; those beyond Int64 become text.
    public static func integer(_ value: some BinaryInteger) -> MetadataValue {
        Int64(exactly: value).map(MetadataValue.int64) ?? .string("\(value)")
    }
}
