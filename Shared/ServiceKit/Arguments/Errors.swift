/// Arguments that parse but make no sense together: thrown by `validate()` and `run()`, shown with the usage, exit code 2.
public struct ValidationError: Error, CustomStringConvertible, Sendable {
    public let message: String

    public init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}

/// Ends the process with this code and no message.
public struct ExitCode: Error, Hashable, Sendable {
    public let rawValue: Int32

    public init(_ rawValue: Int32) {
        self.rawValue = rawValue
    }

    public static let success = ExitCode(0)
    public static let failure = ExitCode(1)
    /// A wrong command line.
    public static let usage = ExitCode(2)
}

/// Ends the process well, with something to read on standard output.
public enum CleanExit: Error, Sendable {
    /// The help of the command that runs.
    case helpRequest
    case message(String)
}

/// A command line, variable or file that does not fit what the command declares.
///
/// `description` is one or more lines: what was expected, what was got, the likely correction.
public struct UsageError: Error, CustomStringConvertible, Sendable {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
