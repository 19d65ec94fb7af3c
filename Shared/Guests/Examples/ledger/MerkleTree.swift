/// The siblings that lead from some leaves of a tree to its root: level by level from the leaves, from left to right, only
/// those that do not follow from the leaves themselves.
struct MerkleOpening<Hash: WordHash> {
    let depth: UInt32
    let siblings: [Digest]

    /// The root over these leaves, which rise by index; nil when the siblings are too few or too many.
    func root(_ leaves: [(index: UInt32, digest: Digest)]) -> Digest? {
        var nodes = leaves
        var used = 0
        for _ in 0..<depth {
            var parents: [(index: UInt32, digest: Digest)] = []
            parents.reserveCapacity(nodes.count)
            var place = 0
            while place < nodes.count {
                let node = nodes[place]
                let pairs = place + 1 < nodes.count && nodes[place + 1].index == node.index ^ 1
                guard pairs || used < siblings.count else {
                    return nil
                }
                let sibling = pairs ? nodes[place + 1].digest : siblings[used]
                let isLeft = node.index & 1 == 0
                parents.append(
                    (node.index >> 1, Self.parent(isLeft ? node.digest : sibling, isLeft ? sibling : node.digest)))
                place += pairs ? 2 : 1
                used += pairs ? 0 : 1
            }
            nodes = parents
        }
        return nodes.count == 1 && used == siblings.count ? nodes[0].digest : nil
    }

    private static func parent(_ left: Digest, _ right: Digest) -> Digest {
        var words: [UInt32] = []
        words.reserveCapacity(16)
        left.append(to: &words)
        right.append(to: &words)
        return Hash.hash(words)
    }
}
