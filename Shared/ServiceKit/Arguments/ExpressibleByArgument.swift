/// A type that one word of a command line can give.
public protocol ExpressibleByArgument {
    /// Nil when `argument` is no value of this type.
    init?(argument: String)

    /// How help shows this value as a default.
    var defaultValueDescription: String { get }

    /// All values, where there are few; help and error messages list them.
    static var allValueStrings: [String] { get }
}

extension ExpressibleByArgument {
    public var defaultValueDescription: String { "\(self)" }
    public static var allValueStrings: [String] { [] }
}

extension ExpressibleByArgument where Self: CaseIterable {
    public static var allValueStrings: [String] { allCases.map(\.defaultValueDescription) }
}

extension RawRepresentable where Self: ExpressibleByArgument, RawValue: ExpressibleByArgument {
    public init?(argument: String) {
        guard let rawValue = RawValue(argument: argument) else { return nil }
        self.init(rawValue: rawValue)
    }

    public var defaultValueDescription: String { rawValue.defaultValueDescription }
}

extension ExpressibleByArgument where Self: LosslessStringConvertible {
    public init?(argument: String) {
        self.init(argument)
    }
}

extension String: ExpressibleByArgument {
    public init?(argument: String) {
        self = argument
    }
}

extension Int: ExpressibleByArgument {}
extension Int32: ExpressibleByArgument {}
extension Int64: ExpressibleByArgument {}
extension UInt8: ExpressibleByArgument {}
extension UInt16: ExpressibleByArgument {}
extension UInt32: ExpressibleByArgument {}
extension UInt64: ExpressibleByArgument {}
extension UInt: ExpressibleByArgument {}
extension Double: ExpressibleByArgument {}

extension Bool: ExpressibleByArgument {
    /// Takes what configuration files and environments say: `true yes on 1`, `false no off 0`, in any case.
    public init?(argument: String) {
        switch argument.lowercased() {
        case "true", "yes", "on", "1": self = true
        case "false", "no", "off", "0": self = false
        default: return nil
        }
    }

    public static var allValueStrings: [String] { ["true", "false"] }
}
