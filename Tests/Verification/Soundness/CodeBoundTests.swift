import Testing
import Verification

/// The theorems' formulas against figures worked out elsewhere.
struct CodeBoundTests {
    /// Dimension 2^k, rate 2^-R, multiplicity; log₂ of the closed count of DKT26, Theorem 5.12, as Plonky3's security
    /// crate pins it.
    @Test(arguments: [
        (1, 1, 3, 10.837102265451657), (2, 1, 3, 11.2521397647305), (20, 2, 3, 30.83710364131352),
        (20, 2, 10, 35.59199114347699),
    ])
    func exceptionalChallengesOfDKT26(dimensionLog: Int, rateLog: Int, multiplicity: Int, expected: Double) {
        let code = CodeBound(
            theorem: .dkt26, dimensionLog: dimensionLog, rateLog: rateLog, multiplicity: multiplicity)
        #expect(abs(log(code.exceptionalChallenges) - expected) < 1e-9)
    }

    /// The theorem's count before it is closed, (2u - 1)h + t(h + u + 4Duh) + (n - D - 1)u, is below what we use: for each
    /// code of the built-in records.
    @Test(arguments: [(8, 1), (8, 3), (8, 5), (8, 10), (15, 7), (17, 1), (23, 1)], [3, 10, 100, 1000])
    func countOfDKT26IsBelowItsClosedForm(code: (dimensionLog: Int, rateLog: Int), multiplicity: Int) {
        let bound = CodeBound(
            theorem: .dkt26, dimensionLog: code.dimensionLog, rateLog: code.rateLog, multiplicity: multiplicity)
        let n = Double(1 << (code.dimensionLog + code.rateLog))
        let degree = Double(1 << code.dimensionLog) - 1
        let (ratio, shifted) = (degree / n, Double(multiplicity) + 0.5)
        let agreement = (bound.closeness * n).rounded(.up)
        let u = (shifted / ratio.squareRoot()).rounded(.up) - 1
        let h = (shifted * shifted / (3 * ratio)).rounded(.up) - 1
        let incidence = (n - degree) / (agreement - degree)
        let count = (2 * u - 1) * h + incidence * (h + u + 4 * degree * u * h) + (n - degree - 1) * u
        #expect(count < bound.exceptionalChallenges)
        #expect(count > bound.exceptionalChallenges / 8, "of the same size")
    }

    /// BCHKS25, Theorem 4.6, in integers: dimension 2, rate 1/2, so r = 1/4, √r = 1/2, n = 4; s = 4 gives η = 1/8 and radius
    /// 3/8, and e = (2·(9/2)^5 + 3·(9/2)·(3/8)/4)·4/(3/8) + 9.
    @Test func exceptionalChallengesOfBCHKS25() {
        let code = CodeBound(theorem: .bchks25, dimensionLog: 1, rateLog: 1, multiplicity: 4)
        #expect((code.agreement, code.slack, code.radius, code.listSize) == (0.25, 0.125, 0.375, 8))
        let expected: Double = (2.0 * 59049 / 32 + 81.0 / 64) * 32 / 3 + 9
        #expect(abs(code.exceptionalChallenges / expected - 1) < 1e-14)
        #expect(abs(code.bitsOfQuery - 0.6780719051126377) < 1e-14)  // log₂(8/5)
    }

    /// The second theorem's radius is counted from the code's rate, which is a little more than r: so at twice the
    /// multiplicity the first theorem's slack is the smaller one, and its exceptional set still the larger.
    @Test(arguments: [8, 12, 23], [1, 3, 8]) func secondTheoremIsSharper(dimensionLog: Int, rateLog: Int) {
        for multiplicity in [3, 10, 100] {
            let (first, second) = (
                CodeBound(
                    theorem: .bchks25, dimensionLog: dimensionLog, rateLog: rateLog, multiplicity: 2 * multiplicity),
                CodeBound(
                    theorem: .dkt26, dimensionLog: dimensionLog, rateLog: rateLog, multiplicity: multiplicity)
            )
            #expect(first.slack < second.slack && second.slack < 1.5 * first.slack)
            #expect(first.radius > second.radius && first.listSize > second.listSize)
            #expect(second.exceptionalChallenges < first.exceptionalChallenges * 16 / 49)
        }
    }

    /// ethereum/soundcalc on one level at a time, each as a WHIR of one iteration over GF(2^192): what the first fold
    /// leaves, at our multiplicity, and queries with 16 bits of grinding, at our slack. It counts by the code's rate where we
    /// count by r, which is a tenth of a bit at a dimension of 2^8.
    @Test(arguments: [
        (17, 1, 5, 283, 227, 128.35, 128.345), (14, 3, 3, 291, 75, 128.15, 128.129),
        (11, 5, 3, 218, 45, 128.23, 128.203),
        (8, 7, 3, 109, 33, 131.21, 131.066), (18, 1, 5, 251, 227, 128.21, 128.198),
        (15, 3, 3, 255, 75, 128.10, 128.077),
        (12, 5, 3, 191, 45, 128.18, 128.161), (8, 7, 4, 96, 33, 131.12, 131.008), (21, 1, 5, 169, 228, 128.06, 128.059),
    ])
    func soundcalcAgrees(
        dimensionLog: Int, rateLog: Int, folds: Int, multiplicity: Int, queries: Int, fold: Double, asked: Double
    ) {
        let code = CodeBound(
            theorem: .bchks25, dimensionLog: dimensionLog, rateLog: rateLog, multiplicity: multiplicity)
        let error = 2 * code.listSize + Double(1 << (folds - 1)) * code.exceptionalChallenges
        #expect(abs(192 - log(error) - fold) < 0.02)
        #expect(abs(Double(queries) * code.bitsOfQuery + 16 - asked) < 0.1)
    }

    private func log(_ value: Double) -> Double {
        // Independent of the code's: by bits of the logarithm, squaring what is left.
        var (sum, rest, weight) = (Double(value.exponent), value.significand, 0.5)
        while weight > 1e-12 {
            rest *= rest
            if rest >= 2 {
                rest /= 2
                sum += weight
            }
            weight /= 2
        }
        return sum
    }
}
