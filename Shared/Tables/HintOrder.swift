/// An order of a table's ANDs in which each defines one hint from bits already known: a proof, for all operands at
/// once, that what the row is given forces every hint (machine.md, section 9). Applied to a row it computes them.
///
/// A position A & B = C defines a bit of C once A, B and the other bits of C are known; where A or B is the constant
/// one, the position is linear and defines any last unknown bit.
public struct HintOrder: Sendable {
    /// Position `position` of constraint `constraint` defines bit `bit` of word `word`.
    public struct Step: Hashable, Sendable {
        public let constraint: Int
        public let position: Int
        public let word: Int
        public let bit: Int
    }

    public let table: Table
    public let steps: [Step]
    /// Hint bits that no order defines, by the names of their fields.
    public let unforced: [String: Int]

    /// `known`: hints taken as given as well.
    public init(of table: Table, known: Set<String> = []) {
        self.table = table
        var unknown = Set<Int>()  // word * 32 + bit
        for field in table.fields where field.origin == .hint && !known.contains(field.name) {
            for piece in field.pieces {
                unknown.formUnion((0..<piece.count).map { piece.word * 32 + piece.offset + $0 })
            }
        }
        var open: [Position] = []
        for (index, constraint) in table.constraints.enumerated() {
            for position in 0..<32 where constraint.label(at: position) != nil {
                open.append(Position(constraint, index: index, position: position))
            }
        }
        var steps: [Step] = []
        var progress = true
        while progress && !unknown.isEmpty {
            progress = false
            open.removeAll { position in
                guard let bit = position.defines(unknown) else { return false }
                unknown.remove(bit)
                let (word, place) = bit.quotientAndRemainder(dividingBy: 32)
                steps.append(Step(constraint: position.index, position: position.position, word: word, bit: place))
                progress = true
                return true
            }
        }
        self.steps = steps
        var unforced: [String: Int] = [:]
        for field in table.fields {
            for piece in field.pieces {
                let left = (0..<piece.count).filter { unknown.contains(piece.word * 32 + piece.offset + $0) }.count
                if left > 0 { unforced[field.name, default: 0] += left }
            }
        }
        self.unforced = unforced
    }

    /// Computes the hints of a row whose other bits are set and whose hint bits are zero.
    public func solve(_ row: inout [UInt32]) {
        for step in steps {
            let constraint = table.constraints[step.constraint]
            // The hint's bit is still zero, so the position's residue is its value.
            let residue = constraint.broken(on: row.span)
            row[step.word] |= (residue >> UInt32(step.position) & 1) << UInt32(step.bit)
        }
    }

    private struct Position {
        let index: Int
        let position: Int
        let sides: [[Int]]
        let isOne: [Bool]

        init(_ constraint: Constraint, index: Int, position: Int) {
            self.index = index
            self.position = position
            let operands = [constraint.a, constraint.b, constraint.c]
            sides = operands.map { $0.sources(at: position).map { $0.word * 32 + $0.bit } }
            isOne = zip(operands, sides).map { $0.constant >> UInt32(position) & 1 == 1 && $1.isEmpty }
        }

        /// The one bit that the position defines when exactly the bits of `unknown` are not known.
        func defines(_ unknown: Set<Int>) -> Int? {
            let open = sides.map { $0.filter(unknown.contains) }
            var linear: [Int]
            if open[0].isEmpty && open[1].isEmpty {
                linear = open[2]
            } else if isOne[0] || isOne[1] {
                linear = open[isOne[0] ? 1 : 0]
                for bit in open[2] {
                    if let seen = linear.firstIndex(of: bit) { linear.remove(at: seen) } else { linear.append(bit) }
                }
            } else {
                return nil
            }
            return linear.count == 1 ? linear[0] : nil
        }
    }
}
