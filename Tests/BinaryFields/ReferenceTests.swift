import BinaryFields
import Testing

extension BinaryFieldsTests {
    /// The arithmetic of the executable specification, which was written apart from this.
    @Suite struct ReferenceTests {
        private typealias Vectors = ReferenceVectors

        @Test func arithmetic() {
            onEveryInstructionSet { set in
                #expect(Vectors.a * Vectors.b == Vectors.product, "\(set)")
                #expect(Vectors.a.squared() == Vectors.square, "\(set)")
                #expect(Vectors.a.frobenius(70) == Vectors.conjugate, "\(set)")
                #expect(Vectors.a.inverse() == Vectors.inverse, "\(set)")
            }
        }

        @Test func polynomials() {
            #expect(vanishing(Vectors.z) == Vectors.vanishing)
            #expect(UnivariateDomain.inverseOnCoset == Vectors.inverseOnCoset)
            let (domain, coset) = (lagrange(.domain, Vectors.z), lagrange(.coset, Vectors.z))
            #expect([0, 37, 63].map { domain[$0] } == Vectors.lagrangeOnDomain)
            #expect([0, 37, 63].map { coset[$0] } == Vectors.lagrangeOnCoset)
            #expect(eq(Vectors.point, Vectors.other) == Vectors.eq)
            #expect(below(Vectors.point, Vectors.other, 19) == Vectors.below19)
            #expect(combineBits(Vectors.message) == Vectors.combined)
        }

        @Test func code() {
            #expect(codeWeight(1_234_567, at: Vectors.point) == Vectors.codeWeightOf1234567)
            let normals = [(0, 0), (1, 5), (7, 20), (19, 25)].map { E(AdditiveCode.normal[$0][$1]) }
            #expect(normals == Vectors.normals)
            let code = Codeword(encoding: EVector(Vectors.message).span, variables: 3, folds: 0, rate: 2)
            #expect((0..<32).map { E(planes: code.column($0)) } == Vectors.codewordAtQuarter)
        }
    }
}
