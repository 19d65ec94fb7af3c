import Foundation

/// A step of xorshift32 is a linear map over GF(2): its power is taken by squaring a matrix, in place of the loop.
public enum SpinOracle: ExampleOracle {
    public static let name = "spin"

    public static func inputs(examples: URL) -> [(name: String, bytes: [UInt8])] {
        [(name, Words.bytes(UInt32(90_000_000)))]
    }

    /// `input`: the number of cycles, or nothing.
    public static func journal(of input: [UInt8]) -> [UInt8] {
        let cycles = Words.read(input).first ?? 90_000_000
        let turns = cycles > 200 ? (cycles - 200) / 8 : 0
        var state: UInt32 = 1
        var power = shift(left: 5, after: shift(right: 17, after: shift(left: 13, after: identity)))
        for bit in 0..<UInt32(32) {
            if turns >> bit & 1 == 1 {
                state = apply(power, state)
            }
            power = power.map { apply(power, $0) }
        }
        return [cycles, turns, state].flatMap(Words.bytes)
    }

    /// A matrix as the images of the 32 unit vectors.
    private typealias Matrix = [UInt32]

    private static let identity: Matrix = (0..<32).map { 1 << UInt32($0) }

    private static func shift(left: UInt32, after matrix: Matrix) -> Matrix { matrix.map { $0 ^ $0 << left } }
    private static func shift(right: UInt32, after matrix: Matrix) -> Matrix { matrix.map { $0 ^ $0 >> right } }

    private static func apply(_ matrix: Matrix, _ vector: UInt32) -> UInt32 {
        (0..<32).reduce(0) { sum, place in vector >> UInt32(place) & 1 == 1 ? sum ^ matrix[place] : sum }
    }
}
