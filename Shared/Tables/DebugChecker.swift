/// Checks a witness as the proof would, and says what is wrong where: table, row, constraint and words; for messages
/// that do not balance their kind, content and senders. Slow and plain; for tests and for people.
public struct DebugChecker: Sendable {
    public enum Complaint: Sendable, CustomStringConvertible {
        /// Constraint `constraint` does not hold on this row at the positions that `labels` name.
        case constraint(table: String, row: Int, constraint: Int, labels: [String], words: [UInt32])
        /// The message is pushed `surplus` times more often than pulled (less often when negative).
        case message(kind: String, content: SIMD4<UInt32>, surplus: Int, senders: [Sender])

        public var description: String {
            switch self {
            case .constraint(let table, let row, let constraint, let labels, let words):
                let shown = words.map { String($0, radix: 16) }.joined(separator: " ")
                return "\(table) row \(row): constraint \(constraint) (\(labels.joined(separator: ", "))): \(shown)"
            case .message(let kind, let content, let surplus, let senders):
                let shown = (0..<4).map { String(content[$0], radix: 16) }.joined(separator: " ")
                let from = senders.map(\.description).joined(separator: ", ")
                return "\(kind) \(shown): \(surplus) more pushed than pulled; \(from)"
            }
        }
    }

    /// Who pushed or pulled a message. `row` is nil for the claim's boundary.
    public struct Sender: Hashable, Sendable, CustomStringConvertible {
        public let table: String
        public let row: Int?
        public let pushes: Bool

        public var description: String {
            (pushes ? "pushed by " : "pulled by ") + (row.map { "\(table) row \($0)" } ?? table)
        }
    }

    public let tables: [Table]
    /// The name of a message's kind, from its tag.
    public let kindName: @Sendable (UInt32) -> String

    public init(tables: [Table], kindName: @escaping @Sendable (UInt32) -> String = { "kind \($0)" }) {
        self.tables = tables
        self.kindName = kindName
    }

    /// `row(t, r)`: the words of row r of table t, for r < heights[t]. At most `limit` complaints of each sort.
    public func complaints(
        heights: [Int], boundary: (pushed: [SIMD4<UInt32>], pulled: [SIMD4<UInt32>]), limit: Int = 20,
        row: (Int, Int) -> [UInt32]
    ) -> [Complaint] {
        var broken: [Complaint] = []
        var balance: [SIMD4<UInt32>: Int] = [:]
        for message in boundary.pushed { balance[message, default: 0] += 1 }
        for message in boundary.pulled { balance[message, default: 0] -= 1 }
        for (t, table) in tables.enumerated() {
            for r in 0..<heights[t] {
                let words = row(t, r)
                if broken.count < limit { broken += brokenConstraints(of: table, row: r, words) }
                for message in table.pushes {
                    balance[DebugChecker.content(of: message, on: words), default: 0] += 1 << message.power
                }
                for message in table.pulls { balance[DebugChecker.content(of: message, on: words), default: 0] -= 1 }
            }
        }
        let unbalanced = balance.filter { $0.value != 0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        guard !unbalanced.isEmpty else { return broken }
        var senders: [SIMD4<UInt32>: [Sender]] = [:]
        let wanted = Set(unbalanced.prefix(limit).map(\.key))
        func note(_ message: SIMD4<UInt32>, _ table: String, _ row: Int?, pushes: Bool) {
            if wanted.contains(message) {
                senders[message, default: []].append(Sender(table: table, row: row, pushes: pushes))
            }
        }
        for message in boundary.pushed { note(message, "the claim", nil, pushes: true) }
        for message in boundary.pulled { note(message, "the claim", nil, pushes: false) }
        for (t, table) in tables.enumerated() {
            for r in 0..<heights[t] {
                let words = row(t, r)
                for message in table.pushes {
                    note(DebugChecker.content(of: message, on: words), table.name, r, pushes: true)
                }
                for message in table.pulls {
                    note(DebugChecker.content(of: message, on: words), table.name, r, pushes: false)
                }
            }
        }
        return broken
            + unbalanced.prefix(limit).map { message, surplus in
                .message(
                    kind: kindName(message[3] >> UInt32(TableBuilder.tagPosition)), content: message, surplus: surplus,
                    senders: senders[message] ?? [])
            }
    }

    /// What a row breaks.
    public func brokenConstraints(of table: Table, row: Int, _ words: [UInt32]) -> [Complaint] {
        table.constraints.enumerated().compactMap { index, constraint in
            let broken = constraint.broken(on: words.span)
            guard broken != 0 else { return nil }
            var labels: [String] = []
            for position in 0..<32 where broken >> UInt32(position) & 1 == 1 {
                let label = constraint.label(at: position) ?? "unlabelled"
                if labels.last != label { labels.append(label) }
            }
            return .constraint(table: table.name, row: row, constraint: index, labels: labels, words: words)
        }
    }

    /// A message's four words on a row.
    public static func content(of message: Message, on words: [UInt32]) -> SIMD4<UInt32> {
        let values = message.words.map { $0.value(on: words.span) }
        return SIMD4(values[0], values[1], values[2], values[3])
    }
}

extension SIMD4<UInt32> {
    fileprivate func lexicographicallyPrecedes(_ other: Self) -> Bool {
        for i in [3, 0, 1, 2] where self[i] != other[i] { return self[i] < other[i] }
        return false
    }
}
