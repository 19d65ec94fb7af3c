/// What is proved about Reed–Solomon codes below the Johnson radius: mutual correlated agreement of a line.
///
/// For two words f and g of length n, all but e of the points c are such that wherever f + c·g agrees with a codeword on
/// a (1 − radius) share of the places, f and g agree with codewords on the very same places. Both theorems hold for any
/// field and any set of evaluation points, so for additive codes in characteristic 2.
public enum ProximityTheorem: String, CaseIterable, Hashable, Sendable {
    /// Ben-Sasson, Carmon, Haböck, Kopparty and Saraf: ePrint 2025/2055, Theorem 4.6, as it is printed, with the multiplicity
    /// ⌈√r/η⌉. (Theorem 1.5 has half of it; soundcalc reads all of them so.)
    case bchks25 = "BCHKS25"
    /// ePrint 2026/2056, Theorem 5.12: all characteristics, linear in n and cubic in the multiplicity. Read so that
    /// whatever the two public restatements leave open weighs against us: the radius by the code's rate, the count by r.
    case dkt26 = "DKT26"

    /// Where it stands.
    public var citation: String {
        switch self {
        case .bchks25: "BCHKS25 (ePrint 2025/2055), Theorem 4.6"
        case .dkt26: "DKT26 (ePrint 2026/2056), Theorem 5.12"
        }
    }

    /// Radius and e, as they are printed.
    public var formula: String {
        switch self {
        case .bchks25:
            "radius = 1 - (1+1/s)·√r, e = (2(s+1/2)^5 + 3(s+1/2)·radius·r)·n/(3·r^(3/2)) + (s+1/2)/√r"
        case .dkt26: "radius = 1 - (1+1/(2s))·√rate, e = 8·n·(s+1/2)^3/(3r)"
        }
    }
}

/// A code under a theorem, at the slack that a multiplicity stands for: what the analysis of one level of the opening is
/// made of. The slack is a choice of the analysis alone; neither prover nor verifier knows it.
public struct CodeBound: Hashable, Sendable {
    public let theorem: ProximityTheorem
    /// The code's dimension is 2^dimensionLog; messages are polynomials of a degree below it.
    public let dimensionLog: Int
    /// The code's length is 2^(dimensionLog + rateLog).
    public let rateLog: Int
    /// s of the theorem, at least 3.
    public let multiplicity: Int

    /// - Precondition: `dimensionLog` and `rateLog` at least 1, their sum at most 32; `multiplicity` at least 3. For these
    ///   both theorems apply: the degree is at least 1 and below n − 1, and the radius is positive.
    public init(theorem: ProximityTheorem, dimensionLog: Int, rateLog: Int, multiplicity: Int) {
        precondition(dimensionLog >= 1 && rateLog >= 1 && dimensionLog + rateLog <= 32 && multiplicity >= 3)
        self.theorem = theorem
        self.dimensionLog = dimensionLog
        self.rateLog = rateLog
        self.multiplicity = multiplicity
    }

    /// n
    public var length: Double { powerOfTwo(dimensionLog + rateLog) }

    /// r: two codewords agree in at most r·n places. (2^k − 1)/n for dimension 2^k, so a little below the rate.
    public var agreement: Double { (powerOfTwo(dimensionLog) - 1) / length }

    /// 1 − radius: the share of places in which a word agrees with its close codewords.
    public var closeness: Double {
        switch theorem {
        case .bchks25: agreement.squareRoot() * (1 + 1 / Double(multiplicity))
        case .dkt26: powerOfTwo(-rateLog).squareRoot() * (1 + 0.5 / Double(multiplicity))
        }
    }

    /// How far from a word a codeword may be and still counts as close, as a share of the places.
    public var radius: Double { 1 - closeness }

    /// η: how far below the Johnson radius 1 − √r the analysis stays.
    public var slack: Double { closeness - agreement.squareRoot() }

    /// L = 1/(2·η·√r): at most so many codewords, or interleaved codewords, lie within the radius of any word (Johnson
    /// bound: leanVM-b, annex on the commitment scheme, Theorem 1; WHIR, ePrint 2024/1586, Lemma 4.4).
    public var listSize: Double { 1 / (2 * slack * agreement.squareRoot()) }

    /// e: at most so many challenges of the field break mutual correlated agreement of a line.
    public var exceptionalChallenges: Double {
        let shifted = Double(multiplicity) + 0.5
        let cube = shifted * shifted * shifted
        let root = agreement.squareRoot()
        switch theorem {
        case .bchks25:
            let numerator = 2 * cube * shifted * shifted + 3 * shifted * radius * agreement
            return numerator * length / (3 * agreement * root) + shifted / root
        case .dkt26:
            return 8 * length * cube / (3 * agreement)
        }
    }

    /// The bits that each query adds: a word that is farther than the radius shows in a drawn place with probability
    /// `radius` at least.
    public var bitsOfQuery: Double { -logTwo(closeness) }
}

private func powerOfTwo(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
