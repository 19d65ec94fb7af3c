/// A AND B = C, bitwise, on every row of a table: the only thing that can be said within a row.
public struct Constraint: Hashable, Sendable {
    /// What the constraint says at some of its 32 positions; narrow statements share one constraint.
    public struct Label: Hashable, Sendable {
        public var positions: Range<Int>
        public var text: String

        public init(positions: Range<Int>, text: String) {
            self.positions = positions
            self.text = text
        }
    }

    public var a: Operand
    public var b: Operand
    public var c: Operand
    /// By rising position; for people, not part of what is proved.
    public var labels: [Label]

    public init(_ a: Operand, _ b: Operand, _ c: Operand, labels: [Label]) {
        self.a = a
        self.b = b
        self.c = c
        self.labels = labels
    }

    public init(_ a: Operand, _ b: Operand, _ c: Operand, label: String = "") {
        self.init(a, b, c, labels: [Label(positions: 0..<32, text: label)])
    }

    /// The positions at which a row breaks the constraint.
    public func broken(on row: Span<UInt32>) -> UInt32 {
        a.value(on: row) & b.value(on: row) ^ c.value(on: row)
    }

    public func label(at position: Int) -> String? {
        labels.first { $0.positions.contains(position) }?.text
    }
}

/// 128 bits that each row of a table pushes or pulls: the multisets of all pushed and of all pulled messages must be
/// equal. A pushed message counts 2^power times.
public struct Message: Hashable, Sendable {
    /// Four operands; the low 64 bits of the message are words 0 and 1, the high 64 bits words 2 and 3.
    public let words: [Operand]
    /// Below 32; 0 in every pulled message.
    public let power: Int

    public init(_ m0: Operand, _ m1: Operand, _ m2: Operand, _ m3: Operand, power: Int = 0) {
        words = [m0, m1, m2, m3]
        self.power = power
    }
}

/// One kind of row: `width` words of 32 bits, the constraints that tie them together, and the messages that tie the
/// row to others. It is read alike by trace filling, prover, verifier, debug checker and documentation.
public struct Table: Hashable, Sendable {
    /// For people, not part of what is proved.
    public var name: String
    public var width: Int
    public var constraints: [Constraint]
    public var pushes: [Message]
    public var pulls: [Message]
    /// Where named values lie in the row; for trace filling and for people, not part of what is proved.
    public var fields: [Field]

    public init(
        name: String, width: Int, constraints: [Constraint], pushes: [Message], pulls: [Message], fields: [Field] = []
    ) {
        self.name = name
        self.width = width
        self.constraints = constraints
        self.pushes = pushes
        self.pulls = pulls
        self.fields = fields
    }
}

/// A named value of up to 32 bits in a row. Fields narrower than a word share words, and may cross from one into
/// another.
public struct Field: Hashable, Sendable {
    public enum Origin: Hashable, Sendable {
        /// It arrives in a pulled message.
        case given
        /// The constraints force it.
        case hint
    }

    /// Bits `low..<low + count` of the value stand at bits `offset..<offset + count` of word `word`.
    public struct Piece: Hashable, Sendable {
        public var low: Int
        public var word: Int
        public var offset: Int
        public var count: Int

        public init(low: Int, word: Int, offset: Int, count: Int) {
            self.low = low
            self.word = word
            self.offset = offset
            self.count = count
        }
    }

    public var name: String
    /// In bits, 1...32.
    public var width: Int
    public var origin: Origin
    public var pieces: [Piece]

    public init(name: String, width: Int, origin: Origin, pieces: [Piece]) {
        self.name = name
        self.width = width
        self.origin = origin
        self.pieces = pieces
    }

    /// The field's value on a row.
    public func value(on row: [UInt32]) -> UInt32 {
        pieces.reduce(0) { value, piece in
            value | (row[piece.word] >> UInt32(piece.offset) & ones(piece.count)) << UInt32(piece.low)
        }
    }

    /// Writes the field into a row; its bits must be zero there before.
    public func write(_ value: UInt32, to row: inout [UInt32]) {
        for piece in pieces {
            row[piece.word] |= (value >> UInt32(piece.low) & ones(piece.count)) << UInt32(piece.offset)
        }
    }
}
