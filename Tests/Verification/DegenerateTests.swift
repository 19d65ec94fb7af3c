import BinaryFields
import ProofVectors
import Testing
import Verification

/// Rules 11 and 14: what challenges of special values would do.
struct DegenerateTests {
    /// Errors that are bits cannot cancel within eight rows: their weights are independent over GF(2). With x, x, x² for
    /// the fixed τ they are not, and a proof with two errors that cancel then is among the vectors.
    @Test func theWeightsOfEightRowsAreIndependent() {
        let weights = eqTable(UnivariateDomain.fixedTau.map { E($0) })
        var sums = Set<E>()
        for choice in 0..<256 {
            sums.insert(weights.indices.reduce(.zero) { choice >> $1 & 1 == 1 ? $0 + weights[$1] : $0 })
        }
        #expect(sums.count == 256)
        let dependent = [UnivariateDomain.fixedTau[0], UnivariateDomain.fixedTau[0], UnivariateDomain.fixedTau[1]]
        let others = eqTable(dependent.map { E($0) })
        #expect(others[1] == others[2])
    }

    /// z inside S, or inside the coset, needs no division: the weights are those of the point itself.
    @Test(arguments: [UnivariateDomain.domain, .coset]) func zMayBeAPointOfInterpolation(domain: UnivariateDomain) {
        for (i, point) in domain.points.enumerated() {
            let weights = lagrange(domain, E(point))
            #expect(weights.indices.allSatisfy { weights[$0] == ($0 == i ? .one : .zero) })
        }
        for point in UnivariateDomain.domain.points {
            #expect(vanishing(E(point)) == .zero)
        }
        for point in UnivariateDomain.coset.points {
            #expect(vanishing(E(point)) * UnivariateDomain.inverseOnCoset == .one)
        }
    }

    /// Products of zero are equal, whatever the boundary multiplies in: nothing divides by them, and the tree refuses
    /// them.
    @Test func productsOfZeroAreRefusedByTheTree() throws {
        let vector = try #require(try VectorCases.honest.first { $0.name == "few queries" })
        var proof = vector.proof
        proof.replaceSubrange(32..<80, with: repeatElement(0, count: 48))  // behind the root
        let error = try #require(throws: VerificationError.self) {
            try Verifier(vector.statement.system).verify(vector.statement, proof: proof)
        }
        guard case .productLayer(1, _, _) = error else {
            Issue.record("\(error)")
            return
        }
    }
}
