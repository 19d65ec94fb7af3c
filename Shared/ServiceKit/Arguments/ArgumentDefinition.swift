/// One declared option, flag or argument, seen by the parser and by help.
struct ArgumentDefinition {
    enum Kind: Hashable {
        /// Takes no value; with an inversion, `--no-NAME` sets it to false.
        case flag(isInvertible: Bool)
        /// Takes one value each time that it is given.
        case option
        /// Found by its place.
        case positional
    }

    var kind: Kind
    /// Empty for a positional argument.
    var names: [ArgumentName]
    var help: ArgumentHelp
    var valueName: String
    /// Must be given by some source.
    var isRequired: Bool
    /// Takes more than one value.
    var isRepeating: Bool
    var defaultDescription: String?
    var allValues: [String]
    /// Sets the property from the words that one source gave for it, in their order.
    var store: ([String]) throws -> Void

    var longName: String? {
        for case .long(let name) in names { return name }
        return nil
    }

    /// The variable that gives the value when the command line does not; nil for what has no long name.
    var environmentVariable: String? {
        longName.map(ArgumentDefinition.environmentVariable(forLongName:))
    }

    /// `topic-prefix` → `SHEAF_TOPIC_PREFIX`.
    static func environmentVariable(forLongName name: String) -> String {
        "SHEAF_" + name.uppercased().replacing("-", with: "_")
    }

    /// How messages and usage name it: `--brokers <brokers>`, `<program>`.
    var displayName: String {
        switch kind {
        case .positional: "<\(valueName)>"
        case .flag: preferredName
        case .option: "\(preferredName) <\(valueName)>"
        }
    }

    /// The long name if there is one, as it is typed.
    var preferredName: String {
        longName.map { "--\($0)" } ?? names.first?.spelled ?? "<\(valueName)>"
    }
}

/// The place where a property wrapper keeps its value. It is shared by the copies of a command that is being parsed,
/// so that the parser can fill what reflection shows it.
final class ArgumentSlot<Value> {
    var value: Value?

    init(_ value: Value?) {
        self.value = value
    }

    /// The value, which the parser has set or found to be missing before any code of the command runs.
    func read() -> Value {
        guard let value else {
            preconditionFailure("an argument was read before its command was parsed")
        }
        return value
    }
}

/// A property wrapper that declares arguments.
protocol ArgumentDeclaring {
    /// - Parameter property: the name of the wrapped property.
    func definitions(property: String) -> [ArgumentDefinition]
}

extension ParsableArguments {
    /// What the wrappers of this instance declare, in the order of the source.
    var definitions: [ArgumentDefinition] {
        Mirror(reflecting: self).children.flatMap { child -> [ArgumentDefinition] in
            guard let wrapper = child.value as? any ArgumentDeclaring, let label = child.label else { return [] }
            return wrapper.definitions(property: label.hasPrefix("_") ? String(label.dropFirst()) : label)
        }
    }

    /// The groups of this instance, for validation.
    var groups: [any OptionGroupDeclaring] {
        Mirror(reflecting: self).children.compactMap { $0.value as? any OptionGroupDeclaring }
    }
}
