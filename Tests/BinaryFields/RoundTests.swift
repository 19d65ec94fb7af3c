import BinaryFields
import Oracles
import Testing

extension BinaryFieldsTests {
    @Suite struct RoundTests {
        /// A round's sums against their definition.
        @Test(arguments: arraySizes) func sumsOfRounds(count: Int) {
            let seed = UInt64(6600 + count)
            var random = SeededGenerator(seed: seed)
            let lists = (0..<5).map { _ in random.point(count) }
            let (w, a0, a1, b0, b1) = (lists[0], lists[1], lists[2], lists[3], lists[4])
            let (k0, k1, shift) = (random.words(count), random.words(count), random.element())
            let indices = 0..<count
            func total(_ term: (Int) -> E) -> E { indices.map(term).reduce(.zero, +) }
            func both(_ i: Int) -> E { (a0[i] + a1[i]) * (b0[i] + b1[i]) }
            let spans = lists.map { Framed($0).span }
            let (l0, l1) = (KVector(k0).span, KVector(k1).span)
            onEveryInstructionSet { set in
                let layer = layerSums(
                    weights: spans[0], a0: spans[1], a1: spans[2], b0: spans[3], b1: spans[4], shift: shift)
                let upper = total { w[$0] * (a1[$0] + shift) * (b1[$0] + shift) }
                #expect(layer == (upper, total { w[$0] * both($0) }), "\(set), seed \(seed)")
                let differences = layerDifferences(weights: spans[0], spans[1], spans[3])
                #expect(
                    differences == total { w[$0] * (a0[$0] + .one) * (b0[$0] + .one) }, "\(set), seed \(seed)")
                let linear = weightedSum(weights: spans[0], spans[1], spans[3])
                #expect(linear == total { w[$0] * (a0[$0] + b0[$0]) }, "\(set), seed \(seed)")
                let three = productSums(a0: spans[1], a1: spans[2], b0: spans[3], b1: spans[4])
                let expected = (total { a0[$0] * b0[$0] }, total { a1[$0] * b1[$0] }, total(both))
                #expect(three == expected, "\(set), seed \(seed)")
                let two = weightedSums(a0: spans[1], a1: spans[2], b0: spans[3], b1: spans[4])
                #expect(two == (expected.0, expected.2), "\(set), seed \(seed)")
                let packed = weightedSums(a0: spans[1], a1: spans[2], b0: l0, b1: l1)
                let leading = total { (a0[$0] + a1[$0]) * (k0[$0] + k1[$0]) }
                #expect(packed == (total { a0[$0] * k0[$0] }, leading), "\(set), seed \(seed)")
            }
        }

        /// Rows of K, each times an element, added to what is there.
        @Test(arguments: arraySizes, [1, 3, 8]) func combinationsOfRows(count: Int, rows: Int) {
            let seed = UInt64(6650 + count)
            var random = SeededGenerator(seed: seed)
            let stride = count + 2
            let k = random.words((rows - 1) * stride + count)
            let (c, start) = (random.point(rows), random.point(count))
            let expected = (0..<count).map { x in
                (0..<rows).reduce(start[x]) { $0 + c[$1] * E(k[$1 * stride + x]) }
            }
            onEveryInstructionSet { set in
                let d = Framed(start)
                combine(KVector(k).span, stride: stride, by: Framed(c).span, into: d.span)
                #expect(d.elements == expected && d.isFrameWhole, "\(set), seed \(seed)")
            }
        }

        /// What folds and sums in one pass does as what folds and then sums.
        @Test(arguments: arraySizes) func foldAndSumInOnePass(count: Int) {
            let seed = UInt64(6700 + count)
            var random = SeededGenerator(seed: seed)
            let quarter = count + 3
            let (a, b) = (random.point(4 * quarter), random.point(4 * quarter))
            let (k, w, c) = (random.words(4 * quarter), Framed(random.point(count)).span, random.element())
            let shift = random.element()

            func halves(_ list: [E]) -> [E] {  // the folded quarters 0 and 1; what lies beyond count stays
                (0..<2 * quarter).map { i in
                    i % quarter < count ? list[i] + c * (list[i] + list[i + 2 * quarter]) : list[i]
                }
            }
            let (folded, other) = (halves(a), halves(b))
            let packed = halves(k.map { E($0) })
            func span(_ list: [E], _ half: Int) -> ESpan { EVector(list)[half * quarter..<half * quarter + count] }

            onEveryInstructionSet { set in
                let note: Comment = "\(set), seed \(seed)"
                do {
                    let (u, v) = (Framed(a), Framed(b))
                    let sums = layerFoldSums(weights: w, u.span, v.span, quarter: quarter, at: c, shift: shift)
                    let expected = layerSums(
                        weights: w, a0: span(folded, 0), a1: span(folded, 1), b0: span(other, 0), b1: span(other, 1),
                        shift: shift)
                    #expect(sums == expected, note)
                    #expect(u.elements == folded + a[(2 * quarter)...] && u.isFrameWhole, note)
                    #expect(v.elements == other + b[(2 * quarter)...] && v.isFrameWhole, note)
                }
                do {
                    let (u, v) = (Framed(a), Framed(b))
                    let sums = weightedFoldSums(u.span, v.span, quarter: quarter, count: count, at: c)
                    let expected = weightedSums(
                        a0: span(folded, 0), a1: span(folded, 1), b0: span(other, 0), b1: span(other, 1))
                    #expect(sums == expected, note)
                    #expect(u.elements == folded + a[(2 * quarter)...], note)
                    #expect(v.elements == other + b[(2 * quarter)...] && v.isFrameWhole, note)
                }
                do {
                    let (u, d) = (Framed(a), Framed(Array(repeating: .zero, count: 2 * quarter)))
                    let sums = weightedFoldSums(
                        u.span, KVector(k).span, into: d.span, quarter: quarter, count: count, at: c)
                    let expected = weightedSums(
                        a0: span(folded, 0), a1: span(folded, 1), b0: span(packed, 0), b1: span(packed, 1))
                    #expect(sums == expected, note)
                    #expect(u.elements == folded + a[(2 * quarter)...], note)
                    #expect(
                        (0..<2 * quarter).allSatisfy { d.elements[$0] == ($0 % quarter < count ? packed[$0] : .zero) })
                    #expect(d.isFrameWhole, note)
                }
            }
        }
    }
}
