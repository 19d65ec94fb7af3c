/// Turns words, variables and a file into a command that is ready to run.
struct CommandParser {
    let root: any ParsableCommand.Type
    let environment: [String: String]

    /// The command that was named, and the names that led to it.
    struct Selection {
        var type: any ParsableCommand.Type
        var path: [String]
    }

    /// Why parsing ended without a command.
    enum Outcome: Error {
        case help(Selection)
        case version(String)
        case failure(UsageError, Selection)
    }

    func parse(_ arguments: [String]) -> Result<(command: any ParsableCommand, selection: Selection), Outcome> {
        var selection = Selection(type: root, path: [root.commandName])
        var words = arguments
        do {
            while !selection.type.configuration.subcommands.isEmpty {
                guard try enterSubcommand(&selection, &words) else { break }
            }
            return .success((try fill(selection, words), selection))
        } catch let outcome as Outcome {
            return .failure(outcome)
        } catch let error as UsageError {
            return .failure(.failure(error, selection))
        } catch {
            return .failure(.failure(UsageError("\(error)"), selection))
        }
    }

    // MARK: - Subcommands

    /// Takes the next word as a subcommand's name. False when there is none, and no default: the command itself runs.
    private func enterSubcommand(_ selection: inout Selection, _ words: inout [String]) throws -> Bool {
        let configuration = selection.type.configuration
        let scanner = OptionScanner(names: Self.builtIn(hasVersion: hasVersion))
        let typesOwnWord: Bool
        if let first = words.first {
            typesOwnWord = first.hasPrefix("-") && !["-h", "--help", "--version"].contains(first)
        } else {
            typesOwnWord = true
        }
        if typesOwnWord, let type = configuration.defaultSubcommand {
            enter(type, &selection)
            return true
        }
        let (tokens, rest) = try scan(words, scanner, definitions: [], stopsAtPosition: true)
        if let token = tokens.first {
            throw tokenIsVersion(token) ? Outcome.version(root.configuration.version) : .help(selection)
        }
        guard let name = rest.first else { return false }
        words = Array(rest.dropFirst())
        if name == "help" {
            try descend(&selection, words)
            throw Outcome.help(selection)
        }
        if let type = configuration.subcommands.first(where: { $0.commandName == name }) {
            enter(type, &selection)
            return true
        }
        throw unknownSubcommand(name, of: selection.type)
    }

    private func enter(_ type: any ParsableCommand.Type, _ selection: inout Selection) {
        selection.type = type
        selection.path.append(type.commandName)
    }

    /// `help prove …`: the command whose help is wanted.
    private func descend(_ selection: inout Selection, _ names: [String]) throws {
        for name in names {
            let candidates = selection.type.configuration.subcommands
            guard let type = candidates.first(where: { $0.commandName == name }) else {
                throw unknownSubcommand(name, of: selection.type)
            }
            enter(type, &selection)
        }
    }

    private func unknownSubcommand(_ name: String, of type: any ParsableCommand.Type) -> UsageError {
        let names = type.configuration.subcommands.filter { $0.configuration.shouldDisplay }.map { $0.commandName }
        return UsageError("Unknown subcommand '\(name)'." + Self.question(name, among: names))
    }

    // MARK: - Arguments

    private var hasVersion: Bool { !root.configuration.version.isEmpty }

    static func builtIn(hasVersion: Bool) -> [(name: ArgumentName, takesValue: Bool)] {
        [(.short("h"), false), (.long("help"), false)] + (hasVersion ? [(.long("version"), false)] : [])
    }

    private func tokenIsVersion(_ token: OptionScanner.Token) -> Bool {
        token == .option(.long("version"), value: nil)
    }

    private func tokenIsHelp(_ token: OptionScanner.Token) -> Bool {
        token == .option(.long("help"), value: nil) || token == .option(.short("h"), value: nil)
    }

    private func fill(_ selection: Selection, _ words: [String]) throws -> any ParsableCommand {
        var command = selection.type.init()
        let definitions = command.definitions
        let names = Self.names(of: definitions, hasVersion: hasVersion)
        let (tokens, _) = try scan(
            words, OptionScanner(names: names), definitions: definitions, stopsAtPosition: false)
        if tokens.contains(where: tokenIsHelp) { throw Outcome.help(selection) }
        if tokens.contains(where: tokenIsVersion) { throw Outcome.version(root.configuration.version) }

        var sources = ValueSources(environment: environment)
        let positions = try sources.take(tokens, definitions: definitions)
        try sources.readFile(knownKeys: Self.longNames(of: root))
        try assignPositions(positions, definitions)
        for definition in definitions where definition.kind != .positional {
            try sources.store(definition)
        }
        do {
            try command.validateAll()
        } catch let error as ValidationError {
            throw UsageError(error.message)
        }
        return command
    }

    /// All names that a command takes, with those that every command takes.
    static func names(
        of definitions: [ArgumentDefinition], hasVersion: Bool
    ) -> [(name: ArgumentName, takesValue: Bool)] {
        var names = builtIn(hasVersion: hasVersion)
        for definition in definitions {
            for name in definition.names { names.append((name, definition.kind == .option)) }
            if definition.kind == .flag(isInvertible: true), let long = definition.longName {
                names.append((.long("no-\(long)"), false))
            }
        }
        if definitions.contains(where: { $0.longName != nil }) { names.append((ValueSources.fileOption, true)) }
        return names
    }

    /// The long names of a command and of all below it: the keys that a configuration file may have.
    private static func longNames(of type: any ParsableCommand.Type) -> Set<String> {
        var names = Set(type.init().definitions.compactMap(\.longName))
        for subcommand in type.configuration.subcommands { names.formUnion(longNames(of: subcommand)) }
        return names
    }

    private func assignPositions(_ words: [String], _ definitions: [ArgumentDefinition]) throws {
        var words = words[...]
        for definition in definitions where definition.kind == .positional {
            let taken = definition.isRepeating ? words : words.prefix(1)
            words = words.dropFirst(taken.count)
            if taken.isEmpty {
                if definition.isRequired { throw UsageError("Missing expected argument '\(definition.displayName)'.") }
                continue
            }
            try ValueSources.store(Array(taken), in: definition, from: nil)
        }
        if let word = words.first { throw UsageError("Unexpected argument '\(word)'.") }
    }

    private func scan(
        _ words: [String], _ scanner: OptionScanner, definitions: [ArgumentDefinition], stopsAtPosition: Bool
    ) throws -> (tokens: [OptionScanner.Token], rest: [String]) {
        do {
            return try scanner.scan(words, stopsAtPosition: stopsAtPosition)
        } catch {
            switch error {
            case .unknownOption(let typed):
                let name = String(typed.prefix { $0 != "=" })
                let known = scanner.names.map(\.name.spelled).filter { $0.hasPrefix("--") }
                // `-threads` is read as a cluster of short options, of which the first is unknown.
                let cluster = words.first { known.contains("-" + $0.prefix { $0 != "=" }) && $0.hasPrefix(name) }
                let meant = name.hasPrefix("--") ? name : "-" + (cluster ?? "")
                throw UsageError("Unknown option '\(name)'." + Self.question(meant, among: known))
            case .missingValue(let name):
                let definition = definitions.first { $0.names.contains(name) }
                throw UsageError("Missing value for '\(definition?.displayName ?? name.spelled)'.")
            case .unexpectedValue(let name):
                throw UsageError("The option '\(name.spelled)' takes no value.")
            }
        }
    }

    static func question(_ word: String, among candidates: [String]) -> String {
        Suggestions.nearest(to: word, among: candidates).map { " Did you mean '\($0)'?" } ?? ""
    }
}
