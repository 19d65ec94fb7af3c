import BinaryFields
import Oracles
import Testing

/// Sizes about the lanes of each instruction set, and one that is many blocks long.
let arraySizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 100, 515]

extension SeededGenerator {
    mutating func words(_ count: Int) -> [K] { (0..<count).map { _ in packed() } }
}

/// An array that begins at an odd place of a vector whose other elements must not change.
struct Framed {
    let vector: EVector
    let span: ESpan
    private let frame: [E]

    init(_ elements: [E]) {
        vector = EVector(elements.count + 12)
        frame = (0..<12).map { E(UInt64($0), 77, ~UInt64($0)) }
        for i in 0..<3 { vector[i] = frame[i] }
        for i in 3..<12 { vector[elements.count + i] = frame[i] }
        for (i, element) in elements.enumerated() { vector[3 + i] = element }
        span = vector[3..<3 + elements.count]
    }

    var elements: [E] { span.elements }

    var isFrameWhole: Bool {
        (0..<3).allSatisfy { vector[$0] == frame[$0] } && (3..<12).allSatisfy { vector[span.count + $0] == frame[$0] }
    }
}

extension BinaryFieldsTests {
    @Suite struct ArrayTests {
        /// Runs a kernel on every instruction set and compares what it leaves in `d` with what each element should be.
        private func expect(
            _ count: Int, _ name: String, seed: UInt64, start: [E]? = nil, kernel: (ESpan) -> Void, element: (Int) -> E
        ) {
            let expected = (0..<count).map(element)
            onEveryInstructionSet { set in
                let d = Framed(start ?? Array(repeating: .one, count: count))
                kernel(d.span)
                #expect(d.elements == expected && d.isFrameWhole, "\(name), \(set), \(count) elements, seed \(seed)")
            }
        }

        @Test(arguments: arraySizes) func elementwise(count: Int) {
            let seed = UInt64(6200 + count)
            var random = SeededGenerator(seed: seed)
            let (a, b, start) = (random.point(count), random.point(count), random.point(count))
            let (k, l) = (random.words(count), random.words(count))
            let c = random.element()
            let (u, v, w, x) = (Framed(a).span, Framed(b).span, KVector(k).span, KVector(l).span)
            expect(count, "multiply", seed: seed) {
                multiply(u, v, into: $0)
            } element: {
                a[$0] * b[$0]
            }
            expect(count, "square", seed: seed) {
                square(u, into: $0)
            } element: {
                a[$0] * a[$0]
            }
            expect(count, "scale", seed: seed) {
                scale(u, by: c, into: $0)
            } element: {
                c * a[$0]
            }
            expect(count, "multiply by K", seed: seed) {
                multiply(u, w, into: $0)
            } element: {
                a[$0] * E(k[$0])
            }
            expect(count, "add", seed: seed, start: start) {
                add(u, into: $0)
            } element: {
                start[$0] + a[$0]
            }
            expect(count, "add one element", seed: seed, start: start) {
                add(c, to: $0)
            } element: {
                start[$0] + c
            }
            expect(count, "scaleAdd", seed: seed, start: start) {
                scaleAdd(u, by: c, into: $0)
            } element: {
                start[$0] + c * a[$0]
            }
            expect(count, "multiplyAdd", seed: seed, start: start) {
                multiplyAdd(u, v, into: $0)
            } element: {
                start[$0] + a[$0] * b[$0]
            }
            expect(count, "multiply in place", seed: seed, start: start) {
                multiply($0, u, into: $0)
            } element: {
                start[$0] * a[$0]
            }
            expect(count, "fold", seed: seed) {
                fold(u, v, at: c, into: $0)
            } element: {
                a[$0] + c * (a[$0] + b[$0])
            }
            expect(count, "fold in place", seed: seed, start: start) {
                fold($0, u, at: c, into: $0)
            } element: {
                start[$0] + c * (start[$0] + a[$0])
            }
            expect(count, "fold K", seed: seed) {
                fold(w, x, at: c, into: $0)
            } element: {
                E(k[$0]) + c * E(k[$0] + l[$0])
            }
            expect(count, "expand", seed: seed, start: start) {
                expand($0, v, at: c)
            } element: {
                start[$0] + c * start[$0]
            }
            onEveryInstructionSet { set in
                let product = KVector(count)
                multiply(w, x, into: product.span)
                #expect(product.span.elements == zip(k, l).map { $0 * $1 }, "\(set), seed \(seed)")
            }
        }

