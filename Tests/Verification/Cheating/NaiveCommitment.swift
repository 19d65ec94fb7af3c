import BinaryFields
import Hashing

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
