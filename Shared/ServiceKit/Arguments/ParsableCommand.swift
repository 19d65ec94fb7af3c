/// Arguments that can be parsed: a struct of `@Option`, `@Flag`, `@Argument` and `@OptionGroup` properties.
public protocol ParsableArguments: SendableMetatype {
    init()

    /// Checks what no single type can; throw `ValidationError`.
    mutating func validate() throws
}

extension ParsableArguments {
    public mutating func validate() throws {}
}

/// A command: its arguments, and what it does with them.
///
///     @main struct Count: ParsableCommand {
///         static let configuration = CommandConfiguration(abstract: "Counts.", version: "1.0.0")
///         @Option(help: "Where to stop.") var limit = 10
///         func run() { print(limit) }
///     }
///
/// The names and habits are swift-argument-parser's; new here are the environment and the configuration file as sources
/// (see `Option`), and exit code 2 for a command line that is wrong.
public protocol ParsableCommand: ParsableArguments {
    static var configuration: CommandConfiguration { get }

    /// Does the work. Throwing `ValidationError` shows the usage and exits with 2, `ExitCode` exits with its code and
    /// says nothing, any other error is printed and exits with 1. Without an implementation: shows help.
    mutating func run() throws
}

extension ParsableCommand {
    public static var configuration: CommandConfiguration { CommandConfiguration() }

    public mutating func run() throws {
        throw CleanExit.helpRequest
    }

    static var commandName: String {
        configuration.commandName ?? kebabCase("\(Self.self)")
    }
}

/// What a command says of itself.
public struct CommandConfiguration: Sendable {
    /// By default the type's name in kebab case.
    public var commandName: String?
    /// One sentence.
    public var abstract: String
    /// Paragraphs after the abstract in the command's own help.
    public var discussion: String
    /// What `--version` prints; empty: there is no such option. Subcommands take the root's.
    public var version: String
    /// Whether the parent's help lists it.
    public var shouldDisplay: Bool
    /// A command that has some takes no arguments of its own.
    public var subcommands: [any ParsableCommand.Type]
    public var defaultSubcommand: (any ParsableCommand.Type)?

    public init(
        commandName: String? = nil, abstract: String = "", discussion: String = "", version: String = "",
        shouldDisplay: Bool = true, subcommands: [any ParsableCommand.Type] = [],
        defaultSubcommand: (any ParsableCommand.Type)? = nil
    ) {
        self.commandName = commandName
        self.abstract = abstract
        self.discussion = discussion
        self.version = version
        self.shouldDisplay = shouldDisplay
        self.subcommands = subcommands
        self.defaultSubcommand = defaultSubcommand
    }
}
