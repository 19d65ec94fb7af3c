/// What `Option` and `Argument` have in common: how words become a value, and what there is without them.
struct ArgumentValue<Value> {
    let slot: ArgumentSlot<Value>
    let isRequired: Bool
    let isRepeating: Bool
    let defaultDescription: String?
    let allValues: [String]
    /// Nil for a word that is no value; the parser then says what was expected.
    let convert: ([String]) throws -> Value?

    func definition(
        kind: ArgumentDefinition.Kind, names: [ArgumentName], help: ArgumentHelp, valueName: String
    ) -> ArgumentDefinition {
        ArgumentDefinition(
            kind: kind, names: names, help: help, valueName: valueName, isRequired: isRequired,
            isRepeating: isRepeating, defaultDescription: defaultDescription, allValues: allValues,
            store: { words in
                guard let value = try convert(words) else { throw UnusableValue(words: words) }
                slot.value = value
            })
    }

    /// A single value of which the last word counts.
    static func single(default value: Value?, transform: @escaping (String) throws -> Value) -> Self {
        Self(
            slot: ArgumentSlot(value), isRequired: value == nil, isRepeating: false,
            defaultDescription: value.map { "\($0)" }, allValues: [],
            convert: { words in try words.last.map(transform) })
    }
}

extension ArgumentValue where Value: ExpressibleByArgument {
    static func single(default value: Value?) -> Self {
        Self(
            slot: ArgumentSlot(value), isRequired: value == nil, isRepeating: false,
            defaultDescription: value?.defaultValueDescription, allValues: Value.allValueStrings,
            convert: { words in words.last.flatMap(Value.init(argument:)) })
    }
}

extension ArgumentValue {
    static func optional<Wrapped>(
        default value: Wrapped?, transform: @escaping (String) throws -> Wrapped
    ) -> Self where Value == Wrapped? {
        Self(
            slot: ArgumentSlot(.some(value)), isRequired: false, isRepeating: false,
            defaultDescription: value.map { "\($0)" }, allValues: [],
            convert: { words in try words.last.map(transform).map { .some($0) } })
    }

    static func optional<Wrapped: ExpressibleByArgument>(default value: Wrapped?) -> Self where Value == Wrapped? {
        Self(
            slot: ArgumentSlot(.some(value)), isRequired: false, isRepeating: false,
            defaultDescription: value?.defaultValueDescription, allValues: Wrapped.allValueStrings,
            convert: { words in words.last.flatMap(Wrapped.init(argument:)).map { .some($0) } })
    }

    static func array<Element: ExpressibleByArgument>(default value: [Element]?) -> Self where Value == [Element] {
        let description = value.map { $0.map(\.defaultValueDescription).joined(separator: ",") }
        return Self(
            slot: ArgumentSlot(value), isRequired: value == nil, isRepeating: true,
            defaultDescription: description, allValues: Element.allValueStrings,
            convert: { words in
                let elements = words.compactMap(Element.init(argument:))
                return elements.count == words.count ? elements : nil
            })
    }
}

/// A word that the declared type does not take.
struct UnusableValue: Error {
    let words: [String]
}
