/// Arguments that several commands share, declared once.
///
///     struct Cluster: ParsableArguments {
///         @Option(help: "Bootstrap brokers.") var brokers = "localhost:9092"
///     }
///     struct Watch: ParsableCommand {
///         @OptionGroup var cluster: Cluster
///     }
@propertyWrapper
public struct OptionGroup<Value: ParsableArguments>: ArgumentDeclaring, OptionGroupDeclaring {
    public var wrappedValue: Value

    public init() {
        wrappedValue = Value()
    }

    func definitions(property: String) -> [ArgumentDefinition] {
        wrappedValue.definitions
    }

    func validateGroup() throws {
        var value = wrappedValue
        try value.validateAll()
    }
}

/// A wrapper whose arguments have a check of their own.
protocol OptionGroupDeclaring {
    func validateGroup() throws
}

extension ParsableArguments {
    mutating func validateAll() throws {
        for group in groups { try group.validateGroup() }
        try validate()
    }
}
