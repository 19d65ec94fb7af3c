import Hashing
import Machine
import Oracles
import Proving
import Statements
import Tables
import Testing
import Verification

/// Merkle openings and updates of pages, proved and verified: honest ones hold, and each way of lying about them is
/// refused.
struct PageStatementTests {
    /// Scattered pages, neighbours among them, one of code, one that is empty, and one that nothing touches.
    private static let indices: [UInt32] = [0, 1, 64, 65, 0x3F_0000, 0x3F_FFFF]

    private static func pages(seed: UInt64) -> [PageStatement.Page] {
        var random = SeededGenerator(seed: seed)
        return indices.map { index in
            PageStatement.Page(
                index: index, kind: index == 64 ? .code : .data,
                words: (0..<256).map { _ in index == 65 ? 0 : UInt32(truncatingIfNeeded: random.next()) })
        }
    }

    private static func access(_ pages: [PageStatement.Page], _ page: Int, _ word: Int, _ new: UInt32? = nil)
        -> PageStatement.Access
    {
        let old = pages[page].words[word]
        return PageStatement.Access(
            page: pages[page].index, word: word, kind: pages[page].kind, old: old, new: new ?? old)
    }

    private static func openings() throws -> PageStatement {
        let pages = pages(seed: 1)
        return try PageStatement(
            pages: pages,
            accesses: [
                access(pages, 0, 0), access(pages, 0, 255), access(pages, 1, 17), access(pages, 2, 3),
                access(pages, 3, 100), access(pages, 5, 31), access(pages, 5, 31),
            ])
    }

    private static func updates() throws -> PageStatement {
        let pages = pages(seed: 2)
        var last = access(pages, 0, 0, 9)
        last.old = 7
        return try PageStatement(
            pages: pages,
            accesses: [
                access(pages, 0, 0, 7), last, access(pages, 1, 5), access(pages, 2, 3),
                access(pages, 3, 40, 0xFFFF_FFFF),
                access(pages, 5, 255, 1),
            ])
    }

    private func refusal(_ statement: Statement, _ proof: [UInt8]) -> VerificationError? {
        do {
            try Verifier(PageStatement.system).verify(statement, proof: proof)
            return nil
        } catch { return error }
    }

    private func proof(_ statement: Statement, _ witness: Witness) throws -> [UInt8] {
        try Prover(statement: statement, witness: witness).prove()
    }

    @Test(arguments: ["openings", "updates"]) func honestOnesVerify(name: String) throws {
        let example = try name == "openings" ? Self.openings() : Self.updates()
        let complaints = DebugChecker(tables: PageStatement.system.tables).complaints(
            heights: example.heights, boundary: (example.statement.boundary.pushed, example.statement.boundary.pulled)
        ) { example.rows[$0][$1] }
        #expect(complaints.isEmpty, "\(complaints.first?.description ?? "")")
        #expect((example.claim.before == example.claim.after) == (name == "openings"))
        let witness = try example.witness()
        #expect(refusal(example.statement, try proof(example.statement, witness)) == nil)
    }

    /// The root after, worked out apart from the tree: nodes upon nodes, empty ones beside them.
    @Test func rootsAreThoseOfTheTree() throws {
        let example = try Self.updates()
        var pages = Self.pages(seed: 2).reduce(into: [UInt32: (words: [UInt32], kind: MemoryHashing.Kind)]()) {
            $0[$1.index] = ($1.words, $1.kind == .data ? .data : .code)
        }
        func root() -> Digest {
            var layer = pages.mapValues { MemoryHashing.chunkDigest($0.words, kind: $0.kind) }
            var empty = MemoryHashing.chunkDigest([UInt32](repeating: 0, count: 256), kind: .data)
            for _ in 0..<22 {
                var above: [UInt32: Digest] = [:]
                for index in Set(layer.keys.map { $0 >> 1 }) {
                    above[index] = MemoryHashing.nodeDigest(layer[2 * index] ?? empty, layer[2 * index + 1] ?? empty)
                }
                (layer, empty) = (above, MemoryHashing.nodeDigest(empty, empty))
            }
            return layer[0] ?? empty
        }
        #expect(root() == example.claim.before)
        for access in example.claim.accesses { pages[access.page]?.words[access.word] = access.new }
        #expect(root() == example.claim.after)
    }

