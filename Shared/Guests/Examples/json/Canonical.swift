/// What a text is made of, counted while it is written.
final class Census {
    var nulls: UInt32 = 0
    var booleans: UInt32 = 0
    var numbers: UInt32 = 0
    var strings: UInt32 = 0
    var arrays: UInt32 = 0
    var objects: UInt32 = 0
    /// The deepest nesting: 0 for a value that is neither array nor object.
    var depth: UInt32 = 0
}

/// Where bytes go.
protocol ByteSink {
    mutating func write(_ byte: UInt8)
    mutating func write(_ bytes: [UInt8])
}

extension Array: ByteSink where Element == UInt8 {
    mutating func write(_ byte: UInt8) { append(byte) }
    mutating func write(_ bytes: [UInt8]) { append(contentsOf: bytes) }
}

/// Writes a value in its one canonical form: no white space, the members of an object by rising bytes of their names, no
/// escape but for quotes, backslashes and control characters.
struct CanonicalWriter<Sink: ByteSink> {
    var sink: Sink
    let census: Census

    /// Throws when an object has two members of one name.
    mutating func write(_ value: JSONValue, depth: UInt32 = 0) throws(ParseError) {
        census.depth = max(census.depth, depth)
        switch value {
        case .null:
            census.nulls += 1
            write("null")
        case .boolean(let isTrue):
            census.booleans += 1
            write(isTrue ? "true" : "false")
        case .number(let text):
            census.numbers += 1
            sink.write(text)
        case .string(let bytes):
            census.strings += 1
            writeString(bytes)
        case .array(let elements):
            census.arrays += 1
            var separator = UInt8(ascii: "[")
            for element in elements {
                sink.write(separator)
                separator = UInt8(ascii: ",")
                try write(element, depth: depth + 1)
            }
            write(elements.isEmpty ? "[]" : "]")
        case .object(let members):
            census.objects += 1
            try writeObject(members, depth: depth)
        }
    }

    private mutating func writeObject(_ members: [JSONValue.Member], depth: UInt32) throws(ParseError) {
        var separator = UInt8(ascii: "{")
        let sorted = sortedByName(members)
        for place in sorted.indices {
            if place > 0, sorted[place - 1].name == sorted[place].name {
                throw ParseError(reason: .repeatedName, position: 0)
            }
            sink.write(separator)
            separator = UInt8(ascii: ",")
            writeString(sorted[place].name)
            sink.write(UInt8(ascii: ":"))
            try write(sorted[place].value, depth: depth + 1)
        }
        write(members.isEmpty ? "{}" : "}")
    }

    /// By insertion: objects have few members.
    private func sortedByName(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
        var sorted: [JSONValue.Member] = []
        sorted.reserveCapacity(members.count)
        for member in members {
            var place = sorted.count
            while place > 0, member.name.lexicographicallyPrecedes(sorted[place - 1].name) {
                place -= 1
            }
            sorted.insert(member, at: place)
        }
        return sorted
    }

    private mutating func writeString(_ bytes: [UInt8]) {
        sink.write(UInt8(ascii: "\""))
        for byte in bytes {
            if byte < 0x20 {
                write("\\u00")
                sink.write(UInt8(ascii: "0") + byte >> 4)
                let low = byte & 15
                sink.write(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") - 10 + low)
                continue
            }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                sink.write(UInt8(ascii: "\\"))
            }
            sink.write(byte)
        }
        sink.write(UInt8(ascii: "\""))
    }

    private mutating func write(_ text: StaticString) {
        for place in 0..<text.utf8CodeUnitCount {
            sink.write(text.utf8Start[place])
        }
    }
}
