import BinaryFields
import Oracles
import Testing

extension BinaryFieldsTests {
    @Suite struct PolynomialTests {
        @Test func equalityIsOneWhereIndicesAreEqual() {
            var random = SeededGenerator(seed: 6101)
            let corners: [E] = [.zero, .one]
            for n in 0...4 {
                let point = random.point(n)
                let table = eqTable(point)
                #expect(table.count == 1 << n)
                for index in 0..<1 << n {
                    let bits = (0..<n).map { corners[index >> $0 & 1] }
                    #expect(table[index] == eq(point, bits) && table[index] == eq(point, index: index))
                    #expect(eqTable(bits).enumerated().allSatisfy { $0.element == ($0.offset == index ? .one : .zero) })
                }
                #expect(table.reduce(.zero, +) == .one)
            }
        }

        @Test func theExtensionTakesTheValuesAndIsMultilinear() {
            var random = SeededGenerator(seed: 6102)
            let values = random.point(16)
            let point = random.point(4)
            #expect(extend(values, at: point) == innerProduct(values, eqTable(point)))
            #expect(extend(values, at: [.one, .zero, .one, .one]) == values[13])
            #expect(extend([values[0]], at: []) == values[0])
        }

        @Test func sumsBelowAHeight() {
            var random = SeededGenerator(seed: 6103)
            for n in 0...4 {
                let (zero, one) = (random.point(n), random.point(n))
                for height in 0...1 << n {
                    var naive = E.zero
                    for r in 0..<height {
                        var product = E.one
                        for k in 0..<n { product *= r >> k & 1 == 1 ? one[k] : zero[k] }
                        naive += product
                    }
                    #expect(below(zero, one, height) == naive, "n \(n), height \(height)")
                }
            }
        }

        @Test func bitsAndCoefficients() {
            var random = SeededGenerator(seed: 6104)
            let elements = random.point(64)
            let x = random.element()
            var (power, sum) = (E.one, E.zero)
            for element in elements {
                sum += element * power
                power *= x
            }
            #expect(evaluate(elements, at: x) == sum)
            #expect(combineBits(elements) == evaluate(elements, at: E(K.x)))
        }

        @Test func theByteFieldLiesInK() {
            let images = (0..<256).map { K(byte: UInt8($0)) }
            #expect(Set(images).count == 256)
            for a in stride(from: 0, to: 256, by: 7) {
                for b in 0..<256 {
                    let product = NaiveField.multiplyByte(UInt8(a), UInt8(b))
                    #expect(images[a] * images[b] == images[Int(product)])
                }
            }
            #expect(UnivariateDomain.domain.points == Array(images[0..<64]))
            #expect(UnivariateDomain.coset.points == Array(images[64..<128]))
            // The generator is the least root in K, as a number, of the byte field's modulus: the others are its conjugates.
            #expect((0..<8).allSatisfy { K.byteGenerator.frobenius($0).bits >= K.byteGenerator.bits })
        }

        @Test(arguments: [UnivariateDomain.domain, .coset]) func lagrangeInterpolates(domain: UnivariateDomain) {
            var random = SeededGenerator(seed: 6105)
            let polynomial = random.point(64)
            let values = domain.points.map { evaluate(polynomial, at: E($0)) }
            for z in [random.element(), E(domain.points[5]), .zero, .one] {
                #expect(innerProduct(lagrange(domain, z), values) == evaluate(polynomial, at: z))
            }
        }

        @Test func vanishingIsLinearAndConstantOnTheCoset() {
            var random = SeededGenerator(seed: 6106)
            let (a, b) = (random.element(), random.element())
            #expect(vanishing(a + b) == vanishing(a) + vanishing(b) && vanishing(a) != .zero)
            #expect(UnivariateDomain.domain.points.allSatisfy { vanishing(E($0)) == .zero })
            #expect(
                UnivariateDomain.coset.points.allSatisfy { vanishing(E($0)) * UnivariateDomain.inverseOnCoset == .one })
        }

        /// Rule 11: the eight tensor weights of the three fixed coordinates of τ are independent over GF(2).
        @Test func fixedTauHasIndependentWeights() {
            func distinctSums(_ point: [K]) -> Int {
                let weights = eqTable(point.map { E($0) })
                return Set(
                    (0..<256).map { choice in
                        weights.indices.reduce(E.zero) { choice >> $1 & 1 == 1 ? $0 + weights[$1] : $0 }
                    }
                ).count
            }
            #expect(distinctSums(UnivariateDomain.fixedTau) == 256)
            #expect(
                distinctSums([K(byte: 2), K(byte: 4), K(byte: 6)]) < 256, "coordinates that sum to zero are not enough")
        }

        @Test func valuesGoToTheCosetByWeights() {
            var random = SeededGenerator(seed: 6107)
            let values = (0..<64).map { _ in random.packed() }
            let z = E(UnivariateDomain.coset.points[17])
            let direct = innerProduct(lagrange(.domain, z), values.map { E($0) })
            #expect(zip(UnivariateDomain.toCoset[17], values).reduce(E.zero) { $0 + E($1.0 * $1.1) } == direct)
            let bytes = Set((0..<256).map { K(byte: UInt8($0)) })
            #expect(UnivariateDomain.toCoset.allSatisfy { $0.allSatisfy(bytes.contains) })
        }

        /// From the definition of V_i as a product over a span.
        @Test func codeWeightsAreTheNormalisedBasis() {
            func vanishing(_ i: Int, _ x: K) -> K { (0..<1 << i).reduce(K.one) { $0 * (x + K(UInt64($1))) } }
            var random = SeededGenerator(seed: 6108)
            let point = random.point(5)
            for index in [0, 1, 2, 13, 37, 255, 1023] {
                let normals = (0..<5).map { vanishing($0, K(UInt64(index))) * vanishing($0, K(1 << $0)).inverse() }
                for i in 0..<5 { #expect(AdditiveCode.normal(i, at: index) == normals[i]) }
                let weights = (0..<32).map { j in
                    normals.indices.filter { j >> $0 & 1 == 1 }.reduce(K.one) { $0 * normals[$1] }
                }
                #expect(codeWeights(index, variables: 5) == weights)
                #expect(codeWeight(index, at: point) == extend(weights.map { E($0) }, at: point))
            }
            #expect(AdditiveCode.normal(0, at: 1 << 39 | 5) == K(1 << 39 | 5))
        }

        @Test func parallelCoversEveryIndexOnce() {
            let before = Threads.count
            defer { Threads.count = before }
            for threads in [1, 2, 5] {
                Threads.count = threads
                for count in [0, 1, 7, 8, 1000] {
                    let sum = parallelSum(count, grain: 8, width: 2) { range in
                        [
                            range.reduce(E.zero) { $0 + E(K(UInt64(1 + $1))) },
                            E(K(1 << UInt64(range.lowerBound / 8 % 64))),
                        ]
                    }
                    #expect(sum[0] == (0..<count).reduce(E.zero) { $0 + E(K(UInt64(1 + $1))) })
                    if count <= 512 { #expect(sum[1].c0.nonzeroBitCount == (count + 7) / 8) }
                }
            }
        }
    }
}
