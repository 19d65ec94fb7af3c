import BinaryFields
import Hashing

/// An interleaved codeword under a Merkle root: row u is the Reed–Solomon codeword of the array's u-th block, a leaf is a
/// column.
struct Commitment: Sendable {
    /// Column by column, `width` words each.
    let codeword: KVector
    /// Words of a column.
    let width: Int
    let tree: MerkleTree

    /// - Parameters:
    ///   - array: 2^variables elements, zero beyond its end.
    ///   - folds: 2^folds blocks.
    init(_ array: KVector, variables: Int, folds: Int, rate: Int) {
        self.init(rows: 1 << folds, log: variables - folds, rate: rate) { row, index in
            let place = row << (variables - folds) + index
            return place < array.count ? array[place] : .zero
        }
    }

    /// The same for an array of E: three words of a column for each block.
    init(_ array: ESpan, variables: Int, folds: Int, rate: Int) {
        self.init(rows: 3 << folds, log: variables - folds, rate: rate) { row, index in
            let element = array[(row / 3) << (variables - folds) + index]
            return K(row % 3 == 0 ? element.c0 : row % 3 == 1 ? element.c1 : element.c2)
        }
    }

    private init(rows: Int, log: Int, rate: Int, entry: @Sendable (Int, Int) -> K) {
        let codeword = KVector(rows << (log + rate))
        parallel(rows, grain: 1) { range in
            for row in range {
                let message = (0..<1 << log).map { entry(row, $0) }
                for (column, word) in Self.encode(message, rate: rate).enumerated() {
                    codeword[column * rows + row] = word
                }
            }
        }
        self.codeword = codeword
        width = rows
        let bytes = codeword.withWords { [UInt8](UnsafeRawBufferPointer($0)) }
        tree = MerkleTree(leaves: Blake3.hash(bytes[...], count: 1 << (log + rate), mode: Domain.leaf))
    }

    /// The additive NTT of Lin, Chung and Han (2014).
    private static func encode(_ message: [K], rate: Int) -> [K] {
        var word = (0..<1 << rate).flatMap { _ in message }
        for d in (0..<message.count.trailingZeroBitCount).reversed() {
            for start in stride(from: 0, to: word.count, by: 2 << d) {
                let twiddle = AdditiveCode.normal(d, at: start)
                for place in start..<start + 1 << d {
                    word[place] += twiddle * word[place + 1 << d]
                    word[place + 1 << d] += word[place]
                }
            }
        }
        return word
    }

    func open(at indices: [Int], _ transcript: inout ProverTranscript) {
        transcript.open(tree, at: indices) { index in
            (0..<width).flatMap { word in
                withUnsafeBytes(of: codeword[index * width + word].bits.littleEndian) { Array($0) }
            }
        }
    }
}
