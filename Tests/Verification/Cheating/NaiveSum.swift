import BinaryFields

/// Σ W·(A·B + C) over all entries of arrays of one length, a power of two.
struct NaiveSum {
    var weight: [E]
    var a: [E]
    var b: [E]
    var c: [E]

    init(weight: [E], a: [E], b: [E], c: [E]) {
        self.weight = weight
        self.a = a
        self.b = b
        self.c = c
    }

    /// Σ left·right
    init(_ left: [E], _ right: [E]) {
        let zeros = [E](repeating: .zero, count: left.count)
        self.init(weight: left, a: zeros, b: zeros, c: right)
    }

    /// The coefficients of the sum as a polynomial in place of the top bit.
    var round: [E] {
        let half = weight.count / 2
        var s = [E](repeating: .zero, count: 4)
        for (x, y) in zip(0..<half, half..<2 * half) {
            let (w, a, b, c) = (weight[x], self.a[x], self.b[x], self.c[x])
            let (dw, da, db, dc) = (w + weight[y], a + self.a[y], b + self.b[y], c + self.c[y])
            for (k, q) in [a * b + c, a * db + da * b + dc, da * db].enumerated() {
                s[k] += w * q
                s[k + 1] += dw * q
            }
        }
        return s
    }

    mutating func bind(at challenge: E) {
        weight = bound(weight, at: challenge)
        a = bound(a, at: challenge)
        b = bound(b, at: challenge)
        c = bound(c, at: challenge)
    }
}

/// An array with its top bit bound.
func bound(_ array: [E], at challenge: E) -> [E] {
    let half = array.count / 2
    return (0..<half).map { array[$0] + challenge * (array[$0] + array[$0 + half]) }
}
