import CKernels

/// Adds to `weights`, an array of 2^variables, what each of its entries counts in Σ scale · (entry `index` of the array's
/// codeword at rate 2^−rate): the encoder's transpose, applied to a word that is zero but for few entries.
///
/// Butterflies run backwards, from neighbours to halves. At first only blocks with an entry are not zero, so most of the
/// early layers is left out: some 2^variables · (log₂ of the entries + 2) products in all, where the entries' weights
/// one by one take 2^variables each.
///
/// - Precondition: indices are below 2^(variables + rate), which is within the limits of `AdditiveCode`.
public func addCodeWeights(
    _ entries: [(index: Int, scale: E)], variables: Int, rate: Int, to weights: ESpan
) {
    precondition(weights.count == 1 << variables, "\(weights.count) weights for 2^\(variables) entries")
    // A codeword is the message's transform on each coset of its domain, so the transposes add up.
    let word = EVector(1 << variables)
    for coset in 0..<1 << rate {
        let own = entries.filter { $0.index >> variables == coset }
        guard !own.isEmpty else { continue }
        for (index, scale) in own { word[index & (1 << variables - 1)] += scale }
        let transpose = CodewordTranspose(word: word, variables: variables, coset: coset)
        transpose.run(Set(own.map { $0.index & (1 << variables - 1) }).sorted())
        parallel(word.count, grain: 1 << 12) { range in
            add(word[range], into: weights[range])
            word[range].fill(.zero)
        }
    }
}

/// The transpose of the transform on one coset, in place.
private struct CodewordTranspose {
    let word: EVector
    let variables: Int
    let coset: Int

    /// Entries of a block whose layers are done at once, log2: its three planes fit the second-level cache.
    private static let blockLog = 13
    /// Entries that a call of the upper layers works on.
    private static let piece = 1 << 11

    /// - Parameter places: the entries that are not zero, rising.
    func run(_ places: [Int]) {
        let low = min(variables, Self.blockLog)
        let blocks = Dictionary(grouping: places) { $0 >> low }.sorted { $0.key < $1.key }
        parallel(blocks.count, grain: 1) { range in
            for (block, places) in blocks[range] { layers(below: low, first: block << low, places[...]) }
        }
        for layer in low..<variables {
            let pieces = max(1 << layer / Self.piece, 1)
            let count = 1 << layer / pieces
            parallel(pieces << (variables - 1 - layer), grain: 1) { range in
                for number in range {
                    let first = (number / pieces) << (layer + 1)
                    join(layer, block: first, from: first + number % pieces * count, count: count)
                }
            }
        }
    }

    /// The lowest `count` layers of the block that begins at `first`: both halves' first, as far as they are not zero.
    private func layers(below count: Int, first: Int, _ places: ArraySlice<Int>) {
        guard count > 0, !places.isEmpty else { return }
        let half = 1 << (count - 1)
        let middle = places.firstIndex { $0 >= first + half } ?? places.endIndex
        layers(below: count - 1, first: first, places[..<middle])
        layers(below: count - 1, first: first + half, places[middle...])
        join(count - 1, block: first, from: first, count: half)
    }

    /// The butterflies of a layer between `count` entries from `start` on, in the block that begins at `block`, and those
    /// half a block further.
    private func join(_ layer: Int, block: Int, from start: Int, count: Int) {
        let twiddle = AdditiveCode.normal(layer, at: coset << variables | block)
        for plane in 0..<3 {
            // The block, and the coset's word, lie within the array.
            let low = word.base + plane * word.stride + start
            sheaf_ntt_transposed(low, low + (1 << layer), twiddle.bits, count)
        }
    }
}
