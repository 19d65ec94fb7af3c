extension ProverTranscript {
    /// Opens columns of a tree: each distinct column once, by rising index, then the siblings that cannot be computed.
    /// `column` gives the bytes of a column, as many for each.
    public mutating func open(_ tree: MerkleTree, at indices: [Int], column: (Int) -> [UInt8]) {
        for index in distinct(indices) {
            sendUnabsorbed(bytes: column(index))
        }
        tree.sendSiblings(of: indices, to: &self)
    }
}

extension VerifierTranscript {
    /// Reads the columns at `indices` and checks them against a root: each distinct column once, by rising index, then,
    /// layer by layer from the leaves and by rising index, the siblings that cannot be computed.
    ///
    /// - Parameters:
    ///   - indices: as drawn, in any order, repetitions allowed, each below 2^`depth`.
    ///   - depth: layers above the leaves; a path has exactly so many nodes.
    ///   - columnBytes: the length of every column.
    /// - Returns: the column at each index, in the order of `indices`.
    public mutating func readColumns(
        at indices: [Int], root: Digest, depth: Int, columnBytes: Int
    ) throws(TranscriptError) -> [ArraySlice<UInt8>] {
        precondition(!indices.isEmpty && indices.allSatisfy { $0 >= 0 && $0 >> depth == 0 }, "indices below 2^depth")
        var known = distinct(indices)
        let (length, overflow) = known.count.multipliedReportingOverflow(by: columnBytes)
        let bytes = try readUnabsorbed(overflow ? Int.max : length)
        let columns = known.indices.map { bytes[(bytes.startIndex + $0 * columnBytes)...].prefix(columnBytes) }
        let place = Dictionary(uniqueKeysWithValues: zip(known, columns))

        var nodes = Blake3.hash(bytes, count: known.count, mode: Domain.leaf)
        for _ in 0..<depth {
            let siblings = missingSiblings(of: known)
            let sent = try readUnabsorbed(siblings.count * Digest.byteCount)
            nodes = Domain.nodeDigests(pairs(of: nodes, at: known, siblings: sent))
            known = parents(of: known)
        }
        guard nodes[0] == root else { throw .merkleRoot(expected: root, got: nodes[0]) }
        return indices.map { place[$0] ?? [] }  // every index is among the distinct ones
    }
}

/// Nodes at distinct, rising indices with their siblings, left before right. `siblings`: the missing ones' bytes.
private func pairs(of nodes: [Digest], at known: [Int], siblings: ArraySlice<UInt8>) -> [Digest] {
    var result: [Digest] = []
    var rest = siblings
    for (i, (index, node)) in zip(known, nodes).enumerated() {
        let isRight = index & 1 == 1
        if isRight, i > 0, known[i - 1] == index - 1 {
            result.append(node)
        } else if !isRight, i + 1 < known.count, known[i + 1] == index + 1 {
            result.append(node)
        } else {
            let sibling = Digest(bytes: rest.prefix(Digest.byteCount)) ?? .zero  // 32 bytes for each missing sibling
            rest = rest.dropFirst(Digest.byteCount)
            result.append(contentsOf: isRight ? [sibling, node] : [node, sibling])
        }
    }
    return result
}
