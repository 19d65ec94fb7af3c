import BinaryFields
import Hashing
import Tables

/// What step 6 leaves to the last.
package struct OpeningClaim: Sendable {
    /// y: one coordinate for each variable of the stack.
    package let point: [E]
    /// Ω̃(y), as sent.
    package let weight: E
    /// Each level's β, whose powers joined the claims of its queries.
    package let betas: [E]
}

/// A weighted claim that joined the running one on the way. In the end its weight is taken at the one point y of all
/// challenges, of which it sees the first `variables` coordinates.
private struct JoinedClaim {
    enum Weight {
        /// eq with a point drawn out of the domain.
        case outside([E])
        /// The weights with which a message enters an entry of its codeword.
        case entry(Int)
    }

    let scale: E
    let weight: Weight
    let variables: Int

    func value(at y: [E]) -> E {
        let point = Array(y.prefix(variables))
        switch weight {
        case .outside(let outside): return scale * eq(outside, point)
        case .entry(let index): return scale * codeWeight(index, at: point)
        }
    }
}

// 6. Opening. Σ weight·array = claim, by Ligerito's form of WHIR: each level encodes the folded array anew, interleaved,
// at a rate of its own, and each query of the level before is one more weighted claim on it.
extension Verifier {
    /// With J claims on a level, lists of size L and an error e of mutual correlated agreement (BCHKS25; a second time
    /// DKT26), errors over 2^192: joining (J − 1)·L; fold j of l: 2·L + 2^(l − j)·e; out of domain: variables·L²/2. The
    /// queries miss with (1 − radius)^number, after grinding.
    func open(
        _ root: Digest, _ stack: StackClaim, _ record: ParameterRecord, _ proof: inout ProofReader
    ) throws(VerificationError) -> OpeningClaim {
        var (claim, point, joined) = (stack.value, [E](), [JoinedClaim]())
        var (variables, root, final) = (record.stackLog, root, [E]())
        var betas: [E] = []

        for (level, folds) in record.folds.enumerated() {
            point = try proof.sumcheck(rounds: folds, degree: 2, claim: &claim) + point
            variables -= folds
            var claims: [(value: E, weight: JoinedClaim.Weight)] = []

            // The folded array is bound before the columns that it is checked against are drawn.
            let opened = root
            if level + 1 < record.folds.count {
                root = try proof.digest()
                let outside = proof.draw(variables)
                claims.append((try proof.element(), .outside(outside)))
            } else {
                final = try proof.elements(1 << variables)
            }
            try proof.grind(bits: record.grinding[level])

            // A column, folded, is an entry of the folded array's codeword. An index drawn twice is a claim twice.
            let depth = variables + record.rates[level]
            let indices = proof.drawIndices(record.queries[level], log: depth)
            let entryBytes = level == 0 ? 8 : E.byteCount
            let columns = try proof.columns(at: indices, root: opened, depth: depth, columnBytes: entryBytes << folds)
            let byRow = eqTable(Array(point.prefix(folds)))
            for (index, column) in zip(indices, columns) {
                claims.append((level == 0 ? foldBase(column, byRow) : fold(column, byRow), .entry(index)))
            }

            let beta = proof.draw()
            betas.append(beta)
            var scale = beta
            for (value, weight) in claims {
                claim += scale * value
                joined.append(JoinedClaim(scale: scale, weight: weight, variables: variables))
                scale *= beta
            }
        }

        point = try proof.sumcheck(rounds: variables, degree: 2, claim: &claim) + point
        let weight = try proof.element()
        let weights = joined.reduce(weight) { $0 + $1.value(at: point) }
        let got = weights * extend(final, at: Array(point.prefix(variables)))
        guard got == claim else { throw .opening(expected: claim, got: got) }
        return OpeningClaim(point: point, weight: weight, betas: betas)
    }
}

/// Σ weights[u] · entry u of a column of elements of E.
private func fold(_ column: ArraySlice<UInt8>, _ weights: [E]) -> E {
    var (sum, place) = (E.zero, column.startIndex)
    for weight in weights {
        sum += weight * E(word(column, place), word(column, place + 8), word(column, place + 16))
        place += E.byteCount
    }
    return sum
}

/// Σ weights[u] · entry u of a column of elements of K.
private func foldBase(_ column: ArraySlice<UInt8>, _ weights: [E]) -> E {
    var (sum, place) = (E.zero, column.startIndex)
    for weight in weights {
        sum += weight * K(word(column, place))
        place += 8
    }
    return sum
}

/// Eight bytes, little-endian.
private func word(_ bytes: ArraySlice<UInt8>, _ place: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(bytes[place + $1]) << UInt64(8 * $1) }
}
