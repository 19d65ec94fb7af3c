import BinaryFields
import Hashing
import Synchronization

/// Step 3, first half: the rounds over constraint pairs i of Σ_i Σ_r W(i, r)·(A(z, i, r)·B(z, i, r) + C(z, i, r)).
///
/// W(i, r) = eq(τ, r)·ω(i, segment of r): within a segment of rows the same tables count. So a round needs, for each i and
/// each segment, sums over r that eq(τ, ·) alone weighs, and the weights of i are put to them afterwards. For C, linear in
/// i, one sum for each i and segment serves all rounds. For A·B the values at 0, at 1 and of the leading coefficient
/// do, taken for the top two bits at once: so A and B at single i, 48 bytes for 64 bits of rows, are never stored, only
/// what is left when these bits are bound.
package struct PairSumcheck {
    /// Bits of i that are bound before anything is stored.
    static let prefix = 2

    private let trace: Trace
    private let segments: RowSegments
    private let tau: EqualityWeights
    /// The Lagrange weights of z.
    private let at: [E]
    /// ω, by i and segment.
    private var weights: [[E]]
    /// Σ eq(τ, r)·C(z, i, r), by i and segment.
    private var linear: [[E]]
    package private(set) var point: [E] = []

    package init(
        _ trace: Trace, segments: RowSegments, kappa: [E], tau: EqualityWeights, bits: BitSums, at: [E]
    ) {
        self.trace = trace
        self.segments = segments
        self.tau = tau
        self.at = at
        let scales = eqTable(kappa)
        let none = [E](repeating: .zero, count: segments.count)
        weights = scales.indices.map { i in
            guard i < trace.constraints.count else { return none }
            return none.indices.map { $0 < bits.segments(i) ? scales[i] : .zero }
        }
        let lagrange = EVector(at)
        linear = parallelMap(scales.count) { i in
            guard i < trace.constraints.count else { return none }
            return none.indices.map {
                $0 < bits.segments(i) ? BinaryFields.innerProduct(lagrange.span, bits[i, $0]) : .zero
            }
        }
    }

    /// - Returns: A and B at the point of the challenges, by row, and ω there, by segment.
    package mutating func prove(_ transcript: inout ProverTranscript) -> (a: Column, b: Column, weights: [E]) {
        let variables = weights.count.trailingZeroBitCount
        let prefix = min(Self.prefix, variables)
        let source = ConstraintWords(trace, segments: segments, tau: tau, at: at, low: variables - prefix)
        var grid = source.products(prefix: prefix)
        for remaining in (0..<prefix).reversed() {
            let challenge = round(grid, &transcript)
            grid.bind(at: challenge, remaining: remaining)
        }
        var arrays = source.folded(at: point)
        for _ in 0..<variables - prefix {
            let challenge = round(arrays.products(segments), &transcript)
            arrays.bind(at: challenge)
        }
        return (arrays.a[0], arrays.b[0], weights[0])
    }

    /// A round over the top bit of i.
    private mutating func round(_ grid: PairGrid, _ transcript: inout ProverTranscript) -> E {
        let half = weights.count / 2
        var s = [E](repeating: .zero, count: 4)
        for i in 0..<half {
            for segment in 0..<segments.count {
                let (low, high) = (weights[i][segment], weights[i + half][segment])
                guard !(low.isZero && high.isZero) else { continue }
                let (c0, c1) = (linear[i][segment], linear[i + half][segment])
                let (atZero, atOne, leading) = grid.products(i, segment)
                let (q0, q2) = (atZero + c0, leading)
                let q1 = atOne + c1 + q0 + q2
                let step = low + high
                s[0] += low * q0
                s[2] += low * q2 + step * q1
                s[3] += step * q2
            }
        }
        transcript.send([s[0], s[2], s[3]])
        let challenge = transcript.draw()
        for i in 0..<half {
            for segment in 0..<segments.count {
                weights[i][segment] += challenge * (weights[i][segment] + weights[i + half][segment])
                linear[i][segment] += challenge * (linear[i][segment] + linear[i + half][segment])
            }
        }
        weights.removeLast(half)
        linear.removeLast(half)
        point.insert(challenge, at: 0)
        return challenge
    }
}

