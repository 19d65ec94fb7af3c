import Tables

/// The page of all tables, written from their descriptions, so that it cannot drift: docs/machine.md.
public enum MachineDocument {
    public static func page(of tables: MachineTables) -> String {
        var lines = opening(tables)
        lines += ["## Messages", ""] + messages(tables)
        lines += ["## Tables", ""] + costs(tables)
        for (kind, table) in zip(TableKind.allCases, tables.system.tables) {
            // Offers differ in one constant bit and in their power.
            if let power = kind.offeredPower, power > 1 { continue }
            lines += description(of: table)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func opening(_ tables: MachineTables) -> [String] {
        [
            "# The tables of the machine", "",
            "Written from the descriptions in `Shared/Machine` by `MachineDocument`; a test compares. Do not edit: run",
            "`SHEAF_WRITE_DOCS=1 swift test -c release --filter MachineDocumentTests`.", "",
            "Why the tables say what the ISA says: constraints.md. How they are proved: protocol.md.", "",
            "Epochs of \(tables.shape.epochCycles) cycles, pages of \(4 * tables.shape.pageWords) bytes, "
                + "\(tables.shape.treeDepth) levels between a page and the memory's root.",
            "Digest of all tables (BLAKE3 of their canonical encoding):", "",
            "    \(tables.system.digest.hex)", "",
            "Operands are XORs (`^`) of fields and constants. `f<<n` is the field f from position n on, `f[a…b]` its bits",
            "a to b, `f[b]@m…n` its bit b on positions m to n. A constraint is said at as many positions as it names,",
            "counted from 0. *Given* fields arrive in pulled messages; *hints* are forced by the constraints, in an order",
            "of ANDs that a test finds.", "",
        ]
    }

    // MARK: Messages

    private static func messages(_ tables: MachineTables) -> [String] {
        var lines = ["| kind | tag | pushed by | pulled by |", "|---|---|---|---|"]
        for kind in MessageKind.allCases {
            func users(_ side: Side) -> String {
                let counts = tables.system.tables.map { table in
                    (table.name, table.messages(of: side).filter { isOf(kind, $0, in: table) }.count)
                }
                let names = counts.filter { $0.1 > 0 }.map { name, count in count == 1 ? name : "\(name) ×\(count)" }
                let claim = isInClaim(kind, side) ? ["the claim"] : []
                return shortened(claim + names).joined(separator: ", ")
            }
            lines.append("| \(kind) | \(kind.rawValue) | \(users(.pushed)) | \(users(.pulled)) |")
        }
        return lines + [""]
    }

    /// Whether a message may be of this kind: offers take two bits of their tag from a field.
    private static func isOf(_ kind: MessageKind, _ message: Message, in table: Table) -> Bool {
        let tag = message.words[3] >> TableBuilder.tagPosition
        let free = (0..<6).filter { !tag.sources(at: $0).isEmpty }.reduce(UInt32(0)) { $0 | 1 << UInt32($1) }
        return (kind.rawValue ^ tag.constant) & ~free == 0
    }

    private static func isInClaim(_ kind: MessageKind, _ side: Side) -> Bool {
        switch kind {
        case .state: true
        case .pre, .base: side == .pushed
        case .post: side == .pulled
        default: false
        }
    }

    /// Offers 0 to 24 by one name.
    private static func shortened(_ names: [String]) -> [String] {
        let offers = names.filter { $0.hasPrefix("offer") }
        guard offers.count == TableKind.countBits else { return names }
        let suffix = offers[0].dropFirst("offer0".count)
        return names.filter { !$0.hasPrefix("offer") } + ["offer0…\(TableKind.countBits - 1)\(suffix)"]
    }

    // MARK: Tables

    private static func costs(_ tables: MachineTables) -> [String] {
        var lines = ["| table | words | constraints | messages |", "|---|---|---|---|"]
        for (kind, table) in zip(TableKind.allCases, tables.system.tables) {
            lines.append("| \(table.name) | \(kind.words) | \(kind.constraints) | \(kind.messages) |")
        }
        return lines + [""]
    }

    private static func description(of table: Table) -> [String] {
        let text = OperandText(table)
        var lines = ["### \(table.name)", ""]
        if table.name == "offer1" { lines += ["Offers 2 to 24 are alike, with bit k and power k.", ""] }
        lines += ["| field | bits | | word: bits |", "|---|---|---|---|"]
        for group in grouped(table.fields) {
            let (first, last) = (group[0], group[group.count - 1])
            let name = group.count == 1 ? first.name : "\(first.name) … \(last.name)"
            let origin = first.origin == .given ? "given" : "hint"
            let place = group.count == 1 ? places(first) : "\(places(first)) … \(places(last))"
            lines.append("| \(name) | \(first.width) | \(origin) | \(place) |")
        }
        lines.append("")
        lines += constraints(of: table, text) + messages(of: table, text)
        return lines
    }

    /// Runs of fields that differ in a number only: m0 … m15.
    private static func grouped(_ fields: [Field]) -> [[Field]] {
        func stem(_ field: Field) -> String { String(field.name.prefix { !$0.isNumber }) }
        var groups: [[Field]] = []
        for field in fields {
            if let last = groups.last?.last, field.name.last?.isNumber == true, stem(last) == stem(field),
                last.name.last?.isNumber == true, last.width == field.width, last.origin == field.origin
            {
                groups[groups.count - 1].append(field)
            } else {
                groups.append([field])
            }
        }
        return groups
    }

    private static func places(_ field: Field) -> String {
        field.pieces.map { piece in
            let last = piece.offset + piece.count - 1
            return piece.count == 32
                ? "\(piece.word)" : "\(piece.word): \(piece.offset)\(piece.count == 1 ? "" : "…\(last)")"
        }.joined(separator: ", ")
    }

    private static func constraints(of table: Table, _ text: OperandText) -> [String] {
        guard !table.constraints.isEmpty else { return [] }
        // A table that says the same hundreds of times is shown by the first of each sort.
        let isLong = table.constraints.count > 60
        var seen: [String: Int] = [:]
        var lines: [String] = []
        for (number, constraint) in table.constraints.enumerated() {
            for label in constraint.labels {
                seen[label.text, default: 0] += 1
                if isLong && seen[label.text] != 1 { continue }
                let (a, b, c) = (
                    text.text(constraint.a, at: label.positions), text.text(constraint.b, at: label.positions),
                    text.text(constraint.c, at: label.positions)
                )
                lines.append("- \(number) *\(label.text)*, \(label.positions.count): `(\(a)) & (\(b)) = \(c)`")
            }
        }
        if isLong {
            let counts = seen.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            lines.append("- the first of each sort; in all: \(counts)")
        }
        return lines + [""]
    }

    private static func messages(of table: Table, _ text: OperandText) -> [String] {
        var lines: [String] = []
        for (side, verb) in [(Side.pulled, "pulls"), (.pushed, "pushes")] {
            for message in table.messages(of: side) {
                let tag = message.words[3] >> TableBuilder.tagPosition
                let isFixed = (0..<6).allSatisfy { tag.sources(at: $0).isEmpty }
                let kind = isFixed ? MessageKind.name(ofTag: tag.constant) : "kind \(text.text(tag))"
                let words = message.words.prefix(3) + [message.words[3] & ones(TableBuilder.tagPosition)]
                let power = message.power > 0 ? ", 2^\(message.power) times" : ""
                lines.append("- \(verb) \(kind) `(\(words.map { text.text($0) }.joined(separator: ", ")))`\(power)")
            }
        }
        return lines + [""]
    }
}
