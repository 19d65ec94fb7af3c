/// The text of `--help` and the usage line, made from the declarations.
struct HelpGenerator {
    let selection: CommandParser.Selection
    let hasVersion: Bool
    /// Columns, 60 or more.
    let width: Int

    /// Column at which descriptions begin.
    private static let descriptionColumn = 26

    init(_ selection: CommandParser.Selection, hasVersion: Bool, width: Int) {
        self.selection = selection
        self.hasVersion = hasVersion
        self.width = max(60, width)
    }

    private var path: String { selection.path.joined(separator: " ") }
    private var configuration: CommandConfiguration { selection.type.configuration }
    private var definitions: [ArgumentDefinition] {
        selection.type.init().definitions.filter { $0.help.visibility == .default }
    }

    /// `sheaf prove <program> [--input <input>]`, after a label, each argument whole on a line.
    func usage(_ label: String) -> String {
        wrap([label] + usageWords, indent: 7)
    }

    private var usageWords: [String] {
        if !configuration.subcommands.isEmpty { return ["\(path) <subcommand>"] }
        let definitions = definitions
        let options = definitions.filter { $0.kind != .positional }
        var words = [path]
        if options.count > 12 {
            words += options.filter(\.isRequired).map(\.displayName) + ["[<options>]"]
        } else {
            words += options.map(usageWord)
        }
        return words + definitions.filter { $0.kind == .positional }.map(usageWord)
    }

    private func usageWord(_ definition: ArgumentDefinition) -> String {
        let word = definition.displayName + (definition.isRepeating ? " ..." : "")
        return definition.isRequired ? word : "[\(word)]"
    }

    var help: String {
        var sections: [String] = []
        if !configuration.abstract.isEmpty { sections.append(wrap("OVERVIEW: \(configuration.abstract)")) }
        if !configuration.discussion.isEmpty {
            sections.append(
                configuration.discussion.split(separator: "\n", omittingEmptySubsequences: false)
                    .map { wrap(String($0)) }.joined(separator: "\n"))
        }
        sections.append(usage("USAGE:"))
        let definitions = definitions
        let positions = definitions.filter { $0.kind == .positional }
        if !positions.isEmpty { sections.append("ARGUMENTS:\n" + positions.map(row).joined(separator: "\n")) }
        let options = definitions.filter { $0.kind != .positional }
        sections.append("OPTIONS:\n" + (options.map(row) + builtInRows(options)).joined(separator: "\n"))
        let subcommands = configuration.subcommands.filter { $0.configuration.shouldDisplay }
        if !subcommands.isEmpty {
            let rows = subcommands.map { row($0.commandName, $0.configuration.abstract) }
            sections.append(
                "SUBCOMMANDS:\n" + rows.joined(separator: "\n")
                    + "\n\n  See '\(path) help <subcommand>' for detailed help.")
        }
        return sections.joined(separator: "\n\n") + "\n"
    }

    private func builtInRows(_ options: [ArgumentDefinition]) -> [String] {
        var rows: [String] = []
        if options.contains(where: { $0.longName != nil }) {
            rows.append(
                row(
                    "--config <file>",
                    "Values of options, as 'key = value' lines or JSON. (environment: SHEAF_CONFIG)"))
        }
        if hasVersion { rows.append(row("--version", "Show the version.")) }
        rows.append(row("-h, --help", "Show help information."))
        return rows
    }

    private func row(_ definition: ArgumentDefinition) -> String {
        var label: String
        switch definition.kind {
        case .positional:
            label = "<\(definition.valueName)>"
        case .option:
            label = definition.names.map(\.spelled).joined(separator: ", ") + " <\(definition.valueName)>"
        case .flag(let isInvertible):
            var names = definition.names.map(\.spelled)
            if isInvertible, let long = definition.longName { names.append("--no-\(long)") }
            label = names.joined(separator: isInvertible ? "/" : ", ")
        }
        if definition.isRepeating { label += " ..." }
        return row(label, describe(definition))
    }

    private func describe(_ definition: ArgumentDefinition) -> String {
        var facts: [String] = []
        if !definition.allValues.isEmpty { facts.append("values: \(definition.allValues.joined(separator: ", "))") }
        if let text = definition.defaultDescription, !text.isEmpty {
            let isFlag = definition.kind == .flag(isInvertible: true)
            facts.append("default: " + (isFlag ? text.replacing("…", with: definition.longName ?? "") : text))
        }
        if let variable = definition.environmentVariable { facts.append("environment: \(variable)") }
        let abstract = definition.help.abstract
        if facts.isEmpty { return abstract }
        return (abstract.isEmpty ? "" : abstract + " ") + "(\(facts.joined(separator: "; ")))"
    }

    private func row(_ label: String, _ description: String) -> String {
        let column = Self.descriptionColumn
        let start = "  " + label
        if description.isEmpty { return start }
        let text = wrap(String(repeating: " ", count: column) + description, indent: column)
        if start.count < column - 1 {
            return start + text.dropFirst(start.count)
        }
        return start + "\n" + text
    }

    private func wrap(_ text: String, indent: Int = 0) -> String {
        let start = String(text.prefix { $0 == " " })
        return wrap(text.split(separator: " ").map(String.init), start: start, indent: indent)
    }

    /// Breaks lines between words; `indent` blanks begin all lines but the first.
    private func wrap(_ words: [String], start: String = "", indent: Int) -> String {
        var lines: [String] = []
        var line = start
        var isEmpty = true
        for word in words {
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = String(repeating: " ", count: indent)
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return (lines + [line]).joined(separator: "\n")
    }
}
