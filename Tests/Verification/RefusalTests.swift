import Hashing
import ProofVectors
import Tables
import Testing
import Verification

/// Proofs that the specification's verifier refuses, most of them from cheating provers who go on as well as they can;
/// refused here at the same step.
struct RefusalTests {
    @Test(arguments: try VectorCases.refused) func refusedAsInTheSpecification(vector: VectorCase) throws {
        let error = try #require(throws: VerificationError.self) {
            try Verifier(vector.statement.system).verify(vector.statement, proof: vector.proof)
        }
        #expect(error.specificationsName == vector.refusal, "\(error)")
    }

    /// The reasons that the checks of the verifier have: none of them may go untested.
    @Test func everyReasonOccurs() throws {
        let reasons = Set(try VectorCases.refused.compactMap(\.refusal))
        #expect(
            reasons == [
                "heights", "too many messages", "too large for the class", "pushed and pulled differ", "product layer",
                "columns", "grinding", "Merkle path", "opening", "weight", "trailing bytes", "the proof ends early",
            ])
    }
}

extension VerificationError {
    /// The reason that reference.py gives.
    var specificationsName: String {
        switch self {
        case .tables: "tables"
        case .statement(.numberOfHeights), .statement(.height): "heights"
        case .statement(.tooManyMessages): "too many messages"
        case .statement(.stackTooLarge), .statement(.tableTooTall): "too large for the class"
        case .transcript(.endsEarly): "the proof ends early"
        case .transcript(.trailingBytes): "trailing bytes"
        case .transcript(.grinding): "grinding"
        case .transcript(.merkleRoot): "Merkle path"
        case .unbalanced: "pushed and pulled differ"
        case .productLayer: "product layer"
        case .columns: "columns"
        case .opening: "opening"
        case .weight: "weight"
        }
    }
}
