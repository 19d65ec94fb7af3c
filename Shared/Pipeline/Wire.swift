import Foundation

/// Why bytes are not the message that they were taken for.
public enum MessageError: Error, Equatable, CustomStringConvertible {
    case tooLarge(bytes: Int, limit: Int)
    case malformed(String)
    /// A version that this build does not know; the record waits in `deadletters` for one that does.
    case version(got: Int, supported: Int)
    case invalid(field: String, value: String)

    public var description: String {
        switch self {
        case .tooLarge(let bytes, let limit): "the message has \(bytes) bytes; at most \(limit) are read"
        case .malformed(let what): "the message is malformed: \(what)"
        case .version(let got, let supported):
            "the message has version \(got); this build reads version \(supported): update it, or send that version"
        case .invalid(let field, let value): "\(field) is not valid: \(value.prefix(100))"
        }
    }
}

/// A control message: JSON in one record, small, with a version.
///
/// Unknown fields are ignored; an unknown version is refused, never guessed at.
public protocol ControlMessage: Codable, Sendable {
    /// The largest encoding that is read: bytes.
    static var maximumBytes: Int { get }
    /// Checks what a type cannot say: ranges, names, sums. Throws `MessageError.invalid`.
    func validate() throws
}

extension ControlMessage {
    public static var maximumBytes: Int { 64 * 1024 }
    public static var version: Int { 1 }
    public func validate() throws {}

    /// Canonical JSON: sorted keys, no spaces, `version` first among equals.
    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(Versioned(version: Self.version, message: self)))
    }

    /// Reads a message that nobody vouches for.
    public static func decoded(_ bytes: some Collection<UInt8>) throws(MessageError) -> Self {
        guard bytes.count <= maximumBytes else { throw .tooLarge(bytes: bytes.count, limit: maximumBytes) }
        do {
            let data = Data(bytes)
            let found = try JSONDecoder().decode(VersionOnly.self, from: data).version ?? Self.version
            guard found == Self.version else { throw MessageError.version(got: found, supported: Self.version) }
            let message = try JSONDecoder().decode(Self.self, from: data)
            try message.validate()
            return message
        } catch let error as MessageError {
            throw error
        } catch let error as DecodingError {
            throw .malformed(Self.describe(error))
        } catch {
            throw .malformed(String(describing: error))
        }
    }

    private static func describe(_ error: DecodingError) -> String {
        func place(_ path: [any CodingKey]) -> String {
            path.isEmpty ? "" : " at " + path.map(\.stringValue).joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context): return "\(key.stringValue) is missing\(place(context.codingPath))"
        case .typeMismatch(let type, let context): return "no \(type)\(place(context.codingPath))"
        case .valueNotFound(let type, let context): return "null for \(type)\(place(context.codingPath))"
        case .dataCorrupted(let context): return context.debugDescription + place(context.codingPath)
        @unknown default: return "unreadable"
        }
    }
}

private struct VersionOnly: Decodable {
    let version: Int?
}

/// A message with its version beside its own fields.
private struct Versioned<Message: Encodable>: Encodable {
    let version: Int
    let message: Message

    private enum Keys: String, CodingKey { case version }

    func encode(to encoder: any Encoder) throws {
        try message.encode(to: encoder)
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(version, forKey: .version)
    }
}

func require(_ condition: Bool, _ field: String, _ value: @autoclosure () -> some CustomStringConvertible) throws {
    if !condition { throw MessageError.invalid(field: field, value: value().description) }
}

extension String {
    var isLowerHex: Bool {
        utf8.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
    }
}
