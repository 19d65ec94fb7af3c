/// What `--help` says about one option, flag or argument.
///
/// A string literal is an abstract: `@Option(help: "Bootstrap brokers.") var brokers: String`.
public struct ArgumentHelp: Sendable, ExpressibleByStringInterpolation {
    /// Whether help lists the argument.
    public enum Visibility: Sendable { case `default`, hidden }

    /// One sentence.
    public var abstract: String
    /// The name that stands for the value, without brackets; by default the long name.
    public var valueName: String?
    public var visibility: Visibility

    public init(_ abstract: String = "", valueName: String? = nil, visibility: Visibility = .default) {
        self.abstract = abstract
        self.valueName = valueName
        self.visibility = visibility
    }

    public init(stringLiteral value: String) {
        self.init(value)
    }
}
