import ServiceKit

/// A small tool with one of each kind of argument, for the tests of the parser.
struct Tool: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A tool.", version: "tool 1.2.3", subcommands: [Run.self, Nested.self, Secret.self])
}

struct Cluster: ParsableArguments {
    @Option(name: .shortAndLong, help: "Bootstrap brokers.") var brokers = "localhost:9092"
    @Option(help: "Librdkafka options.") var kafka: [String] = []

    func validate() throws {
        if brokers.isEmpty { throw ValidationError("No brokers.") }
    }
}

enum Color: String, CaseIterable, ExpressibleByArgument {
    case red, green
}

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Runs a program.", discussion: "At length.")

    @OptionGroup var cluster: Cluster
    @Argument(help: "The program.") var program: String
    @Argument(help: "Its words.") var words: [String] = []
    @Option(help: "Threads.") var threads: Int = 2
    @Option(help: "Deadline in seconds.") var deadlineSeconds: Double?
    @Option(help: "A color.") var color = Color.red
    @Option(name: [.customLong("size"), .customShort("s")], help: "Even number.", transform: even) var evenSize: Int?
    @Flag(name: .shortAndLong, help: "Say more.") var verbose: Int
    @Flag(help: "As JSON.") var json = false
    @Flag(inversion: .prefixedNo, help: "Compress.") var compress = true
    @Option(help: ArgumentHelp("Not shown.", visibility: .hidden)) var internalName = "x"

    func validate() throws {
        if threads < 1 { throw ValidationError("Expected 1 thread or more, got \(threads).") }
    }

    func run() throws {
        switch program {
        case "fails": throw Broken()
        case "invalid": throw ValidationError("Not this one.")
        case "code": throw ExitCode(7)
        case "message": throw CleanExit.message("done")
        default: break
        }
    }
}

struct Broken: Error, CustomStringConvertible {
    var description: String { "it broke" }
}

struct OddNumber: Error, CustomStringConvertible {
    var description: String { "not even" }
}

func even(_ word: String) throws -> Int {
    guard let number = Int(word), number.isMultiple(of: 2) else { throw OddNumber() }
    return number
}

struct Nested: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Has commands below.", subcommands: [Leaf.self], defaultSubcommand: Leaf.self)
}

struct Leaf: ParsableCommand {
    @Option(help: "Must be given.") var node: String
}

struct Secret: ParsableCommand {
    static let configuration = CommandConfiguration(shouldDisplay: false)
}
