import Foundation
import Testing

/// A file of test vectors: lines of fields parted by spaces, "#" for comments, "-" for an empty field.
struct VectorFile {
    let lines: [[String]]

    init(_ name: String) throws {
        let url = try #require(Bundle.module.url(forResource: "Vectors/\(name)", withExtension: "txt"))
        let text = try String(contentsOf: url, encoding: .utf8)
        lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            $0.split(separator: " ").map { $0 == "-" ? "" : String($0) }
        }
        try #require(!lines.isEmpty)
    }
}

func bytes(hex: String) throws -> [UInt8] {
    let digits = Array(hex)
    return try stride(from: 0, to: digits.count, by: 2).map {
        try #require(UInt8(String(digits[$0...$0 + 1]), radix: 16))
    }
}

func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
}

func words(hex: String) throws -> [UInt32] {
    let bytes = try bytes(hex: hex)
    return stride(from: 0, to: bytes.count, by: 4).map { i in
        (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[i + $1]) << UInt32(8 * $1) }
    }
}
