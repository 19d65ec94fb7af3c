import Foundation

/// The standard library's sort.
public enum SortOracle: ExampleOracle {
    public static let name = "sort"

    public static func inputs(examples: URL) -> [(name: String, bytes: [UInt8])] {
        [
            (name, Words.random(10_000, seed: 1).flatMap(Words.bytes)),
            ("sort-million", Words.random(1_000_000, seed: 2).flatMap(Words.bytes)),
        ]
    }

    public static func journal(of input: [UInt8]) -> [UInt8] {
        let sorted = Words.read(input).sorted()
        let count = sorted.count
        let described = count == 0 ? [] : (0...16).map { sorted[(count - 1) * $0 / 16] }
        // FNV-1a, a word a step.
        let hash = sorted.reduce(UInt32(2_166_136_261)) { ($0 ^ $1) &* 16_777_619 }
        return ([UInt32(count)] + described + [hash]).flatMap(Words.bytes)
    }
}
