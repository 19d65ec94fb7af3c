/// A named value: `--brokers host:9092`, `SHEAF_BROKERS=host:9092`, or `brokers = host:9092` in the configuration file.
///
///     @Option(name: .shortAndLong, help: "Bootstrap brokers.") var brokers = "localhost:9092"
///     @Option(help: "Any librdkafka option.") var kafka: [String] = []
///     @Option(help: "Node name.") var node: String?
///
/// The command line wins over the environment, that over the file, that over the default. An array takes the option
/// repeatedly; in the environment its elements are separated by commas (`\,` is a comma).
@propertyWrapper
public struct Option<Value>: ArgumentDeclaring {
    private var declared: ArgumentValue<Value>
    private let name: NameSpecification
    private let help: ArgumentHelp

    public var wrappedValue: Value {
        get { declared.slot.read() }
        nonmutating set { declared.slot.value = newValue }
    }

    private init(_ declared: ArgumentValue<Value>, _ name: NameSpecification, _ help: ArgumentHelp) {
        self.declared = declared
        self.name = name
        self.help = help
    }

    func definitions(property: String) -> [ArgumentDefinition] {
        let names = name.names(forProperty: property)
        return [
            declared.definition(
                kind: .option, names: names, help: help, valueName: help.valueName ?? kebabCase(property))
        ]
    }

    public init(wrappedValue: Value, name: NameSpecification = .long, help: ArgumentHelp = "")
    where Value: ExpressibleByArgument {
        self.init(.single(default: wrappedValue), name, help)
    }

    /// Without a default: it must be given.
    public init(name: NameSpecification = .long, help: ArgumentHelp = "") where Value: ExpressibleByArgument {
        self.init(.single(default: nil), name, help)
    }

    public init(
        wrappedValue: Value, name: NameSpecification = .long, help: ArgumentHelp = "",
        transform: @escaping (String) throws -> Value
    ) {
        self.init(.single(default: wrappedValue, transform: transform), name, help)
    }

    public init(
        name: NameSpecification = .long, help: ArgumentHelp = "", transform: @escaping (String) throws -> Value
    ) {
        self.init(.single(default: nil, transform: transform), name, help)
    }

    public init<Wrapped: ExpressibleByArgument>(
        wrappedValue: Wrapped?, name: NameSpecification = .long, help: ArgumentHelp = ""
    ) where Value == Wrapped? {
        self.init(.optional(default: wrappedValue), name, help)
    }

    public init<Wrapped: ExpressibleByArgument>(name: NameSpecification = .long, help: ArgumentHelp = "")
    where Value == Wrapped? {
        self.init(.optional(default: nil), name, help)
    }

    public init<Wrapped>(
        name: NameSpecification = .long, help: ArgumentHelp = "", transform: @escaping (String) throws -> Wrapped
    ) where Value == Wrapped? {
        self.init(.optional(default: nil, transform: transform), name, help)
    }

    public init<Element: ExpressibleByArgument>(
        wrappedValue: [Element], name: NameSpecification = .long, help: ArgumentHelp = ""
    ) where Value == [Element] {
        self.init(.array(default: wrappedValue), name, help)
    }

    public init<Element: ExpressibleByArgument>(name: NameSpecification = .long, help: ArgumentHelp = "")
    where Value == [Element] {
        self.init(.array(default: nil), name, help)
    }
}
