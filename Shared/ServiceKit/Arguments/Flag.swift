/// How a flag that is on by default is turned off.
public enum FlagInversion: Sendable {
    /// `--no-NAME` beside `--NAME`.
    case prefixedNo
}

/// A switch: `--json`, `SHEAF_JSON=true`, or `json = true` in the configuration file.
///
///     @Flag(name: .shortAndLong, help: "Say more.") var verbose = false
///     @Flag(inversion: .prefixedNo, help: "Compress the receipt.") var compress = true
///     @Flag(name: .short, help: "Say more; twice, still more.") var verbosity: Int
@propertyWrapper
public struct Flag<Value>: ArgumentDeclaring {
    private let slot: ArgumentSlot<Value>
    private let name: NameSpecification
    private let help: ArgumentHelp
    private let isInvertible: Bool
    private let defaultDescription: String?
    private let convert: ([String]) -> Value?

    public var wrappedValue: Value {
        get { slot.read() }
        nonmutating set { slot.value = newValue }
    }

    func definitions(property: String) -> [ArgumentDefinition] {
        let (slot, convert) = (self.slot, self.convert)
        return [
            ArgumentDefinition(
                kind: .flag(isInvertible: isInvertible), names: name.names(forProperty: property), help: help,
                valueName: kebabCase(property), isRequired: false, isRepeating: false,
                defaultDescription: defaultDescription, allValues: [],
                store: { words in
                    guard let value = convert(words) else { throw UnusableValue(words: words) }
                    slot.value = value
                })
        ]
    }

    /// On or off. Each word is `true` or `false`; the last counts.
    public init(
        wrappedValue: Value, name: NameSpecification = .long, inversion: FlagInversion? = nil, help: ArgumentHelp = ""
    ) where Value == Bool {
        slot = ArgumentSlot(wrappedValue)
        self.name = name
        self.help = help
        isInvertible = inversion != nil
        defaultDescription = inversion == nil ? nil : "--\(wrappedValue ? "" : "no-")…"
        convert = { words in words.last.flatMap(Bool.init(argument:)) }
    }

    /// How often it is given; the environment and the file give the number.
    public init(name: NameSpecification = .long, help: ArgumentHelp = "") where Value == Int {
        slot = ArgumentSlot(0)
        self.name = name
        self.help = help
        isInvertible = false
        defaultDescription = nil
        convert = { words in
            if words.count == 1, let number = Int(words[0]), number >= 0 { return number }
            return words.allSatisfy { $0 == "true" } ? words.count : nil
        }
    }
}
