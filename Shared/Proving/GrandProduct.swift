import BinaryFields
import Hashing
import Tables

/// Step 1: the products of all pushed and of all pulled factors, and a claim on the factors at a random point.
///
/// The tree's leaves are numbered by side, row and slot, from the top bit down, so neighbouring slots are multiplied
/// first and rows last (Thaler 2013; protocol.md, step 1). A layer is stored as columns of exact heights, one for each
/// side and slot: all else is one.
///
/// The lowest layers are most of the tree. Leaves that are factors are not stored, and the layer above them is made twice: on
/// the way up in passing, and from the leaves again when its turn comes, as by then the rest of the tree is gone.
package struct GrandProduct {
    /// A layer's nodes in pairs of neighbours: `pairs[side][slot]`, rows upwards.
    struct Layer: Sendable {
        let rowVariables: Int
        let slotVariables: Int
        let pairs: [[(even: Nodes, odd: Nodes)]]

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
    }

    /// What the two products' layer, sent first, is made of: pushed and pulled.
    package let products: [E]
    private let leaves: [[Nodes]]
    private let slotVariables: Int
    private let rowVariables: Int
    /// The layers of slots that are still to be made, from the leaves up: the lowest.
    private var unmade: Int
    /// The others, upwards.
    private var layers: [Layer] = []

    /// - Parameters:
    ///   - columns: the factors, by side and slot; slots that are missing are ones.
    ///   - slotVariables: at least as many that 2^slotVariables slots are there.
    ///   - rowVariables: every height is at most 2^rowVariables.
    ///   - madeTwice: layers of slots above the leaves that are made twice, rather than stored until their turn comes.
    init(columns leaves: [[Nodes]], slotVariables: Int, rowVariables: Int, madeTwice: Int = 1) {
        self.leaves = leaves
        self.slotVariables = slotVariables
        self.rowVariables = rowVariables
        unmade = min(madeTwice + 1, slotVariables)
        var columns = Self.products(leaves, levels: unmade)
        for slots in (0..<slotVariables - unmade).reversed() {
            let nodes = columns.map { side in side.map { Nodes.stored($0) } }
            layers.append(Layer(slots: nodes, slotVariables: slots, rowVariables: rowVariables))
            columns = Self.products(nodes, levels: 1)
        }
        // One slot a side is left, if there is any.
        columns = columns.map { [$0.first ?? .empty] }
        for rows in (0..<rowVariables).reversed() {
            let layer = Layer(rows: columns.map { $0[0] }, rowVariables: rows)
            layers.append(layer)
            columns = Self.products(layer.pairs.map { [$0[0].even, $0[0].odd] }, levels: 1)
        }
        products = columns.map { $0[0].length > 0 ? $0[0].span[0] : .one }
    }

    /// The tree over columns that are stored, from which it costs more time to make a layer twice than memory is worth.
    package init(stored columns: [[EVector]], slotVariables: Int, rowVariables: Int, madeTwice: Int = 0) {
        self.init(
            columns: columns.map { side in side.map { .stored(Column($0)) } }, slotVariables: slotVariables,
            rowVariables: rowVariables, madeTwice: madeTwice)
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
        if let last = layers.popLast() { return last }
        guard unmade > 0 else { return nil }
        unmade -= 1
        let nodes =
            unmade == 0 ? leaves : Self.products(leaves, levels: unmade).map { side in side.map { .stored($0) } }
        return Layer(slots: nodes, slotVariables: slotVariables - 1 - unmade, rowVariables: rowVariables)
    }

    /// The columns that stand `levels` above others, by side and slot: each the product of 2^levels neighbouring slots, row
    /// by row. What lies between is not stored.
    private static func products(_ nodes: [[Nodes]], levels: Int) -> [[Column]] {
        let size = 1 << levels
        let sources = nodes.flatMap { side in
            stride(from: 0, to: side.count, by: size).map { side[$0..<min($0 + size, side.count)] }
        }
        let results = Column.columns(sources.map { $0.map(\.length).max() ?? 0 })
        let pieces = Pieces(results.map(\.length)).all
        parallel(pieces.count, grain: max(8 >> levels, 1)) { range in
            let room = Nodes.Room(blocks: levels + 1)
            for piece in pieces[range] {
                let target = results[piece.column].span[piece.rows]
                product(sources[piece.column], piece.rows, levels, into: target, room: room)
            }
        }
        let pushed = (nodes[0].count + size - 1) / size
        return [Array(results[..<pushed]), Array(results[pushed...])]
    }

    /// The product of 2^levels slots, those that are missing being ones, on `rows` of one block.
    private static func product(
        _ nodes: ArraySlice<Nodes>, _ rows: Range<Int>, _ levels: Int, into target: ESpan, room: Nodes.Room
    ) {
        func half(_ nodes: ArraySlice<Nodes>, place: Int) -> ESpan {
            guard levels > 1, nodes.count > 0 else {
                return (nodes.first ?? .none).block(rows, fill: Nodes.ones, room: room, place: place)
            }
            let values = room.block(place, rows.count)
            product(nodes, rows, levels - 1, into: values, room: room)
            return values
        }
        guard levels > 0 else { return target.copy(half(nodes, place: 0)) }
        // Whatever the second half needs lies below place `levels`, where the first half's product waits.
        let middle = nodes.startIndex + min(1 << (levels - 1), nodes.count)
        let even = half(nodes[..<middle], place: levels)
        multiply(even, half(nodes[middle...], place: levels - 1), into: target)
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
