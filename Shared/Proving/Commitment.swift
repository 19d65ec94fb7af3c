import BinaryFields
import Hashing

/// An interleaved codeword under a Merkle root: row u is the Reed–Solomon codeword of the array's u-th block, a leaf is a
/// column.
struct Commitment: Sendable {
    private let codeword: Codeword
    private let tree: MerkleTree

    /// - Parameters:
    ///   - array: 2^variables elements, zero beyond its end.
    ///   - folds: 2^folds blocks.
    init(_ array: KVector, variables: Int, folds: Int, rate: Int) {
        self.init(columns: 1 << (variables - folds + rate)) { finished in
            Codeword(encoding: array.span, variables: variables, folds: folds, rate: rate, finished: finished)
        }
    }

    /// The same for an array of E: three words of a column for each block.
    init(_ array: ESpan, variables: Int, folds: Int, rate: Int) {
        self.init(columns: 1 << (variables - folds + rate)) { finished in
            Codeword(encoding: array, variables: variables, folds: folds, rate: rate, finished: finished)
        }
    }

    /// Columns are hashed as soon as they are encoded, while they lie in a near cache.
    private init(columns: Int, encode: (@escaping @Sendable (Codeword, Range<Int>) -> Void) -> Codeword) {
        var codeword: Codeword?
        let leaves = [Digest](unsafeUninitializedCapacity: columns) { buffer, initialized in
            guard let start = buffer.baseAddress else { return }
            // Threads write the digests of ranges that make up all columns, each its own; `encode` ends after the last.
            nonisolated(unsafe) let digests = start
            codeword = encode { codeword, range in
                codeword.withColumns(range) {
                    Domain.leafDigests(
                        $0, width: codeword.width, stored: codeword.stored, into: digests + range.lowerBound)
                }
            }
            initialized = columns
        }
        guard let codeword else { fatalError("an array of digests without memory") }
        self.codeword = codeword
        tree = MerkleTree(leaves: leaves)
    }

    var root: Digest { tree.root }

    func open(at indices: [Int], _ transcript: inout ProverTranscript) {
        transcript.open(tree, at: indices) { index in
            codeword.column(index).flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
        }
    }
}