        @Test(arguments: arraySizes) func sums(count: Int) {
            let seed = UInt64(6300 + count)
            var random = SeededGenerator(seed: seed)
            let (a, b, k) = (random.point(count), random.point(count), random.words(count))
            let (u, v, w) = (Framed(a).span, Framed(b).span, KVector(k).span)
            onEveryInstructionSet { set in
                #expect(sum(u) == a.reduce(.zero, +), "\(set), seed \(seed)")
                #expect(innerProduct(u, v) == innerProduct(a, b), "\(set), seed \(seed)")
                #expect(innerProduct(u, w) == innerProduct(a, k.map { E($0) }), "\(set), seed \(seed)")
            }
        }

        @Test(arguments: arraySizes) func pairs(count: Int) {
            let seed = UInt64(6400 + count)
            var random = SeededGenerator(seed: seed)
            let (a, b) = (random.point(2 * count), random.point(2 * count))
            let products = (0..<2 * count).map { a[$0] * b[$0] }
            let even = (0..<count).map { 2 * $0 }
            let odd = even.map { $0 + 1 }
            onEveryInstructionSet { set in
                let (u, v) = (Framed(a), Framed(b))
                let (d, e) = (
                    Framed(Array(repeating: .zero, count: count)), Framed(Array(repeating: .zero, count: count))
                )
                pairProducts(u.span, into: d.span)
                #expect(d.elements == even.map { a[$0] * a[$0 + 1] } && d.isFrameWhole, "\(set), seed \(seed)")
                split(u.span, even: d.span, odd: e.span)
                #expect(d.elements == even.map { a[$0] } && e.elements == odd.map { a[$0] }, "\(set), seed \(seed)")
                #expect(d.isFrameWhole && e.isFrameWhole, "\(set), seed \(seed)")
                splitProducts(u.span, v.span, even: d.span, odd: e.span)
                #expect(d.elements == even.map { products[$0] } && d.isFrameWhole, "\(set), seed \(seed)")
                #expect(e.elements == odd.map { products[$0] } && e.isFrameWhole, "\(set), seed \(seed)")
                splitProducts(u.span, v.span, even: u.span[0..<count], odd: v.span[0..<count])
                #expect(u.span[0..<count].elements == d.elements, "\(set), in place, seed \(seed)")
                #expect(v.span[0..<count].elements == e.elements, "\(set), in place, seed \(seed)")
                let whole = Framed(a)
                pairProducts(whole.span, into: whole.span[0..<count])
                #expect(whole.span[0..<count].elements == even.map { a[$0] * a[$0 + 1] }, "\(set), seed \(seed)")
            }
        }

        @Test func equalityTables() {
            var random = SeededGenerator(seed: 6500)
            for n in 0...7 {
                let (point, factor) = (random.point(n), random.element())
                onEveryInstructionSet { set in
                    let table = EVector(1 << n)
                    eqTable(point, scale: factor, into: table.span)
                    #expect(table.span.elements == eqTable(point).map { factor * $0 }, "\(set), n \(n)")
                }
            }
        }

        /// Memory of large arrays is kept and given out again: cut into pieces, joined, but always zero, and never twice.
        @Test func releasedMemoryComesBackZero() {
            var random = SeededGenerator(seed: 6501)
            var living: [KVector] = []
            for round in 0..<60 {
                let count = (1 << 17) + Int(random.next() % (1 << 19))  // from one megabyte on
                let vector = KVector(count)
                #expect(vector.withWords { words in words.allSatisfy { $0 == 0 } }, "round \(round)")
                vector.withWords { $0.update(repeating: UInt64(round + 1)) }
                living.append(vector)
                if living.count > 4 { living.remove(at: Int(random.next() % 5)) }
                for other in living {
                    #expect(other[0] == other[other.count - 1] && other[other.count / 2] == other[0], "round \(round)")
                }
                #expect(Set(living.map { $0[0] }).count == living.count, "two arrays share memory, round \(round)")
            }
        }

        @Test func largeVectorsAreZeroAndKeepTheirElements() {
            for count in [1, 511, 512, 50_000, 200_000] {
                let vector = EVector(count)
                #expect(stride(from: 0, to: count, by: 997).allSatisfy { vector[$0] == .zero })
                vector[count - 1] = E(1, 2, 3)
                vector[0] += .y
                #expect(vector[count - 1] + (count == 1 ? .y : .zero) == E(1, 2, 3) && vector[count / 2] != .one)
            }
        }
    }
}
