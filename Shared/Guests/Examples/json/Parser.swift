/// A parser of one JSON text by recursive descent.
struct Parser {
    private let text: [UInt8]
    private var position = 0

    /// The deepest nesting that is accepted, so that no text can exhaust the stack.
    static let depthLimit = 256

    init(_ text: [UInt8]) {
        self.text = text
    }

    /// The value that the whole text stands for.
    static func parse(_ text: [UInt8]) throws(ParseError) -> JSONValue {
        var parser = Parser(text)
        let value = try parser.value(depth: 0)
        parser.skipWhitespace()
        guard parser.position == text.count else {
            throw parser.failure(.moreAfterEnd)
        }
        return value
    }

    private func failure(_ reason: ParseError.Reason) -> ParseError {
        ParseError(reason: reason, position: position)
    }

    private func peek() throws(ParseError) -> UInt8 {
        guard position < text.count else {
            throw failure(.unexpectedEnd)
        }
        return text[position]
    }

    private mutating func skipWhitespace() {
        while position < text.count, text[position] <= 0x20,
            text[position] == 0x20 || text[position] == 0x0A || text[position] == 0x0D || text[position] == 0x09
        {
            position += 1
        }
    }

    private mutating func expect(_ byte: UInt8) throws(ParseError) {
        guard try peek() == byte else {
            throw failure(.unexpectedByte)
        }
        position += 1
    }

    private mutating func expect(_ word: StaticString) throws(ParseError) {
        for place in 0..<word.utf8CodeUnitCount {
            try expect(word.utf8Start[place])
        }
    }

    private mutating func value(depth: Int) throws(ParseError) -> JSONValue {
        guard depth < Self.depthLimit else {
            throw failure(.tooDeep)
        }
        skipWhitespace()
        switch try peek() {
        case UInt8(ascii: "{"):
            return .object(try object(depth: depth))
        case UInt8(ascii: "["):
            return .array(try array(depth: depth))
        case UInt8(ascii: "\""):
            return .string(try string())
        case UInt8(ascii: "t"):
            try expect("true")
            return .boolean(true)
        case UInt8(ascii: "f"):
            try expect("false")
            return .boolean(false)
        case UInt8(ascii: "n"):
            try expect("null")
            return .null
        default:
            return .number(try number())
        }
    }

    private mutating func array(depth: Int) throws(ParseError) -> [JSONValue] {
        var elements: [JSONValue] = []
        try expect(UInt8(ascii: "["))
        skipWhitespace()
        if try peek() != UInt8(ascii: "]") {
            elements.append(try value(depth: depth + 1))
            skipWhitespace()
            while try peek() == UInt8(ascii: ",") {
                position += 1
                elements.append(try value(depth: depth + 1))
                skipWhitespace()
            }
        }
        try expect(UInt8(ascii: "]"))
        return elements
    }

    private mutating func object(depth: Int) throws(ParseError) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        try expect(UInt8(ascii: "{"))
        skipWhitespace()
        if try peek() != UInt8(ascii: "}") {
            members.append(try member(depth: depth))
            skipWhitespace()
            while try peek() == UInt8(ascii: ",") {
                position += 1
                members.append(try member(depth: depth))
                skipWhitespace()
            }
        }
        try expect(UInt8(ascii: "}"))
        return members
    }

    private mutating func member(depth: Int) throws(ParseError) -> JSONValue.Member {
        skipWhitespace()
        let name = try string()
        skipWhitespace()
        try expect(UInt8(ascii: ":"))
        return JSONValue.Member(name: name, value: try value(depth: depth + 1))
    }

    private mutating func string() throws(ParseError) -> [UInt8] {
        try expect(UInt8(ascii: "\""))
        var start = position
        var bytes: [UInt8] = []
        while true {
            let byte = try peek()
            if byte == UInt8(ascii: "\"") {
                // Without an escape the bytes stand in the text as they are.
                let rest = text[start..<position]
                position += 1
                return bytes.isEmpty ? [UInt8](rest) : bytes + rest
            }
            guard byte >= 0x20 else {
                throw failure(.unexpectedByte)
            }
            if byte == UInt8(ascii: "\\") {
                bytes.append(contentsOf: text[start..<position])
                position += 1
                try escape(into: &bytes)
                start = position
            } else {
                position += 1
            }
        }
    }

    private mutating func escape(into bytes: inout [UInt8]) throws(ParseError) {
        let letter = try peek()
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(letter)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): appendUTF8(try scalar(), to: &bytes)
        default: throw failure(.badEscape)
        }
    }

    /// The scalar of one escape \uXXXX, or of two that make a surrogate pair.
    private mutating func scalar() throws(ParseError) -> UInt32 {
        let first = try fourDigits()
        guard first & 0xF800 == 0xD800 else {
            return first
        }
        try expect("\\u")
        let second = try fourDigits()
        guard first < 0xDC00, second & 0xFC00 == 0xDC00 else {
            throw failure(.badEscape)
        }
        return 0x10000 + (first & 0x3FF) << 10 + second & 0x3FF
    }

    private mutating func fourDigits() throws(ParseError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = try peek()
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw failure(.badEscape)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private func appendUTF8(_ scalar: UInt32, to bytes: inout [UInt8]) {
        if scalar < 0x80 {
            bytes.append(UInt8(scalar))
            return
        }
        if scalar < 0x800 {
            bytes.append(UInt8(0xC0 | scalar >> 6))
        } else {
            if scalar < 0x10000 {
                bytes.append(UInt8(0xE0 | scalar >> 12))
            } else {
                bytes.append(UInt8(0xF0 | scalar >> 18))
                bytes.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            }
            bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
        }
        bytes.append(UInt8(0x80 | scalar & 0x3F))
    }

    /// number = [ "-" ] ( "0" / digit1-9 *digit ) [ "." 1*digit ] [ ( "e" / "E" ) [ "+" / "-" ] 1*digit ]
    private mutating func number() throws(ParseError) -> [UInt8] {
        let start = position
        skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) {
            try digits()
        }
        if skip(UInt8(ascii: ".")) {
            try digits()
        }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "+")) {
                skip(UInt8(ascii: "-"))
            }
            try digits()
        }
        return [UInt8](text[start..<position])
    }

    @discardableResult
    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < text.count, text[position] == byte else {
            return false
        }
        position += 1
        return true
    }

    private mutating func digits() throws(ParseError) {
        let start = position
        while position < text.count, text[position] &- UInt8(ascii: "0") < 10 {
            position += 1
        }
        guard position > start else {
            _ = try peek()
            throw failure(.unexpectedByte)
        }
    }
}
