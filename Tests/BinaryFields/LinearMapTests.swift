import BinaryFields
import Oracles
import Testing

extension BinaryFieldsTests {
    @Suite struct LinearMapTests {
        private func image(_ word: UInt64, _ images: ArraySlice<E>) -> E {
            images.indices.filter { word >> UInt64($0 - images.startIndex) & 1 == 1 }.reduce(.zero) { $0 + images[$1] }
        }

        @Test(arguments: [0, 1, 7, 8, 9, 63, 64, 65, 130]) func sumsOfImages(count: Int) {
            let seed = UInt64(7000 + count)
            var random = SeededGenerator(seed: seed)
            let (images, words) = (random.point(192), random.words(count))
            let (elements, start) = (random.point(count), random.point(count))
            let fromWords = words.map { image($0.bits, images[0..<64]) }
            let fromElements = elements.map { element in
                image(element.c0, images[0..<64]) + image(element.c1, images[64..<128])
                    + image(element.c2, images[128..<192])
            }
            let packed = KVector([.one] + words).span[1..<count + 1]
            onEveryInstructionSet { set in
                let note: Comment = "\(set), \(count) words, seed \(seed)"
                let (map, wide) = (KMap(Array(images[0..<64])), EMap(images))
                let d = Framed(start)
                map.add(packed, into: d.span)
                #expect(d.elements == zip(start, fromWords).map { $0 + $1 } && d.isFrameWhole, note)
                map.apply(packed, into: d.span)
                #expect(d.elements == fromWords && d.isFrameWhole, note)
                wide.apply(Framed(elements).span, into: d.span)
                #expect(d.elements == fromElements && d.isFrameWhole, note)
                d.span.copy(Framed(elements).span)
                #expect(d.elements == elements && d.isFrameWhole, note)
                wide.apply(d.span, into: d.span)
                #expect(d.elements == fromElements && d.isFrameWhole, note)
                d.span.fill(E(1, 2, 3))
                #expect(d.elements.allSatisfy { $0 == E(1, 2, 3) } && d.isFrameWhole, note)
                InstructionSet.select(.portable)  // what is prepared stays what it is
                map.apply(packed, into: d.span)
                #expect(d.elements == fromWords, note)
                InstructionSet.select(set)
            }
        }
    }
}
