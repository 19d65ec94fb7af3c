/// A value found by its place: `sheaf prove program.elf`.
///
///     @Argument(help: "The program, an ELF file.") var program: String
///     @Argument(help: "Receipts.") var receipts: [String] = []
///
/// An array takes all words that are left, so it comes last.
@propertyWrapper
public struct Argument<Value>: ArgumentDeclaring {
    private var declared: ArgumentValue<Value>
    private let help: ArgumentHelp

    public var wrappedValue: Value {
        get { declared.slot.read() }
        nonmutating set { declared.slot.value = newValue }
    }

    private init(_ declared: ArgumentValue<Value>, _ help: ArgumentHelp) {
        self.declared = declared
        self.help = help
    }

    func definitions(property: String) -> [ArgumentDefinition] {
        [
            declared.definition(
                kind: .positional, names: [], help: help, valueName: help.valueName ?? kebabCase(property))
        ]
    }

    public init(wrappedValue: Value, help: ArgumentHelp = "") where Value: ExpressibleByArgument {
        self.init(.single(default: wrappedValue), help)
    }

    /// Without a default: it must be given.
    public init(help: ArgumentHelp = "") where Value: ExpressibleByArgument {
        self.init(.single(default: nil), help)
    }

    public init(help: ArgumentHelp = "", transform: @escaping (String) throws -> Value) {
        self.init(.single(default: nil, transform: transform), help)
    }

    public init<Wrapped: ExpressibleByArgument>(help: ArgumentHelp = "") where Value == Wrapped? {
        self.init(.optional(default: nil), help)
    }

    public init<Element: ExpressibleByArgument>(wrappedValue: [Element], help: ArgumentHelp = "")
    where Value == [Element] {
        self.init(.array(default: wrappedValue), help)
    }

    /// Without a default: at least one must be given.
    public init<Element: ExpressibleByArgument>(help: ArgumentHelp = "") where Value == [Element] {
        self.init(.array(default: nil), help)
    }
}
