/// Writes a table down, statement by statement.
///
///     let row = TableBuilder("sum")
///     let x = row.field("x"), y = row.field("y")
///     let sum = row.add(x, y, as: "sum")
///     row.pull(tag: 1, x, y)
///     row.push(tag: 2, sum)
///     let table = row.table
///
/// The price of a row is its number of bits, so nothing is padded: fields narrower than 32 bits share words, and what
/// is said at fewer than 32 positions shares constraints, split where a word ends. Fields of 32 bits have a word of
/// their own, and constraints on 32 positions likewise (machine.md, section 1).
///
/// The gadgets, in `TableBuilder+….swift`, are the library of statements: each says beside its equation what it costs.
public final class TableBuilder {
    public let name: String
    public private(set) var width = 0
    public private(set) var fields: [Field] = []
    private var constraints: [Constraint] = []
    private var pushes: [Message] = []
    private var pulls: [Message] = []
    /// The next free bit of the last shared word, and of the last shared constraint.
    private var fieldRoom = (word: 0, offset: 32)
    private var constraintRoom = (index: 0, offset: 32)

    public init(_ name: String) { self.name = name }

    public var table: Table {
        Table(name: name, width: width, constraints: constraints, pushes: pushes, pulls: pulls, fields: fields)
    }

    // MARK: Fields

    /// Bits that some pulled message brings: `width` of them, 1...32.
    public func field(_ name: String, width: Int = 32) -> Operand { place(name, width, .given) }

    /// Bits that the constraints must force. Whoever declares a hint says what forces it.
    public func hint(_ name: String, width: Int = 32) -> Operand { place(name, width, .hint) }

    private func place(_ name: String, _ bits: Int, _ origin: Field.Origin) -> Operand {
        var pieces: [Field.Piece] = []
        var value = Operand()
        var low = 0
        while low < bits {
            let whole = bits == 32
            if whole || fieldRoom.offset == 32 {
                if !whole { fieldRoom = (width, 0) }
                width += 1
            }
            let (word, offset) = whole ? (width - 1, 0) : fieldRoom
            let count = min(bits - low, 32 - offset)
            if !whole { fieldRoom.offset += count }
            pieces.append(Field.Piece(low: low, word: word, offset: offset, count: count))
            let term = Term(word: word, kind: .rotation((low - offset) & 31), mask: ones(count) << UInt32(low))
            value ^= Operand(terms: [term])
            low += count
        }
        fields.append(Field(name: name, width: bits, origin: origin, pieces: pieces))
        return value
    }

    // MARK: Constraints

    /// a AND b = c at positions 0..<width of the three operands.
    public func and(_ a: Operand, _ b: Operand, equals c: Operand, width: Int = 32, _ label: String) {
        var low = 0
        while low < width {
            let whole = width == 32
            if whole || constraintRoom.offset == 32 {
                if !whole { constraintRoom = (constraints.count, 0) }
                constraints.append(Constraint(Operand(), Operand(), Operand(), labels: []))
            }
            let (index, offset) = whole ? (constraints.count - 1, 0) : constraintRoom
            let count = min(width - low, 32 - offset)
            if !whole { constraintRoom.offset += count }
            func moved(_ operand: Operand) -> Operand { (operand >> low & ones(count)) << offset }
            constraints[index].a ^= moved(a)
            constraints[index].b ^= moved(b)
            constraints[index].c ^= moved(c)
            constraints[index].labels.append(.init(positions: offset..<offset + count, text: label))
            low += count
        }
    }

    /// a = 0 at positions 0..<width.
    public func zero(_ a: Operand, width: Int, _ label: String) {
        and(a, Operand(.max), equals: 0, width: width, label)
    }

    /// a AND b at positions 0..<width, committed. `width` bits, `width` ANDs.
    public func product(_ a: Operand, _ b: Operand, width: Int = 1, as name: String) -> Operand {
        let result = hint(name, width: width)
        and(a, b, equals: result, width: width, name)
        return result
    }

    // MARK: Messages

    /// The tag stands at bits 26 to 31 of the last word of every message, so that two kinds can never be equal.
    public static let tagPosition = 26

    /// Pushes a message 2^power times. Bits 26 and up of `m3` are the tag's.
    public func push(
        tag: UInt32, _ m0: Operand = 0, _ m1: Operand = 0, _ m2: Operand = 0, _ m3: Operand = 0, power: Int = 0
    ) {
        push(Message(m0, m1, m2, tagged(m3, Operand(tag)), power: power))
    }

    public func pull(tag: UInt32, _ m0: Operand = 0, _ m1: Operand = 0, _ m2: Operand = 0, _ m3: Operand = 0) {
        pull(Message(m0, m1, m2, tagged(m3, Operand(tag))))
    }

    /// Pushes a message as it is, its tag included: for rows that pass several kinds on.
    public func push(_ message: Message) { pushes.append(message) }

    public func pull(_ message: Message) { pulls.append(message) }

    private func tagged(_ m3: Operand, _ tag: Operand) -> Operand {
        m3 & ones(TableBuilder.tagPosition) ^ tag << TableBuilder.tagPosition
    }
}

/// The lowest `count` bits, 0...32.
@inlinable public func ones(_ count: Int) -> UInt32 { count >= 32 ? .max : (1 << UInt32(count)) - 1 }
