extension TableSystem {
    /// The tables as one JSON object, for verifiers that are written elsewhere: all that their digest covers, and their
    /// names.
    ///
    ///     {"digest": "…", "tables": [{"name": "…", "width": 8, "constraints": [[A, B, C], …],
    ///       "pushes": [{"words": [m0, m1, m2, m3], "power": 0}, …], "pulls": […]}, …]}
    ///
    /// An operand is a list of numbers: its constant, then four for each term in its order: word, 0 for a rotation or 1
    /// for a spread bit, how far to the left or which bit, and the mask of positions.
    public var listing: String {
        "{\"digest\":\"\(digest.hex)\",\"tables\":[\n" + tables.map(Self.text).joined(separator: ",\n") + "\n]}"
    }

    private static func text(_ table: Table) -> String {
        func messages(_ messages: [Message]) -> String {
            list(messages.map { "{\"words\":\(list($0.words.map(text))),\"power\":\($0.power)}" })
        }
        let constraints = list(table.constraints.map { list([$0.a, $0.b, $0.c].map(text)) })
        return "{\"name\":\"\(table.name)\",\"width\":\(table.width),\"constraints\":\(constraints),"
            + "\"pushes\":\(messages(table.pushes)),\"pulls\":\(messages(table.pulls))}"
    }

    private static func text(_ operand: Operand) -> String {
        let terms = operand.terms.flatMap { term in
            switch term.kind {
            case .rotation(let left): [term.word, 0, left, Int(term.mask)]
            case .spread(let bit): [term.word, 1, bit, Int(term.mask)]
            }
        }
        return list(([Int(operand.constant)] + terms).map(String.init))
    }

    private static func list(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }
}
