import BinaryFields
import Hashing
import Tables

/// Step 1: the products of all pushed and of all pulled factors, and a claim on the factors at a random point.
///
/// The tree's leaves are numbered by side, row and slot, from the top bit down, so neighbouring slots are multiplied
/// first and rows last (Thaler 2013; protocol.md, step 1). A layer is stored as columns of exact heights, one for each
/// side and slot: all else is one.
struct GrandProduct {
    /// A layer's nodes in pairs of neighbours: `pairs[side][slot]`, rows upwards.
    struct Layer: Sendable {
        let rowVariables: Int
        let slotVariables: Int
        var pairs: [[(even: Column, odd: Column)]]
    }

    /// What the two products' layer, sent first, is made of: pushed and pulled.
    let products: [E]
    /// From the leaves up.
    private var layers: [Layer] = []

    /// - Parameters:
    ///   - columns: the factors, by side and slot; slots that are missing are ones.
    ///   - slotVariables: at least as many that 2^slotVariables slots are there.
    ///   - rowVariables: every height is at most 2^rowVariables.
    init(columns: [[Column]], slotVariables: Int, rowVariables: Int) {
        var columns = columns
        for slots in (0..<slotVariables).reversed() {
            let pairs = columns.map { side in
                stride(from: 0, to: side.count, by: 2).map { slot in
                    (even: side[slot], odd: slot + 1 < side.count ? side[slot + 1] : .empty)
                }
            }
            layers.append(Layer(rowVariables: rowVariables, slotVariables: slots, pairs: pairs))
            columns = Self.products(pairs)
        }
        for rows in (0..<rowVariables).reversed() {
            let pairs = columns.map { side in side.map { Self.split($0) } }
            layers.append(Layer(rowVariables: rows, slotVariables: 0, pairs: pairs))
            columns = Self.products(pairs)
        }
        products = columns.map { side in
            guard let column = side.first, column.length > 0 else { return .one }
            return column.span[0]
        }
    }

    /// Sends the two products, then layer by layer, from the top, the claim on the children. Layers are gone as they
    /// are used.
    ///
    /// - Returns: ζ and the claim on the leaves there.
    mutating func prove(_ transcript: inout ProverTranscript) -> (point: [E], claim: E) {
        transcript.send(products)
        var point = transcript.draw(1)
        var claim = extend(products, at: point)
        while let layer = layers.popLast() {
            var sumcheck = LayerSumcheck(layer, point: point, claim: claim)
            let (even, odd, bound) = sumcheck.prove(&transcript)
            transcript.send([even, odd])
            let child = transcript.draw()
            claim = even + child * (even + odd)
            point = [child] + bound
        }
        return (point, claim)
    }

    private static func products(_ pairs: [[(even: Column, odd: Column)]]) -> [[Column]] {
        let sources = pairs.flatMap { $0 }
        let results = Column.columns(sources.map { max($0.even.length, $0.odd.length) })
        let pieces = Pieces(results.map(\.length)).all
        let ones = EVector(EqualityWeights.block)
        ones.span.fill(.one)
        parallel(pieces.count, grain: 4) { range in
            for piece in pieces[range] {
                let (even, odd) = sources[piece.column]
                multiply(
                    even.block(piece.rows, fill: ones.span), odd.block(piece.rows, fill: ones.span),
                    into: results[piece.column].span[piece.rows])
            }
        }
        return [Array(results[..<pairs[0].count]), Array(results[pairs[0].count...])]
    }

    /// The even and the odd rows.
    private static func split(_ column: Column) -> (even: Column, odd: Column) {
        let halves = Column.columns([(column.length + 1) / 2, column.length / 2])
        let (even, odd) = (halves[0], halves[1])
        parallel(odd.length, grain: 1 << 13) { rows in
            BinaryFields.split(
                column.span[2 * rows.lowerBound..<2 * rows.upperBound], even: even.span[rows], odd: odd.span[rows])
        }
        if even.length > odd.length { even.span[odd.length] = column.span[2 * odd.length] }
        return (even, odd)
    }
}
