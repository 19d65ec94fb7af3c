import Hashing
import Machine
import Tables

/// "In the memory with this root these words stand, and when these are written its root is that": openings and updates
/// of pages of a Merkle tree, by the machine's tables for pages and BLAKE3 alone. No program runs: the words that are read
/// and written are the claim's own messages.
public struct PageStatement {
    /// A page of 1 KiB before.
    public struct Page {
        public let index: UInt32
        public let kind: PageKind
        /// 256.
        public let words: [UInt32]

        public init(index: UInt32, kind: PageKind = .data, words: [UInt32]) {
            self.index = index
            self.kind = kind
            self.words = words
        }
    }

    /// A word read and written: to read alone is to write what was read.
    public struct Access {
        public var page: UInt32
        /// Below 256.
        public var word: Int
        public var kind: PageKind
        public var old: UInt32
        public var new: UInt32

        public init(page: UInt32, word: Int, kind: PageKind = .data, old: UInt32, new: UInt32) {
            self.page = page
            self.word = word
            self.kind = kind
            self.old = old
            self.new = new
        }

        fileprivate var place: UInt32 { page << MemoryMap.pageShift | UInt32(4 * word) }
    }

    /// What is proved.
    public struct Claim {
        public var before: Digest
        public var after: Digest
        /// In the order in which they happen.
        public var accesses: [Access]

        /// The roots come and go as digests of the tree's node (1, 0); an access takes the word as the last one left it, at
        /// time 0 if there was none, and leaves it at the access's own time, 1 for the first.
        public func statement(heights: [Int], record: ParameterRecord) -> Statement {
            func root(_ digest: Digest, _ kind: MessageKind) -> [MessageWords] {
                (0..<4).map { part in
                    MessageWords(
                        digest.words[2 * part], digest.words[2 * part + 1], 1 << 24, UInt32(part) | kind.rawValue << 26)
                }
            }
            func token(_ access: Access, _ value: UInt32, _ time: UInt32) -> MessageWords {
                let writable: UInt32 = access.kind == .data ? 1 : 0
                return MessageWords(access.place | writable, value, time, MessageKind.memory.rawValue << 26)
            }
            var times: [UInt32: UInt32] = [:]
            var (pushed, pulled) = (root(before, .pre), root(after, .post))
            for (n, access) in accesses.enumerated() {
                pulled.append(token(access, access.old, times[access.place] ?? 0))
                pushed.append(token(access, access.new, UInt32(n + 1)))
                times[access.place] = UInt32(n + 1)
            }
            let words = accesses.map { CanonicalValue.numbers([$0.place, UInt32($0.kind.rawValue), $0.old, $0.new]) }
            let roots = [before, after].map { digest in CanonicalValue.numbers((0..<8).map { digest.words[$0] }) }
            return Statement(
                record: record, system: PageStatement.system, heights: heights,
                boundary: Boundary(pushed: pushed, pulled: pulled), claim: roots + words)
        }
    }

    /// In this order.
    public static let kinds: [TableKind] = [
        .blake3, .openNode, .closeNode, .keep, .drop, .pageClean, .pageDirty, .pageZero, .blockZero, .blockClean,
        .blockOpen, .blockClose,
    ]

    public static let system = TableSystem(kinds.map { MachineTables.standard[$0] })

    public let claim: Claim
    public let record: ParameterRecord
    /// Of each table of ``system``.
    public let rows: [[[UInt32]]]

    public var heights: [Int] { rows.map(\.count) }
    public var statement: Statement { claim.statement(heights: heights, record: record) }

    /// - Parameters:
    ///   - pages: all that are not empty, and all that are accessed; by rising index.
    ///   - accesses: those of words that no page of `pages` has, or whose old value is not what stands there, make a
    ///     statement that does not hold.
    public init(pages: [Page], accesses: [Access]) throws {
        var trace = PageRows(pages: pages, accesses: accesses)
        trace.walk()
        rows = Self.kinds.map { trace.rows[$0] ?? [] }
        claim = Claim(before: trace.before.root, after: trace.after.root, accesses: accesses)
        let needed = Layout(system: Self.system, heights: rows.map(\.count), stackLog: 32, rowLog: 32)
        let stackLog = max(16, needed.neededStackLog)
        guard let record = ParameterRecord.builtIn(version: 1, stackLog: stackLog) else {
            throw StatementError.stackTooLarge(classLog: 28, neededLog: stackLog)
        }
        self.record = record
    }

    /// The rows of the tables, laid out for the statement.
    public func witness() throws -> Witness {
        let witness = Witness(try Layout(statement))
        for (t, table) in rows.enumerated() {
            for (r, row) in table.enumerated() {
                for (j, word) in row.enumerated() where word != 0 { witness[table: t, row: r, word: j] = word }
            }
        }
        return witness
    }
}
