/// A JSON value (RFC 8259). Texts are UTF-8; a number stays the text that it was, since its grammar has one spelling for
/// an integer and no limit of size.
indirect enum JSONValue {
    case null
    case boolean(Bool)
    case number([UInt8])
    case string([UInt8])
    case array([JSONValue])
    case object([Member])

    struct Member {
        let name: [UInt8]
        let value: JSONValue
    }
}

/// Why and where a text is not JSON. The raw value is the guest's exit code.
struct ParseError: Error {
    enum Reason: UInt32 {
        case unexpectedByte = 1
        case unexpectedEnd = 2
        case badEscape = 3
        case tooDeep = 4
        case moreAfterEnd = 5
        case repeatedName = 6
    }

    let reason: Reason
    /// Bytes from the beginning of the text.
    let position: Int
}
