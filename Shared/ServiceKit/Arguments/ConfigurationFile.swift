import FoundationEssentials

/// Values of options by their long names, from a file of `key = value` lines or a JSON object.
///
///     # every service of the house
///     brokers = kafka-1:9093, kafka-2:9093
///     kafka = security.protocol=ssl
///     kafka = ssl.ca.location=/etc/sheaf/ca.pem
///
/// A line that begins with `#` is a comment; a key that comes repeatedly gives an array; quotes around a value are
/// dropped. In JSON, values are strings, numbers, booleans or arrays of these. At most 1 MiB.
struct ConfigurationFile {
    static let maximumSize = 1 << 20

    /// The words given for a key, in their order.
    private(set) var values: [String: [String]] = [:]

    init() {}

    /// - Throws: `UsageError` for a file that cannot be read or does not parse, with its line.
    init(path: String) throws {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw UsageError("Cannot read configuration file '\(path)'.")
        }
        guard bytes.count <= Self.maximumSize, let text = String(bytes: bytes, encoding: .utf8) else {
            throw UsageError("Configuration file '\(path)' is larger than 1 MiB or not UTF-8.")
        }
        try self.init(text: text, path: path)
    }

    init(text: String, path: String) throws {
        if text.drop(while: \.isWhitespace).first == "{" {
            values = try Self.parseObject(text, path: path)
        } else {
            values = try Self.parseLines(text, path: path)
        }
    }

    private static func parseLines(_ text: String, path: String) throws -> [String: [String]] {
        var values: [String: [String]] = [:]
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            let line = trim(line)
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let equals = line.firstIndex(of: "=") else {
                throw UsageError("\(path):\(number + 1): expected 'key = value', got '\(line)'.")
            }
            let key = String(trim(line[..<equals]))
            var value = trim(line[line.index(after: equals)...])
            if value.count >= 2, let quote = value.first, quote == value.last, quote == "\"" || quote == "'" {
                value = value.dropFirst().dropLast()
            }
            guard !key.isEmpty else {
                throw UsageError("\(path):\(number + 1): expected 'key = value', got '\(line)'.")
            }
            values[key, default: []].append(String(value))
        }
        return values
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    private static func parseObject(_ text: String, path: String) throws -> [String: [String]] {
        do {
            return try JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8)).mapValues(\.words)
        } catch {
            throw UsageError(
                "\(path): expected a JSON object whose values are strings, numbers, booleans or arrays of these.")
        }
    }
}

/// A value of the file's JSON form.
private enum JSONValue: Decodable {
    case words([String])

    var words: [String] {
        switch self {
        case .words(let words): words
        }
    }

    init(from decoder: any Decoder) throws {
        if var list = try? decoder.unkeyedContainer() {
            var words: [String] = []
            while !list.isAtEnd { words.append(try list.decode(JSONScalar.self).word) }
            self = .words(words)
        } else {
            self = .words([try JSONScalar(from: decoder).word])
        }
    }
}

private struct JSONScalar: Decodable {
    let word: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            word = "\(value)"
        } else if let value = try? container.decode(Int64.self) {
            word = "\(value)"
        } else if let value = try? container.decode(Double.self) {
            word = "\(value)"
        } else {
            word = try container.decode(String.self)
        }
    }
}
