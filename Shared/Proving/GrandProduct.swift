import BinaryFields
import Hashing
import Tables

/// Step 1: the products of all pushed and of all pulled factors, and a claim on the factors at a random point.
///
/// The tree's leaves are numbered by side, row and slot, from the top bit down, so neighbouring slots are multiplied
/// first and rows last (Thaler 2013; protocol.md, step 1). A layer is stored as columns of exact heights, one for each
/// side and slot: all else is one.
///
/// The two lowest layers are most of the tree. The leaves are not stored, and the layer above them is made a second time
/// when its turn comes, as by then the rest of the tree is gone.
package struct GrandProduct {
    /// A layer's nodes in pairs of neighbours: `pairs[side][slot]`, rows upwards.
    struct Layer: Sendable {
        let rowVariables: Int
        let slotVariables: Int
        var pairs: [[(even: Nodes, odd: Nodes)]]

        /// Neighbouring slots in pairs.
        init(slots columns: [[Nodes]], slotVariables: Int, rowVariables: Int) {
            self.rowVariables = rowVariables
            self.slotVariables = slotVariables
            pairs = columns.map { side in
                stride(from: 0, to: side.count, by: 2).map { slot in
                    (even: side[slot], odd: slot + 1 < side.count ? side[slot + 1] : .none)
                }
            }
        }

        /// Neighbouring rows of the one slot.
        init(rows columns: [Column], rowVariables: Int) {
            self.rowVariables = rowVariables
            slotVariables = 0
            pairs = columns.map { column in
                let (even, odd) = GrandProduct.split(column)
                return [(even: .stored(even), odd: .stored(odd))]
            }
        }

        /// The layer above: by side and slot the products of the pairs.
        func products() -> [[Column]] {
            let sources = pairs.flatMap { $0 }
            let results = Column.columns(sources.map { max($0.even.length, $0.odd.length) })
            let pieces = Pieces(results.map(\.length)).all
            let ones = EVector(EqualityWeights.block)
            ones.span.fill(.one)
            parallel(pieces.count, grain: 8) { range in
                let room = Nodes.Room(blocks: 2)
                for piece in pieces[range] {
                    let (even, odd) = sources[piece.column]
                    multiply(
                        even.block(piece.rows, fill: ones.span, room: room, place: 0),
                        odd.block(piece.rows, fill: ones.span, room: room, place: 1),
                        into: results[piece.column].span[piece.rows])
                }
            }
            return [Array(results[..<pairs[0].count]), Array(results[pairs[0].count...])]
        }
    }

    /// What the two products' layer, sent first, is made of: pushed and pulled.
    package let products: [E]
    /// From the leaves up; nil is to be made from the one below.
    private var layers: [Layer?] = []

    /// - Parameters:
    ///   - columns: the factors, by side and slot; slots that are missing are ones.
    ///   - slotVariables: at least as many that 2^slotVariables slots are there.
    ///   - rowVariables: every height is at most 2^rowVariables.
    init(columns: [[Nodes]], slotVariables: Int, rowVariables: Int) {
        // With one slot a side no layer is one of slots, and the factors are stored, as products with one.
        let padded = columns.map { $0.isEmpty ? [Nodes.none] : $0 }
        var layer = Layer(slots: padded, slotVariables: max(slotVariables - 1, 0), rowVariables: rowVariables)
        if slotVariables > 0 { layers.append(layer) }
        for slots in (0..<max(slotVariables - 1, 0)).reversed() {
            let isSecond = layers.count == 1
            let columns = layer.products().map { side in side.map { Nodes.stored($0) } }
            layer = Layer(slots: columns, slotVariables: slots, rowVariables: rowVariables)
            layers.append(isSecond ? nil : layer)
        }
        var columns = layer.products().map { $0.first ?? .empty }
        for rows in (0..<rowVariables).reversed() {
            layer = Layer(rows: columns, rowVariables: rows)
            layers.append(layer)
            columns = layer.products().map { $0.first ?? .empty }
        }
        products = columns.map { $0.length > 0 ? $0.span[0] : .one }
    }

    /// The tree over columns that are stored.
    package init(stored columns: [[EVector]], slotVariables: Int, rowVariables: Int) {
        self.init(
            columns: columns.map { side in side.map { .stored(Column($0)) } }, slotVariables: slotVariables,
            rowVariables: rowVariables)
    }

    /// Sends the two products, then layer by layer, from the top, the claim on the children. Layers are gone as they
    /// are used.
    ///
    /// - Returns: ζ and the claim on the leaves there.
    package mutating func prove(_ transcript: inout ProverTranscript) -> (point: [E], claim: E) {
        transcript.send(products)
        var point = transcript.draw(1)
        var claim = extend(products, at: point)
        while let layer = takeLayer() {
            var sumcheck = LayerSumcheck(layer, point: point, claim: claim)
            let (even, odd, bound) = sumcheck.prove(&transcript)
            transcript.send([even, odd])
            let child = transcript.draw()
            claim = even + child * (even + odd)
            point = [child] + bound
        }
        return (point, claim)
    }

    private mutating func takeLayer() -> Layer? {
        guard let last = layers.popLast() else { return nil }
        if let last { return last }
        guard let below = layers.last ?? nil else { return nil }
        let columns = below.products().map { side in side.map { Nodes.stored($0) } }
        return Layer(slots: columns, slotVariables: below.slotVariables - 1, rowVariables: below.rowVariables)
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