    /// Whoever proves what does not hold has messages without a counterpart, however he fills the rows of the truth.
    @Test func liesAreRefused() throws {
        let example = try Self.updates()
        let witness = try example.witness()
        func changed(_ change: (inout PageStatement.Claim) -> Void) -> Statement {
            var claim = example.claim
            change(&claim)
            return claim.statement(heights: example.heights, record: example.record)
        }
        let lies: [(String, Statement)] = [
            ("another root before", changed { $0.before.words[3] ^= 1 }),
            ("another root after", changed { $0.after.words[7] ^= 1 << 31 }),
            ("nothing was written", changed { $0.after = $0.before }),
            ("another value was there", changed { $0.accesses[2].old ^= 1 }),
            ("another value was written", changed { $0.accesses[4].new ^= 1 }),
            ("another word was read", changed { $0.accesses[2].word += 1 }),
            ("another page was read", changed { $0.accesses[2].page = 0 }),
            ("code was written as data", changed { $0.accesses[3].kind = .data }),
            ("a write was left out", changed { $0.accesses.remove(at: 5) }),
            ("two writes were exchanged", changed { $0.accesses.swapAt(0, 1) }),
            ("a word was read twice", changed { $0.accesses.append($0.accesses[2]) }),
        ]
        let honest = try proof(example.statement, witness)
        for (name, statement) in lies {
            let error = refusal(statement, try proof(statement, witness))
            guard case .unbalanced = error else {
                Issue.record("\(name): \(error.map { "\($0)" } ?? "accepted")")
                continue
            }
            #expect(refusal(statement, honest) != nil, "\(name), with the proof of the truth")
        }
    }

    /// Parts of two blocks exchanged, each hashed as it then is: the key of the parts tells them apart.
    @Test func halvesOfTwoBlocksCannotBeExchanged() throws {
        let example = try Self.updates()
        let table = MachineTables.standard[.blake3]
        func value(_ name: String, _ row: [UInt32]) -> UInt32 {
            table.fields.first { $0.name == name }?.value(on: row) ?? 0
        }
        func exchanged(_ row: [UInt32], with other: [UInt32]) -> [UInt32] {
            let block = (0..<16).map { value("m\($0)", $0 < 2 ? other : row) }
            return CompressionRow(
                of: table, input: (0..<8).map { value("cv\($0)", row) }, block: block, place: value("place", row),
                j: Int(value("j", row)), stage: value("stage", row), kind: value("kind", row),
                flags: value("flags", row)
            ).words
        }
        // Row 0 and the first of another page: of one j, stage, kind and flags.
        var rows = example.rows
        let key = ["j", "stage", "kind", "flags"]
        let first = try #require(
            rows[0].indices.first { i in
                value("place", rows[0][i]) >> 24 == 23 && value("j", rows[0][i]) == 0
            })
        let second = try #require(
            rows[0].indices.first { i in
                value("place", rows[0][i]) != value("place", rows[0][first])
                    && key.allSatisfy { value($0, rows[0][i]) == value($0, rows[0][first]) }
            })
        let changed = (
            exchanged(rows[0][first], with: rows[0][second]), exchanged(rows[0][second], with: rows[0][first])
        )
        (rows[0][first], rows[0][second]) = changed
        let complaints = DebugChecker(tables: PageStatement.system.tables, kindName: MessageKind.name).complaints(
            heights: example.heights, boundary: (example.statement.boundary.pushed, example.statement.boundary.pulled),
            limit: 200
        ) { rows[$0][$1] }
        let kinds = complaints.compactMap { if case .message(let kind, _, _, _) = $0 { kind } else { nil } }
        #expect(kinds.count == complaints.count, "the hashes themselves are right")
        #expect(kinds.contains("block") && kinds.contains("chain"))
    }

    /// A node, a page or a block that is opened or closed with other content breaks its hash.
    @Test(arguments: PageStatement.kinds.indices) func aFlippedBitOfEachTableIsRefused(table: Int) throws {
        let example = try Self.updates()
        #expect(example.heights[table] > 0)
        var random = SeededGenerator(seed: UInt64(table))
        let kind = MachineTables.standard[PageStatement.kinds[table]]
        let field = kind.fields[Int(random.next() % UInt64(kind.fields.count))]
        let piece = field.pieces[0]
        let witness = try example.witness()
        let row = Int(random.next() % UInt64(example.heights[table]))
        witness[table: table, row: row, word: piece.word] ^= 1 << UInt32(piece.offset)
        let error = refusal(example.statement, try proof(example.statement, witness))
        #expect(error != nil, "\(kind.name): \(field.name) of row \(row)")
    }
}
