import BinaryFields
import Hashing
import Testing

/// Σ W·(A·B + C), over some parts and all their entries, by its definition: what sumchecks are held against.
struct NaiveSum {
    /// Four arrays of one length, a power of two.
    struct Part {
        var weight: [E]
        var a: [E]
        var b: [E]
        var c: [E]
    }

    var parts: [Part]

    init(_ parts: [Part]) { self.parts = parts }

    /// Σ left·right
    init(left: [E], right: [E]) {
        let zeros = [E](repeating: .zero, count: left.count)
        parts = [Part(weight: left, a: zeros, b: zeros, c: right)]
    }

    var value: E {
        parts.reduce(.zero) { sum, part in
            part.weight.indices.reduce(sum) { $0 + part.weight[$1] * (part.a[$1] * part.b[$1] + part.c[$1]) }
        }
    }

    /// Every array with its top bit bound.
    func bound(at challenge: E) -> NaiveSum {
        func bound(_ array: [E]) -> [E] {
            let half = array.count / 2
            return (0..<half).map { (.one + challenge) * array[$0] + challenge * array[$0 + half] }
        }
        return NaiveSum(
            parts.map {
                Part(weight: bound($0.weight), a: bound($0.a), b: bound($0.b), c: bound($0.c))
            })
    }

    /// Reads a plain sumcheck and binds with its challenges: in each round the polynomial sent has to be this sum's at 0, at 1
    /// and at two more places, which are all that a cubic has.
    ///
    /// - Returns: the point of the challenges.
    mutating func follow(rounds: Int, degree: Int, _ transcript: inout VerifierTranscript) throws -> [E] {
        var point: [E] = []
        for round in 0..<rounds {
            var s = try transcript.read(degree)
            s.insert(s.dropFirst().reduce(value, +), at: 1)
            for place in [E.zero, .one, .y, E(3, 5, 7)] {
                #expect(evaluate(s, at: place) == bound(at: place).value, "round \(round)")
            }
            let challenge = transcript.draw()
            self = bound(at: challenge)
            point.insert(challenge, at: 0)
        }
        return point
    }
}
