import BinaryFields
import Tables

/// What step 1 leaves to the later ones.
package struct MessageClaim: Sendable {
    /// γ, which makes factors of messages.
    package let gamma: E
    /// ζ: slot, row and side, from the lowest coordinate up.
    package let point: [E]
    /// Ṽ(ζ) + 1 = Σ_T Σ_r U_T(r)·D_T(r), with U_T(r) = eq(row part of ζ, r)·[r < h] and
    /// D_T(r) = Σ over the slots of T of eq(slot and side part of ζ, slot)·(factor + 1).
    package let value: E
}

// 1. Messages. The factors of all messages are the leaves of one tree of products, V_l(x) = V_(l+1)(2x)·V_(l+1)(2x+1);
// pushed ones lie in its left half, pulled ones in its right. Ones stand wherever no message does.
extension Verifier {
    /// Errors over 2^192: γ the number of factors, each 2^k times; a round of a layer 2; the first point and each
    /// challenge that joins two children 1.
    func reduceMessages(
        _ boundary: Boundary, _ shape: Shape, _ proof: inout ProofReader
    ) throws(VerificationError) -> MessageClaim {
        let gamma = proof.draw()
        let products = try proof.elements(2)
        let (pushed, pulled) = (
            products[0] * product(of: boundary.pushed, gamma), products[1] * product(of: boundary.pulled, gamma)
        )
        guard pushed == pulled else { throw .unbalanced(pushed: pushed, pulled: pulled) }

        var point = proof.draw(1)
        var claim = extend(products, at: point)
        for layer in 1..<shape.leafLog {
            (claim, point) = try descend(claim, point, layer: layer, &proof)
        }
        return MessageClaim(gamma: gamma, point: point, value: claim + .one)
    }

    /// From a claim on layer l at a point to one on layer l + 1: a sumcheck for Σ_x eq(point, x)·V(2x)·V(2x + 1).
    ///
    /// In the round of bit k the polynomial is eq(p_k, X)·t(X) with t quadratic. Sent are d = t(0) + t(1) and the leading
    /// coefficient e of t. The claim is (1 + p_k)·t(0) + p_k·t(1) = t(0) + p_k·d.
    private func descend(
        _ claim: E, _ point: [E], layer: Int, _ proof: inout ProofReader
    ) throws(VerificationError) -> (claim: E, point: [E]) {
        var claim = claim
        var bound: [E] = []
        for coordinate in point.reversed() {
            let sent = try proof.elements(2)
            let (difference, leading) = (sent[0], sent[1])
            let challenge = proof.draw()
            claim = evaluate([claim + coordinate * difference, difference + leading, leading], at: challenge)
            bound.append(challenge)
        }
        let children = try proof.elements(2)
        let product = children[0] * children[1]
        guard product == claim else { throw .productLayer(layer, expected: claim, got: product) }
        let joined = proof.draw(1)
        return (extend(children, at: joined), joined + bound.reversed())
    }

    /// The product of γ + x0 + x1·Y over the messages, x0 and x1 the halves of their 128 bits.
    private func product(of messages: [MessageWords], _ gamma: E) -> E {
        messages.reduce(.one) { product, words in
            let x0 = UInt64(words[0]) | UInt64(words[1]) << 32
            let x1 = UInt64(words[2]) | UInt64(words[3]) << 32
            return product * (gamma + E(x0, x1, 0))
        }
    }
}
