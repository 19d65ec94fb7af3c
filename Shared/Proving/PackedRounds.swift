import BinaryFields
import CKernels
import Hashing

/// The first rounds of the opening, in which the array is of K: three at once, so that the weights, three times as large
/// as the array, are never stored as a whole, nor is the array in E before it is an eighth of it.
///
/// Weight and array are linear in each of the three bits, so for each block of entries and each bit the products at 0, at 1
/// and of the leading coefficients say all that the rounds need: 27 for eight entries.
package struct PackedRounds {
    private let weights: StackWeights
    private let stack: KVector
    /// Entries of a part: the stack is cut in 2^bits of them by its top bits.
    private let part: Int
    private let bits: Int

    /// - Parameter rounds: how many may be done; one to three are.
    package static func prove(
        _ weights: StackWeights, _ stack: KVector, variables: Int, rounds: Int, _ transcript: inout ProverTranscript
    ) -> ProductSumcheck {
        let bits = min(rounds, 3)
        let source = PackedRounds(weights: weights, stack: stack, part: 1 << (variables - bits), bits: bits)
        var grid = source.products()
        var point: [E] = []
        for remaining in (0..<bits).reversed() {
            var sums = (E.zero, E.zero)
            for i in 0..<1 << remaining {
                let products = grid.products(i, 0)
                sums.0 += products.atZero
                sums.1 += products.leading
            }
            transcript.send([sums.0, sums.1])
            let challenge = transcript.draw()
            point.insert(challenge, at: 0)
            grid.bind(at: challenge, remaining: remaining)
        }
        let (left, right) = source.folded(at: point)
        return ProductSumcheck(left: Column(left), right: Column(right), variables: variables - bits, point: point)
    }

    /// Entries of a block: those of all parts together stay in the second-level cache.
    private static let block = EqualityWeights.block / 2

    /// Entries of each part that have one in the first.
    private var blocks: [Range<Int>] {
        let end = min(part, weights.end)
        return stride(from: 0, to: end, by: Self.block).map { $0..<min($0 + Self.block, end) }
    }

    /// The entries of a block in part `number` that lie below the end.
    private func entries(_ block: Range<Int>, _ number: Int) -> Range<Int> {
        let start = number * part + block.lowerBound
        return start..<max(start, min(start + block.count, weights.end))
    }

    private func products() -> PairGrid {
        let (blocks, parts) = (blocks, 1 << bits)
        let width = (0..<bits).reduce(1) { product, _ in 3 * product }
        let sums = parallelSum(blocks.count, grain: 16, width: width) { range in
            let room = Room(parts: parts)
            var sums = [E](repeating: .zero, count: width)
            for block in blocks[range] {
                let values = (0..<parts).map { number -> Values? in
                    let entries = entries(block, number)
                    guard !entries.isEmpty else { return nil }
                    return value(entries, count: block.count, room, number)
                }
                let products = Self.products(values[...], room, parts)
                for (k, product) in products.enumerated() { sums[k] += product }
            }
            return sums
        }
        var grid = PairGrid(low: 0, segments: 1, bits: bits)
        grid.add(sums[...], 0, 0)
        return grid
    }

    /// The top bits bound, the highest last in `point`.
    private func folded(at point: [E]) -> (EVector, EVector) {
        let (blocks, parts) = (blocks, 1 << bits)
        let scales = eqTable(point)
        let end = blocks.last?.upperBound ?? 0
        let (left, right) = (EVector(unset: end), EVector(unset: end))
        let folded = FoldedWeights(weights, part: part, scales: scales)
        let factors = EVector(scales)
        parallel(blocks.count, grain: 16) { range in
            let room = Room(parts: 1)
            for block in blocks[range] {
                folded.write(block, into: left[block], room: room.weight(0, block.count))
                right[block].fill(.zero)
                // Parts that have the whole block, then the one in which the stack ends.
                let whole = (0..<parts).prefix { entries(block, $0).count == block.count }.count
                if whole > 0 {
                    let words = stack[block.lowerBound..<(whole - 1) * part + block.upperBound]
                    combine(words, stride: part, by: factors[0..<whole], into: right[block])
                }
                guard whole < parts else { continue }
                let rest = entries(block, whole)
                guard !rest.isEmpty else { continue }
                let target = block.lowerBound..<block.lowerBound + rest.count
                combine(stack[rest], stride: rest.count, by: factors[whole..<whole + 1], into: right[target])
            }
        }
        return (left, right)
    }

    // MARK: Blocks

    private typealias Values = (weight: ESpan, array: KSpan)

    /// Blocks of weights and words that are worked on together.
    private struct Room {
        private let weights: EVector
        private let words: KVector

        /// With the sums of pairs of parts, of pairs of these, and so on, beside the parts.
        init(parts: Int) {
            weights = EVector(unset: 2 * parts * block)
            words = KVector(unset: 2 * parts * block)
        }

        func weight(_ place: Int, _ count: Int) -> ESpan { weights[place * block..<place * block + count] }
        func array(_ place: Int, _ count: Int) -> KSpan { words[place * block..<place * block + count] }
    }

    /// Weights and array of `entries`, with zeros up to `count`.
    private func value(_ entries: Range<Int>, count: Int, _ room: Room, _ place: Int) -> Values {
        let weight = room.weight(place, count)
        weights.write(entries, into: weight[0..<entries.count])
        guard entries.count < count else { return (weight, stack[entries]) }
        weight[entries.count..<count].fill(.zero)
        // Of both the block's own room, as long as the weights.
        let array = room.array(place, count)
        array.pointer.update(from: stack[entries].pointer, count: entries.count)
        (array.pointer + entries.count).update(repeating: 0, count: count - entries.count)
        return (weight, array)
    }

    /// Products at 0, at 1 and of the leading coefficient in each bit, the top bit's digit counting most; what is missing is
    /// zero.
    ///
    /// - Parameter free: the first place of the room that is free.
    private static func products(_ values: ArraySlice<Values?>, _ room: Room, _ free: Int) -> [E] {
        guard values.count > 1 else {
            return [(values.first ?? nil).map { innerProduct($0.weight, $0.array) } ?? .zero]
        }
        let (low, high) = (values.prefix(values.count / 2), values.suffix(values.count / 2))
        if values.count == 2 { return three(low.first ?? nil, high.first ?? nil) }
        let halves = products(low, room, free) + products(high, room, free)
        let sums = zip(low, high).enumerated().map { place, pair in sum(pair.0, pair.1, room, free + place) }
        return halves + products(sums[...], room, free + sums.count)
    }

    private static func three(_ low: Values?, _ high: Values?) -> [E] {
        switch (low, high) {
        case (nil, nil): return [.zero, .zero, .zero]
        case (let low?, nil):
            let product = innerProduct(low.weight, low.array)
            return [product, .zero, product]
        case (nil, let high?):
            let product = innerProduct(high.weight, high.array)
            return [.zero, product, product]
        case (let low?, let high?):
            let sums = weightedSums(a0: low.weight, a1: high.weight, b0: low.array, b1: high.array)
            return [sums.0, innerProduct(high.weight, high.array), sums.1]
        }
    }

    private static func sum(_ low: Values?, _ high: Values?, _ room: Room, _ place: Int) -> Values? {
        guard let low, let high else { return low ?? high }
        let (weight, array) = (room.weight(place, low.weight.count), room.array(place, low.array.count))
        weight.copy(low.weight)
        add(high.weight, into: weight)
        let (target, first, second) = (array.pointer, low.array.pointer, high.array.pointer)
        for x in 0..<array.count { target[x] = first[x] ^ second[x] }
        return (weight, array)
    }
}
