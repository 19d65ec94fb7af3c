/// Headers as one column: for each, length and bytes of its name, length and bytes of its value; lengths are four bytes,
/// little-endian.
enum HeaderCoding {
    /// Nil without headers.
    static func encode(_ headers: [Header]) -> [UInt8]? {
        if headers.isEmpty { return nil }
        var bytes: [UInt8] = []
        for header in headers {
            append(Array(header.name.utf8), to: &bytes)
            append(header.value, to: &bytes)
        }
        return bytes
    }

    private static func append(_ field: [UInt8], to bytes: inout [UInt8]) {
        let length = UInt32(field.count)
        for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: length >> UInt32(shift))) }
        bytes += field
    }

    /// Nil for bytes that `encode` does not make.
    static func decode(_ bytes: [UInt8]) -> [Header]? {
        var headers: [Header] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let name = field(&rest), let value = field(&rest) else { return nil }
            headers.append(Header(String(decoding: name, as: UTF8.self), Array(value)))
        }
        return headers
    }

    private static func field(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard rest.count >= 4 else { return nil }
        let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        guard length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }
}
