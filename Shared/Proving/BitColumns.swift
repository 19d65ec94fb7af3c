import BinaryFields
import CKernels

/// The bit columns of the stack at a row point: w̃(g, u, r*) = Σ_r eq(r*, r)·(bit u of entry r of run g).
enum BitColumns {
    /// Column pairs that one thread takes together, and the rows of which it takes all in turn, so that the prepared
    /// weights of these rows stay in the second-level cache.
    private static let pairs = 8
    private static let rows = 1 << 12

    /// w̃(g, u, r*) at 64 g + u; zeros up to a power of two.
    static func sums(_ trace: Trace, rows weights: EqualityWeights) -> EVector {
        let columns = EVector(64 << trace.system.columnLog)
        let prepared = PreparedWeights(weights, rows: trace.tallest)
        let work = trace.tables.flatMap { table in
            let runs = trace.runs(of: table)
            return stride(from: 0, to: runs.count, by: pairs).map { first in
                (runs: Array(runs[first..<min(first + pairs, runs.count)]), height: trace.height(table))
            }
        }
        parallel(work.count, grain: 1) { range in
            let padding = KVector(8)
            let sums = EVector(64)
            for (runs, height) in work[range] {
                for start in stride(from: 0, to: height, by: Self.rows) {
                    let count = min(Self.rows, height - start)
                    for (pair, offset) in runs {
                        sums.span.fill(.zero)
                        let words = trace.stack[offset + start..<offset + start + count]
                        prepared.addBits(of: words, from: start, padding: padding, into: sums)
                        add(sums.span, into: columns[64 * pair..<64 * pair + 64])
                    }
                }
            }
        }
        return columns
    }
}

/// Weights of rows in the form in which sums over the bits of words take them.
struct PreparedWeights: Sendable {
    private let words: KVector
    /// The instruction set that they are prepared for.
    private let level = sheaf_isa_current()
    private let size: Int

    /// The weights of the rows below `rows`, and of those that fill up the last eight.
    init(_ weights: EqualityWeights, rows: Int) {
        let blocks = (rows + 7) / 8
        let (level, size) = (level, sheaf_words_weights_size(level))
        let words = KVector(unset: size * blocks)
        parallel(blocks, grain: 128) { range in
            let values = EVector(8 * range.count)
            let end = min(8 * range.upperBound, 1 << weights.point.count)
            weights.write(8 * range.lowerBound..<end, into: values[0..<end - 8 * range.lowerBound])
            let planes = values.span.planes
            sheaf_words_weights(
                level, planes.base, planes.base + planes.stride, planes.base + 2 * planes.stride, range.count,
                words[size * range.lowerBound..<size * range.upperBound].pointer)
        }
        self.words = words
        self.size = size
    }

    /// Adds, for each bit u, the weights of the rows whose word has it.
    ///
    /// - Parameters:
    ///   - from: the first word's row, a multiple of eight.
    ///   - padding: eight words of room.
    ///   - sums: 64.
    func addBits(of span: KSpan, from: Int, padding: KVector, into sums: EVector) {
        let whole = span.count / 8
        let weights = words[size * (from / 8)..<words.count].pointer
        sheaf_words_bit_sums(level, span.pointer, whole, weights, sums.span.planes.base)
        let rest = span.count - 8 * whole
        guard rest > 0 else { return }
        for row in 0..<8 { padding[row] = row < rest ? span[8 * whole + row] : .zero }
        sheaf_words_bit_sums(level, padding.span.pointer, 1, weights + size * whole, sums.span.planes.base)
    }
}
