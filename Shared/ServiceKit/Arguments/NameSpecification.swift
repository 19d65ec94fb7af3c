/// The names under which an option or flag is given.
///
/// `.long` makes `--topic-prefix` of a property `topicPrefix`; `.short` makes `-t` of it.
public struct NameSpecification: Sendable, ExpressibleByArrayLiteral {
    public enum Element: Sendable, Hashable {
        case long
        case short
        case customLong(String)
        case customShort(Character)
    }

    let elements: [Element]

    public init(arrayLiteral elements: Element...) {
        self.elements = elements
    }

    public static var long: NameSpecification { [.long] }
    public static var short: NameSpecification { [.short] }
    public static var shortAndLong: NameSpecification { [.short, .long] }
    public static func customLong(_ name: String) -> NameSpecification { [.customLong(name)] }
    public static func customShort(_ character: Character) -> NameSpecification { [.customShort(character)] }

    func names(forProperty property: String) -> [ArgumentName] {
        let long = kebabCase(property)
        return elements.map { element in
            switch element {
            case .long: .long(long)
            case .short: .short(long.first ?? "?")
            case .customLong(let name): .long(name)
            case .customShort(let character): .short(character)
            }
        }
    }
}

/// One spelling of an option.
enum ArgumentName: Hashable, Sendable {
    case long(String)
    case short(Character)

    /// As it is typed: `--brokers`, `-b`.
    var spelled: String {
        switch self {
        case .long(let name): "--\(name)"
        case .short(let character): "-\(character)"
        }
    }
}

/// `topicPrefix` → `topic-prefix`, `httpURL` → `http-url`, `limitLog2` → `limit-log2`.
func kebabCase(_ name: String) -> String {
    let characters = Array(name)
    var result = ""
    for (index, character) in characters.enumerated() {
        if character.isUppercase, index > 0 {
            let startsWord =
                !characters[index - 1].isUppercase
                || (index + 1 < characters.count && characters[index + 1].isLowercase)
            if startsWord { result.append("-") }
        }
        result.append(contentsOf: character.lowercased())
    }
    return result
}
