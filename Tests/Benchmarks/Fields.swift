import BinaryFields
import Foundation

/// Nanoseconds an element of each kernel, on each instruction set of the machine.
///
///     sheaf-bench fields
enum FieldsBenchmark {
    /// What is measured: its name, and the nanoseconds a unit under the instruction set in use.
    private typealias Row = (name: String, measure: () -> Double)

    static func run(_ arguments: [String]) {
        print(Measurement.machine)
        let sets = InstructionSet.available
        print(Measurement.heading("nanoseconds, one thread", sets.map(\.rawValue)))
        let (before, threads) = (InstructionSet.current, Threads.count)
        defer {
            InstructionSet.select(before)
            Threads.count = threads
        }
        for row in scalarRows() + arrayRows() + roundRows() + mapRows() + codeRows() {
            Threads.count = 1
            print(Measurement.row(row.name, sets.map { measured(row, on: $0) }))
            guard row.name.hasSuffix("2^20") else { continue }
            Threads.count = Threads.available
            print(Measurement.row("    on \(Threads.available) threads", sets.map { measured(row, on: $0) }))
        }
    }

    private static func measured(_ row: Row, on set: InstructionSet) -> Double {
        InstructionSet.select(set)
        return row.measure()
    }

    private static func scalarRows() -> [Row] {
        let step = E(0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210, 0x0F1E_2D3C_4B5A_6978)
        return [
            (
                "product in E, one after the other",
                {
                    var value = step
                    let time = Measurement.nanoseconds { for _ in 0..<10_000 { value *= step } }
                    precondition(!value.isZero)
                    return time / 10_000
                }
            ),
            (
                "product in E, independent",
                {
                    var values = [step, step + .one, step + .y, step.squared()]
                    let time = Measurement.nanoseconds {
                        for _ in 0..<2_500 { for i in 0..<4 { values[i] *= step } }
                    }
                    precondition(values.allSatisfy { !$0.isZero })
                    return time / 10_000
                }
            ),
        ]
    }

    private static func vector(_ count: Int, _ salt: UInt64) -> EVector {
        let vector = EVector(count)
        var word = salt
        func next() -> UInt64 {
            word = word &* 0x5851_F42D_4C95_7F2D &+ 0x1405_7B7E_F767_814F
            return word ^ word >> 29
        }
        for i in 0..<count { vector[i] = E(next(), next(), next()) }
        return vector
    }

    private static func words(_ count: Int, _ salt: UInt64) -> KVector {
        let (vector, words) = (vector(count, salt), KVector(count))
        for i in 0..<count { words[i] = K(vector[i].c0) }
        return words
    }

    /// A kernel over `count` elements that lie in the first or second cache.
    private static func small(_ name: String, count: Int = 512, _ body: @escaping () -> Void) -> Row {
        (name, { Measurement.nanoseconds { for _ in 0..<16 { body() } } / Double(16 * count) })
    }

    private static func arrayRows() -> [Row] {
        let (a, b, d) = (vector(512, 1).span, vector(512, 2).span, vector(512, 3).span)
        let (k, l) = (words(512, 4).span, words(512, 5).span)
        let pairs = vector(1024, 6).span
        let c = E(3, 5, 7).inverse()
        let (u, v, w) = (vector(1 << 20, 7), vector(1 << 20, 8), EVector(1 << 20))
        return [
            small("multiply") { multiply(a, b, into: d) },
            small("square") { square(a, into: d) },
            small("scale") { scale(a, by: c, into: d) },
            small("multiply by K") { multiply(a, k, into: d) },
            small("inner product") { blackHole(innerProduct(a, b)) },
            small("inner product with K") { blackHole(innerProduct(a, k)) },
            small("fold, a result") { fold(a, b, at: c, into: d) },
            small("fold of K, a result") { fold(k, l, at: c, into: d) },
            small("products of neighbours, a result") { pairProducts(pairs, into: d) },
            (
                "multiply, 2^20",
                {
                    Measurement.nanoseconds(within: 100) {
                        parallel(1 << 20, grain: 4096) { multiply(u[$0], v[$0], into: w[$0]) }
                    } / Double(1 << 20)
                }
            ),
        ]
    }

    private static func roundRows() -> [Row] {
        let parts = (0..<5).map { vector(512, UInt64(10 + $0)).span }
        let (p, q) = (vector(2048, 16), vector(2048, 17))
        let c = E(3, 5, 7).inverse()
        return [
            small("sums of a product layer, a term") {
                let sums = layerSums(
                    weights: parts[0], a0: parts[1], a1: parts[2], b0: parts[3], b1: parts[4], shift: c)
                blackHole(sums.0)
            },
            small("fold and sums of a product layer, a term") {
                blackHole(layerFoldSums(weights: parts[0], p.span, q.span, quarter: 512, at: c, shift: c).0)
            },
            small("sums of an inner product, a term") {
                blackHole(weightedSums(a0: parts[1], a1: parts[2], b0: parts[3], b1: parts[4]).0)
            },
            small("three sums of products, a term") {
                blackHole(productSums(a0: parts[1], a1: parts[2], b0: parts[3], b1: parts[4]).0)
            },
        ]
    }

    private static func mapRows() -> [Row] {
        let images = (0..<192).map { E(UInt64($0), 9, 1 << UInt64($0 % 64)).inverse() }
        let (a, d, k) = (vector(512, 20).span, vector(512, 21).span, words(512, 22).span)
        return [
            (
                "map of 64 bits, a word",
                {
                    let map = KMap(Array(images[0..<64]))
                    return small("") { map.apply(k, into: d) }.measure()
                }
            ),
            (
                "map of 192 bits, an element",
                {
                    let map = EMap(images)
                    return small("") { map.apply(a, into: d) }.measure()
                }
            ),
            ("preparing a map of 64 bits", { small("", count: 1) { _ = KMap(Array(images[0..<64])) }.measure() }),
        ]
    }

    private static func codeRows() -> [Row] {
        let (k, e) = (words(1 << 20, 30).span, vector(1 << 15, 31).span)
        return [
            (
                "encode 32 rows of K at 1/2, a bit, 2^20",
                {
                    Measurement.nanoseconds(within: 300) {
                        blackHole(E(Codeword(encoding: k, variables: 20, folds: 5, rate: 1).words[5]))
                    } / Double(64 << 20)
                }
            ),
            (
                "encode 8 rows of E at 1/8, an element",
                {
                    Measurement.nanoseconds(within: 100) {
                        blackHole(E(Codeword(encoding: e, variables: 15, folds: 3, rate: 3).words[5]))
                    } / Double(1 << 15)
                }
            ),
        ]
    }

    /// Keeps a result from being optimised away.
    @inline(never)
    private static func blackHole(_ element: E) { _ = element }
}
