import Foundation

/// Entry by entry: a row of A times a column of B.
public enum MatrixOracle: ExampleOracle {
    public static let name = "matrix"

    public static func inputs(examples: URL) -> [(name: String, bytes: [UInt8])] {
        let n = 40
        return [(name, ([UInt32(n)] + Words.random(2 * n * n, seed: 3)).flatMap(Words.bytes))]
    }

    public static func journal(of input: [UInt8]) -> [UInt8] {
        let words = Words.read(input)
        let n = Int(words[0])
        let entries = words.dropFirst().map { Int64(Int32(bitPattern: $0)) }
        let (a, b) = (Array(entries.prefix(n * n)), Array(entries.suffix(n * n)))
        var bytes = Words.bytes(UInt32(n))
        for i in 0..<n {
            for j in 0..<n {
                bytes += Words.bytes((0..<n).reduce(Int64(0)) { $0 &+ a[n * i + $1] * b[n * $1 + j] })
            }
        }
        return bytes
    }
}
