#if canImport(Glibc)
    import Glibc
#else
    import Foundation
#endif

/// One message of the verifier: a draw from the transcript, and the probability with which it rescues a prover who has
/// lost so far (round-by-round soundness), as bits: −log₂ of it.
public struct MessageBound: Hashable, Sendable {
    /// In the words of docs/protocol.md: "gamma", "level 0: fold 1".
    public let name: String
    public let bits: Double
    /// The probability, with L, e and the like as docs/soundness.md defines them.
    public let formula: String
    /// The document, paper or theorem that says so.
    public let source: String
}

/// log₂, exact for powers of two.
func logTwo(_ value: Double) -> Double { log2(value) }

/// The bits of an error of `numerator` over the field's 2^192 elements.
func fieldBits(_ numerator: Double) -> Double { 192 - logTwo(numerator) }
