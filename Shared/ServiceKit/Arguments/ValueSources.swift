/// Where values come from, and which source wins: command line, then environment, then configuration file.
struct ValueSources {
    /// Names the configuration file; its variable is `SHEAF_CONFIG`.
    static let fileOption = ArgumentName.long("config")

    let environment: [String: String]
    private var commandLine: [ArgumentName: [String]] = [:]
    private var file = ConfigurationFile()
    private var path: String?

    init(environment: [String: String]) {
        self.environment = environment
    }

    /// Keeps the options of a command line.
    /// - Returns: the words that are no options.
    mutating func take(_ tokens: [OptionScanner.Token], definitions: [ArgumentDefinition]) throws -> [String] {
        var positions: [String] = []
        for token in tokens {
            switch token {
            case .positional(let word):
                positions.append(word)
            case .option(Self.fileOption, let value):
                path = value
            case .option(let name, let value):
                let (key, word) = Self.canonical(name, value, definitions)
                commandLine[key, default: []].append(word)
            }
        }
        return positions
    }

    /// The first name of the option that `name` belongs to, and the word that it stands for.
    private static func canonical(
        _ name: ArgumentName, _ value: String?, _ definitions: [ArgumentDefinition]
    ) -> (ArgumentName, String) {
        if let definition = definitions.first(where: { $0.names.contains(name) }), let first = definition.names.first {
            return (first, value ?? "true")
        }
        if case .long(let long) = name, long.hasPrefix("no-"),
            let definition = definitions.first(where: { $0.longName == String(long.dropFirst(3)) }),
            let first = definition.names.first
        {
            return (first, "false")
        }
        return (name, value ?? "true")
    }

    /// Reads the file that `--config` or `SHEAF_CONFIG` names.
    /// - Parameter knownKeys: the long names of every command of the tool, so that one file can serve them all.
    mutating func readFile(knownKeys: Set<String>) throws {
        guard let path = path ?? environment["SHEAF_CONFIG"], !path.isEmpty else { return }
        let file = try ConfigurationFile(path: path)
        for key in file.values.keys.sorted() where !knownKeys.contains(key) {
            throw UsageError("\(path): unknown key '\(key)'." + CommandParser.question(key, among: knownKeys.sorted()))
        }
        self.file = file
        self.path = path
    }

    /// Gives an option or flag the words of the first source that has any.
    func store(_ definition: ArgumentDefinition) throws {
        if let name = definition.names.first, let words = commandLine[name] {
            return try Self.store(words, in: definition, from: nil)
        }
        if let variable = definition.environmentVariable, let text = environment[variable], !text.isEmpty {
            let words = definition.isRepeating ? Self.splitAtCommas(text) : [text]
            return try Self.store(words, in: definition, from: variable)
        }
        if let key = definition.longName, let words = file.values[key] {
            return try Self.store(words, in: definition, from: path)
        }
        if definition.isRequired { throw UsageError("Missing expected option '\(definition.displayName)'.") }
    }

    static func store(_ words: [String], in definition: ArgumentDefinition, from source: String?) throws {
        do {
            try definition.store(words)
        } catch {
            let values = words.map { "'\($0)'" }.joined(separator: ", ")
            let origin = source.map { " (from \($0))" } ?? ""
            var message = "The value \(values) is invalid for '\(definition.displayName)'\(origin)"
            if !(error is UnusableValue) { message += ": \(error)" }
            if !definition.allValues.isEmpty {
                message += "; expected one of: \(definition.allValues.joined(separator: ", "))"
            }
            message += "."
            // What the option takes, unless the message has said it.
            if error is UnusableValue, definition.allValues.isEmpty, !definition.help.abstract.isEmpty {
                message += "\nHelp:  \(definition.displayName)  \(definition.help.abstract)"
            }
            throw UsageError(message)
        }
    }

    /// `a,b\,c` → `a`, `b,c`; blanks around elements are dropped.
    static func splitAtCommas(_ text: String) -> [String] {
        var elements = [""]
        var isEscaped = false
        for character in text {
            if isEscaped {
                elements[elements.count - 1] += character == "," ? "," : "\\\(character)"
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "," {
                elements.append("")
            } else {
                elements[elements.count - 1].append(character)
            }
        }
        if isEscaped { elements[elements.count - 1].append("\\") }
        return elements.map { element in
            var trimmed = element.drop(while: \.isWhitespace)
            while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
            return String(trimmed)
        }.filter { !$0.isEmpty }
    }
}
