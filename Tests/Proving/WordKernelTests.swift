import BinaryFields
import CKernels
import Oracles
import Testing

extension ProvingTests {
    /// The kernels over machine words, on each instruction set, against sums that are taken bit by bit.
    @Suite struct WordKernelTests {
        @Test(arguments: [0, 1, 3, 4, 5, 7, 31, 32, 33, 63, 64, 65, 100]) func forms(rows: Int) {
            var random = SeededGenerator(seed: UInt64(rows))
            let first = 5
            let stack = random.elements(first + 3 * 128)
            let amounts: [UInt32] = [0, 1, 8, 31]
            var terms: [sheaf_term] = []
            for (offset, amount) in zip([0, 128, 256, 1], amounts) {
                for (swapped, spread) in [(0, 0), (1, 0), (0, 1)] {
                    var term = sheaf_term()
                    term.offset = UInt64(offset)
                    term.mask = random.next()
                    term.amount = amount + (spread == 1 && offset == 256 ? 32 : 0)
                    (term.swapped, term.spread) = (UInt16(swapped), UInt16(spread))
                    terms.append(term)
                }
            }
            for count in [0, 1, 2, 3, terms.count] {
                let (terms, constant) = (Array(terms.prefix(count)), random.next())
                let expected = (0..<rows).map { row in
                    terms.reduce(constant) { $0 ^ naive($1, stack[Int($1.offset) + first + row]) }
                }
                onEveryInstructionSet { set in
                    var out = [UInt64](repeating: 7, count: rows + 1)
                    sheaf_words_form(stack, terms, terms.count, constant, first, rows, &out)
                    #expect(out == expected + [7], "\(set), \(count) terms")
                }
            }
        }

        private func naive(_ term: sheaf_term, _ words: UInt64) -> UInt64 {
            if term.spread == 1 { return words >> UInt64(term.amount) & 1 == 1 ? term.mask : 0 }
            func turned(_ word: UInt64) -> UInt64 {
                (0..<32).reduce(0) { $0 | (word >> UInt64($1) & 1) << UInt64(($1 + Int(term.amount)) % 32) }
            }
            let (low, high) = (turned(words & 0xffff_ffff), turned(words >> 32))
            return (term.swapped == 1 ? high | low << 32 : low | high << 32) & term.mask
        }

        @Test(arguments: [0, 1, 2, 63, 64, 65, 130]) func sumsOverBits(blocks: Int) {
            var random = SeededGenerator(seed: UInt64(100 + blocks))
            let words = random.elements(8 * blocks)
            let weights = random.point(8 * blocks)
            let start = random.point(64)
            let expected = (0..<64).map { bit in
                zip(words, weights).reduce(start[bit]) { $1.0 >> UInt64(bit) & 1 == 1 ? $0 + $1.1 : $0 }
            }
            onEveryInstructionSet { set in
                let sums = EVector(start)
                let level = sheaf_isa_current()
                let prepared = prepare(weights, level)
                InstructionSet.select(.portable)  // what is prepared stays what it is
                sheaf_words_bit_sums(level, words, blocks, prepared, sums.span.planes.base)
                InstructionSet.select(set)
                #expect(sums.span.elements == expected, "\(set)")
            }
        }

        @Test(arguments: [1, 2, 31, 33, 65]) func univariateRound(blocks: Int) {
            var random = SeededGenerator(seed: UInt64(200 + blocks))
            var (a, b) = (random.elements(8 * blocks), random.elements(8 * blocks))
            (a[0], b[0], a[1], b[2]) = (.max, .max, 0, 0)
            let rowWeights = eqTable(UnivariateDomain.fixedTau.map { E($0) })
            let weights = random.point(blocks).flatMap { scale in rowWeights.map { scale * $0 } }
            let start = random.point(64)
            let expected = zip(UnivariateDomain.coset.points, start).map { point, start in
                let at = lagrange(.domain, E(point))
                func value(_ word: UInt64) -> E {
                    (0..<64).reduce(.zero) { word >> UInt64($1) & 1 == 1 ? $0 + at[$1] : $0 }
                }
                return weights.indices.reduce(start) { $0 + weights[$1] * (value(a[$1]) * value(b[$1])) }
            }
            onEveryInstructionSet { set in
                let sums = EVector(start)
                let level = sheaf_isa_current()
                sheaf_words_univariate(level, a, b, blocks, prepare(weights, level), sums.span.planes.base)
                #expect(sums.span.elements == expected, "\(set)")
            }
        }

        private func prepare(_ weights: [E], _ level: sheaf_isa) -> [UInt64] {
            let blocks = weights.count / 8
            var prepared = [UInt64](repeating: 0, count: blocks * sheaf_words_weights_size(level))
            sheaf_words_weights(level, weights.map(\.c0), weights.map(\.c1), weights.map(\.c2), blocks, &prepared)
            return prepared
        }
    }
}
