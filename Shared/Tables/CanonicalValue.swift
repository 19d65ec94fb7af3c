/// Numbers of 32 bits in nested lists: what a statement says beside its tables, in the one encoding that is hashed.
///
/// A number is four bytes, little-endian; a list is its count, as a number, and then its items. Two values of one
/// schema never share an encoding; values of different schemas may, so whoever makes statements fixes the shape of
/// their claims.
public enum CanonicalValue: Hashable, Sendable {
    case number(UInt32)
    case list([CanonicalValue])

    /// A list of numbers.
    public static func numbers(_ values: some Sequence<UInt32>) -> CanonicalValue {
        .list(values.map { .number($0) })
    }

    /// Appends the encoding.
    public func encode(into bytes: inout [UInt8]) {
        switch self {
        case .number(let value):
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        case .list(let items):
            CanonicalValue.number(UInt32(items.count)).encode(into: &bytes)
            for item in items {
                item.encode(into: &bytes)
            }
        }
    }

    /// The encoding: 4 bytes for each number and each list in it.
    public var bytes: [UInt8] {
        var result: [UInt8] = []
        encode(into: &result)
        return result
    }
}
