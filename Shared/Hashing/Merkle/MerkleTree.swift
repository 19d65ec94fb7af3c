/// A Merkle tree of 2^depth leaves, all layers kept, with openings of many leaves at once that repeat nothing.
///
///     let tree = MerkleTree(leaves: digests)
///     transcript.send(tree.root)
///     // … indices are drawn, the columns at the distinct indices sent …
///     tree.sendSiblings(of: indices, to: &transcript)
///
/// - Complexity: two digests, 64 bytes, a leaf.
public struct MerkleTree: Sendable {
    /// `layers[0]` are the leaves, each next layer has half as many, the last is the root alone.
    public let layers: [[Digest]]

    /// `leaves`: the digests of 2^depth columns.
    public init(leaves: [Digest]) {
        precondition(leaves.count.nonzeroBitCount == 1, "a tree has 2^depth leaves")
        var layers = [leaves]
        while let below = layers.last, below.count > 1 {
            layers.append(Domain.nodeDigests(below))
        }
        self.layers = layers
    }

    public var root: Digest { layers[layers.count - 1][0] }

    public var depth: Int { layers.count - 1 }

    /// Sends, layer by layer from the leaves and by rising index, the siblings that cannot be computed from the leaves at
    /// `indices`: in any order, repetitions allowed, each below 2^depth.
    public func sendSiblings(of indices: [Int], to transcript: inout ProverTranscript) {
        var known = distinct(indices)
        for layer in layers.dropLast() {
            transcript.sendUnabsorbed(bytes: missingSiblings(of: known).flatMap { layer[$0].bytes })
            known = parents(of: known)
        }
    }
}

/// The distinct among `indices`, rising.
func distinct(_ indices: [Int]) -> [Int] {
    var result: [Int] = []
    for index in indices.sorted() where index != result.last {
        result.append(index)
    }
    return result
}

/// The siblings of nodes, at distinct, rising indices, that are not among them; rising.
func missingSiblings(of known: [Int]) -> [Int] {
    known.indices.compactMap { i in
        let sibling = known[i] ^ 1
        let neighbour = sibling > known[i] ? i + 1 : i - 1
        return known.indices.contains(neighbour) && known[neighbour] == sibling ? nil : sibling
    }
}

/// The parents of nodes at distinct, rising indices: distinct, rising.
func parents(of known: [Int]) -> [Int] {
    var result: [Int] = []
    for index in known where index >> 1 != result.last {
        result.append(index >> 1)
    }
    return result
}
