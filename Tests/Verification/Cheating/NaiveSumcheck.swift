import BinaryFields
import Hashing

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

/// A commitment of step 6, each codeword from the weights of its entries.
struct NaiveCommitment {
    /// 8 for elements of K, 24 for those of E.
    let entryBytes: Int
    let columns: [[E]]
    let tree: MerkleTree

    init(_ array: [E], folds: Int, rate: Int, entryBytes: Int) {
        let length = array.count >> folds
        let columns = (0..<length << rate).map { index in
            let weights = codeWeights(index, variables: length.trailingZeroBitCount)
            return (0..<1 << folds).map { block in
                weights.indices.reduce(E.zero) { $0 + weights[$1] * array[block * length + $1] }
            }
        }
        self.columns = columns
        self.entryBytes = entryBytes
        tree = MerkleTree(
            leaves: columns.map { Blake3.hash(Self.bytes($0, entryBytes: entryBytes), mode: Domain.leaf) })
    }

    static func bytes(_ column: [E], entryBytes: Int) -> [UInt8] { column.flatMap { $0.bytes.prefix(entryBytes) } }
}
