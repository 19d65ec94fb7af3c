import BinaryFields
import Oracles
import Synchronization
import Testing

extension BinaryFieldsTests {
    @Suite struct CodewordTests {
        /// Entry `index` of a message's codeword, by the weights of the basis.
        private func entry(_ message: [E], _ index: Int) -> E {
            let weights = codeWeights(index, variables: message.count.trailingZeroBitCount)
            return zip(message, weights).reduce(.zero) { $0 + $1.0 * $1.1 }
        }

        private func row(_ elements: [E], _ u: Int, length: Int) -> [E] {
            (0..<length).map { u * length + $0 < elements.count ? elements[u * length + $0] : .zero }
        }

        /// Every entry of small codewords against naive evaluation; arrays that end early are zero beyond.
        @Test(arguments: [(0, 0, 1), (1, 0, 1), (3, 0, 2), (4, 2, 1), (6, 1, 2), (7, 3, 1), (8, 5, 3), (9, 2, 0)])
        func entriesAreEvaluations(variables: Int, folds: Int, rate: Int) {
            let seed = UInt64(6800 + variables)
            var random = SeededGenerator(seed: seed)
            let length = 1 << (variables - folds)
            for count in Set([1 << variables, (1 << variables) - 1, (5 << variables) / 8, 0]) {
                let (packed, elements) = (random.words(count), random.point(count))
                let wide = packed.map { E($0) }
                onEveryInstructionSet { set in
                    let code = Codeword(encoding: KVector(packed).span, variables: variables, folds: folds, rate: rate)
                    let three = Codeword(
                        encoding: EVector(elements).span, variables: variables, folds: folds, rate: rate)
                    #expect(
                        code.log == variables - folds + rate && code.width == 1 << folds && three.width == 3 << folds)
                    let rows = max((count + length - 1) / length, 1)
                    #expect(code.stored == rows && three.stored == 3 * rows)
                    for y in 0..<1 << code.log {
                        let expected = (0..<1 << folds).map { entry(row(wide, $0, length: length), y).c0 }
                        #expect(code.column(y) == expected, "\(set), column \(y), \(count) elements, seed \(seed)")
                        let planes = (0..<1 << folds).flatMap { entry(row(elements, $0, length: length), y).planes }
                        #expect(three.column(y) == planes, "\(set), column \(y), \(count) elements, seed \(seed)")
                    }
                }
            }
        }

        /// The weights of some entries together, two of them drawn twice, against those of each.
        @Test(arguments: [(0, 1, 1), (1, 0, 2), (3, 2, 5), (8, 1, 20), (11, 3, 31), (14, 1, 9), (15, 2, 3)])
        func weightsOfEntries(variables: Int, rate: Int, count: Int) {
            let seed = UInt64(7000 + variables)
            var random = SeededGenerator(seed: seed)
            var entries = (0..<count).map { _ in
                (index: Int(random.next() >> 1) & (1 << (variables + rate) - 1), scale: random.point(1)[0])
            }
            for (index, scale) in zip(entries.map(\.index).prefix(2), random.point(2)) {
                entries.append((index, scale))
            }
            let start = random.point(1 << variables)
            var expected = start
            for (index, scale) in entries {
                for (x, weight) in codeWeights(index, variables: variables).enumerated() {
                    expected[x] += weight * scale
                }
            }
            onEveryInstructionSet { set in
                let weights = EVector(start)
                addCodeWeights(entries, variables: variables, rate: rate, to: weights.span)
                #expect(weights.span.elements == expected, "\(set), seed \(seed)")
            }
        }

        /// Codewords of many tiles and blocks: some entries against evaluation, and each column finished once.
        @Test(arguments: [(17, 5, 1, 0), (20, 5, 1, 0), (20, 5, 1, 13), (18, 0, 1, 0), (15, 1, 2, 0)])
        func largeCodewords(variables: Int, folds: Int, rate: Int, emptyRows: Int) {
            let seed = UInt64(6900 + variables)
            var random = SeededGenerator(seed: seed)
            let length = 1 << (variables - folds)
            let count = (1 << variables) - emptyRows * length - length / 2 - 3
            let array = KVector(count)
            for i in 0..<count { array[i] = random.packed() }
            let places = (0..<2).map { _ in Int(random.next() % UInt64(length << rate)) }
            let row = (1 << folds) - emptyRows - 1
            let message = (0..<length).map { row * length + $0 < count ? E(array[row * length + $0]) : .zero }
            var first: [[UInt64]]?
            onEveryInstructionSet { set in
                let finished = Mutex<[Range<Int>]>([])
                let code = Codeword(encoding: array.span, variables: variables, folds: folds, rate: rate) {
                    code, range in
                    finished.withLock { $0.append(range) }
                }
                let ranges = finished.withLock { $0 }.sorted { $0.lowerBound < $1.lowerBound }
                #expect(ranges.first?.lowerBound == 0 && ranges.last?.upperBound == length << rate)
                #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
                let columns = places.map { code.column($0) }
                #expect(columns.map { $0[row] } == places.map { entry(message, $0).c0 }, "\(set), seed \(seed)")
                #expect(columns == first ?? columns, "\(set), seed \(seed)")
                first = columns
                code.withColumns(places[0]..<places[0] + 1) { words in
                    #expect(words.elementsEqual(columns[0].prefix(code.stored)))
                }
            }
        }
    }
}