/// Sums of products A·B over the rows of each segment: for each i below 2^low, with the bits above it each at 0, at 1, or
/// as the coefficient of its square.
struct PairGrid: Sendable {
    let low: Int
    let segments: Int
    /// Bits above `low`; 3^bits values for each i and segment.
    private(set) var bits: Int
    private var values: [E]

    init(low: Int, segments: Int, bits: Int) {
        self.low = low
        self.segments = segments
        self.bits = bits
        values = [E](repeating: .zero, count: Self.power(bits) * segments << low)
    }

    private static func power(_ bits: Int) -> Int { (0..<bits).reduce(1) { product, _ in 3 * product } }

    /// Adds to the values of one i and segment; the top bit's digit counts most.
    mutating func add(_ products: ArraySlice<E>, _ i: Int, _ segment: Int) {
        let start = (i * segments + segment) * Self.power(bits)
        for (digit, product) in zip(0..., products) { values[start + digit] += product }
    }

    /// For i without its top bit, the three values of that bit; the bits between are 0 or 1.
    func products(_ i: Int, _ segment: Int) -> (atZero: E, atOne: E, leading: E) {
        let third = Self.power(bits - 1)
        let rest = (0..<bits - 1).reduce(0) { $0 + (i >> (low + $1) & 1) * Self.power($1) }
        let start = ((i & (1 << low - 1)) * segments + segment) * 3 * third + rest
        return (values[start], values[start + third], values[start + 2 * third])
    }

    /// Binds the top bit.
    mutating func bind(at challenge: E, remaining: Int) {
        let third = Self.power(bits - 1)
        let square = challenge.squared()
        var bound: [E] = []
        bound.reserveCapacity(values.count / 3)
        for start in stride(from: 0, to: values.count, by: 3 * third) {
            for rest in start..<start + third {
                let (atZero, atOne, leading) = (values[rest], values[rest + third], values[rest + 2 * third])
                bound.append(atZero + challenge * (atZero + atOne + leading) + square * leading)
            }
        }
        values = bound
        bits -= 1
    }
}

/// A and B at every i that is left and every row, A times eq(τ, r).
struct PairArrays: Sendable {
    var a: [Column]
    var b: [Column]

    /// What a call works on, rows.
    private static let block = 1 << 13

    /// The three products of every i without its top bit.
    func products(_ segments: RowSegments) -> PairGrid {
        let half = a.count / 2
        let work = (0..<half).flatMap { i in
            let length = max(a[i].length, a[i + half].length)
            return stride(from: 0, to: length, by: Self.block).map { (i: i, rows: $0..<min($0 + Self.block, length)) }
        }
        let grid = Mutex(PairGrid(low: half.trailingZeroBitCount, segments: segments.count, bits: 1))
        let zeros = EVector(EqualityWeights.block)
        parallel(work.count, grain: 1) { range in
            for (i, rows) in work[range] {
                var sums: [(segment: Int, products: [E])] = []
                for piece in segments.pieces(in: rows, block: EqualityWeights.block) {
                    let products = productSums(
                        a0: a[i].block(piece.rows, fill: zeros.span),
                        a1: a[i + half].block(piece.rows, fill: zeros.span),
                        b0: b[i].block(piece.rows, fill: zeros.span),
                        b1: b[i + half].block(piece.rows, fill: zeros.span)
                    )
                    sums.append((piece.segment, [products.0, products.1, products.2]))
                }
                grid.withLock { grid in
                    for sum in sums { grid.add(sum.products[...], i, sum.segment) }
                }
            }
        }
        return grid.withLock { $0 }
    }

    /// Binds the top bit of i.
    mutating func bind(at challenge: E) {
        let half = a.count / 2
        let zeros = EVector(EqualityWeights.block)
        for arrays in [\PairArrays.a, \PairArrays.b] {
            let old = self[keyPath: arrays]
            let targets = (0..<half).map { old[$0].length >= old[$0 + half].length ? old[$0] : old[$0 + half] }
            let pieces = Pieces(targets.map(\.length)).all
            parallel(pieces.count, grain: 4) { range in
                for piece in pieces[range] {
                    let (low, high) = (old[piece.column], old[piece.column + half])
                    fold(
                        low.block(piece.rows, fill: zeros.span),
                        high.block(piece.rows, fill: zeros.span), at: challenge,
                        into: targets[piece.column].span[piece.rows])
                }
            }
            self[keyPath: arrays] = targets
        }
    }
}
