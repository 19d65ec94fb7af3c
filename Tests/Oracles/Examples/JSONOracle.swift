import Foundation

/// The JSON decoder of Foundation.
public enum JSONOracle: ExampleOracle {
    public static let name = "json"

    /// A real text: what the instructions of the machine are.
    public static func inputs(examples: URL) throws -> [(name: String, bytes: [UInt8])] {
        [(name, [UInt8](try Data(contentsOf: examples.appendingPathComponent("json/rv32im.json"))))]
    }

    public static func journal(of input: [UInt8]) throws -> [UInt8] {
        let value = try JSONDecoder().decode(Value.self, from: Data(input))
        var counts = [UInt32](repeating: 0, count: 7)
        let text = value.canonical(depth: 0, &counts)
        return counts.flatMap(Words.bytes) + [UInt8](text.utf8)
    }

    private enum Value: Decodable {
        case null
        case boolean(Bool)
        case number(Decimal)
        case string(String)
        case array([Value])
        case object([String: Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(Bool.self) {
                self = .boolean(value)
            } else if let value = try? container.decode(Decimal.self) {
                self = .number(value)
            } else if let value = try? container.decode(String.self) {
                self = .string(value)
            } else if let value = try? container.decode([Value].self) {
                self = .array(value)
            } else {
                self = .object(try container.decode([String: Value].self))
            }
        }

        func canonical(depth: UInt32, _ counts: inout [UInt32]) -> String {
            counts[6] = max(counts[6], depth)
            switch self {
            case .null:
                counts[0] += 1
                return "null"
            case .boolean(let value):
                counts[1] += 1
                return "\(value)"
            case .number(let value):
                counts[2] += 1
                return "\(value)"
            case .string(let value):
                counts[3] += 1
                return Self.quoted(value)
            case .array(let elements):
                counts[4] += 1
                return "[" + elements.map { $0.canonical(depth: depth + 1, &counts) }.joined(separator: ",") + "]"
            case .object(let members):
                counts[5] += 1
                let texts = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
                    Self.quoted($0.key) + ":" + $0.value.canonical(depth: depth + 1, &counts)
                }
                return "{" + texts.joined(separator: ",") + "}"
            }
        }

        private static func quoted(_ text: String) -> String {
            let escaped = text.unicodeScalars.map { scalar in
                switch scalar.value {
                case 0..<0x20: String(format: "\\u%04x", scalar.value)
                case 0x22, 0x5C: "\\" + String(scalar)
                default: String(scalar)
                }
            }
            return "\"" + escaped.joined() + "\""
        }
    }
}
