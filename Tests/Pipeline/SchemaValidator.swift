import Foundation

/// As much of JSON Schema (draft 2020-12) as docs/schemas uses; a keyword that it does not know is an error, so that no
/// rule of a schema is passed over.
enum SchemaValidator {
    /// What in `value` breaks `schema`; empty if nothing does.
    static func complaints(_ value: Any, _ schema: [String: Any], at place: String = "$") -> [String] {
        schema.flatMap { keyword, rule in complaints(value, keyword, rule, at: place) }.sorted()
    }

    private static func complaints(_ value: Any, _ keyword: String, _ rule: Any, at place: String) -> [String] {
        func unless(_ holds: Bool) -> [String] { holds ? [] : ["\(place): \(keyword) \(rule), got \(value)"] }
        let object = value as? [String: Any], array = value as? [Any], text = value as? String
        let number = (value as? NSNumber)?.doubleValue
        switch keyword {
        case "$schema", "title", "description": return []
        case "type": return unless(hasType(value, rule as? String ?? ""))
        case "const": return unless((value as? NSObject) == (rule as? NSObject))
        case "enum": return unless((rule as? [String])?.contains(text ?? "\0") == true)
        case "minimum": return unless((number ?? -.infinity) >= (rule as? Double ?? .nan))
        case "maximum": return unless((number ?? .infinity) <= (rule as? Double ?? .nan))
        case "maxLength": return unless((text?.count ?? .max) <= rule as? Int ?? 0)
        case "minItems": return unless((array?.count ?? 0) >= rule as? Int ?? 0)
        case "maxItems": return unless((array?.count ?? .max) <= rule as? Int ?? 0)
        case "pattern": return unless(text?.range(of: rule as? String ?? "", options: .regularExpression) != nil)
        case "required": return unless((rule as? [String] ?? []).allSatisfy { object?[$0] != nil })
        case "items":
            return (array ?? []).enumerated().flatMap {
                complaints($1, rule as? [String: Any] ?? [:], at: "\(place)[\($0)]")
            }
        case "properties":
            return (rule as? [String: [String: Any]] ?? [:]).flatMap { name, schema in
                object?[name].map { complaints($0, schema, at: "\(place).\(name)") } ?? []
            }
        case "oneOf":
            return unless((rule as? [[String: Any]] ?? []).count { complaints(value, $0, at: place).isEmpty } == 1)
        default: return ["\(place): the keyword \(keyword) is not known"]
        }
    }

    private static func hasType(_ value: Any, _ name: String) -> Bool {
        let isBool = isBoolean(value)
        switch name {
        case "object": return value is [String: Any]
        case "array": return value is [Any]
        case "string": return value is String
        case "boolean": return isBool
        case "number": return !isBool && value is NSNumber
        case "integer":
            guard !isBool, let number = value as? NSNumber else { return false }
            return number.doubleValue.rounded() == number.doubleValue
        default: return false
        }
    }

    /// Whether JSONSerialization read `true` or `false`, which on Linux are numbers as well.
    private static func isBoolean(_ value: Any) -> Bool {
        guard let number = value as? NSNumber else { return false }
        return String(cString: number.objCType) == "c"
    }
}
