import Machine
import Oracles
import Tables
import Testing

/// The rules of proof-system.md, section 4, each by a dishonest trace that everything but that rule would let pass.
@Suite struct ForgeryTests {
    private typealias Rows = [[[UInt32]]]

    /// A load, a sum, a store, a load again, and a store that opens a page of zeros.
    private static func program() -> TestProgram {
        let code =
            Assembler.li(9, TestProgram.dataBase) + [
                Assembler.lw(5, 9, 0), Assembler.addi(5, 5, 1), Assembler.sw(5, 9, 0), Assembler.lw(10, 9, 0),
            ] + Assembler.li(9, TestProgram.dataBase + 0x4000) + [Assembler.sw(5, 9, 0)] + Assembler.halt
        return TestProgram(name: "forgeries", code: code, data: [41, 5])
    }

    private let honest: FilledTrace
    private let rows: Rows

    init() throws {
        honest = try FilledTrace(SegmentBuilder.segments(of: ForgeryTests.program())[0])
        rows = honest.rows()
    }

    @Test func honestRowsBalance() {
        #expect(honest.complaints().isEmpty)
        #expect(honest.segment.exit == .halted(code: 42))
    }

    /// A row with some fields changed and every hint made to fit, as far as it can be.
    private func forged(_ kind: TableKind, _ row: [UInt32], _ changes: [String: UInt32]) -> [UInt32] {
        let table = MachineTables.standard[kind]
        var words = [UInt32](repeating: 0, count: table.width)
        for field in table.fields {
            if let value = changes[field.name] {
                field.write(value & ones(field.width), to: &words)
            } else if field.origin == .given {
                field.write(field.value(on: row), to: &words)
            }
        }
        HintOrder(of: table, known: Set(changes.keys)).solve(&words)
        return words
    }

    private func value(_ name: String, _ kind: TableKind, _ row: Int) -> UInt32 {
        let field = MachineTables.standard[kind].fields.first { $0.name == name }
        return field?.value(on: rows[kind.rawValue][row]) ?? 0
    }

    /// What the checker says when a row is changed, or added.
    private func complaints(
        _ kind: TableKind, _ row: Int, adding: Bool = false, _ changes: [String: UInt32] = [:]
    ) -> [DebugChecker.Complaint] {
        var rows = rows
        let changed = forged(kind, rows[kind.rawValue][row], changes)
        if adding { rows[kind.rawValue].append(changed) } else { rows[kind.rawValue][row] = changed }
        return honest.complaints(rows)
    }

    @Test func everyForgeryIsRefused() {
        let page = TestProgram.dataBase / 1024
        let last = rows[TableKind.lw.rawValue].count - 1
        let forgeries: [(String, [DebugChecker.Complaint])] = [
            (
                "a load takes the value before the store",
                complaints(.lw, last, ["word": 41, "lastTime": value("lastTime", .lw, 0)])
            ),
            ("a register read takes an older token", complaints(.addi, 0, ["value1": 0])),
            ("x0 written", complaints(.addi, 0, ["rd": 0])),
            ("a second code row for one pc", complaints(.code, 0, adding: true)),
            (
                "an instruction fetched once more than it ran",
                complaints(.code, 0, ["count": value("count", .code, 0) + 1])
            ),
            ("a page opened twice", complaints(.pageClean, 0, adding: true)),
            ("a block opened twice", complaints(.blockOpen, 0, adding: true)),
            ("a page of zeros opened twice", complaints(.pageZero, 0, adding: true)),
            ("a block of zeros opened twice", complaints(.blockZero, 0, adding: true)),
            ("a page with content opened as zeros", complaints(.pageZero, 0, ["index": page])),
            ("zeros for a block of another page", complaints(.blockZero, 0, ["index": page])),
            ("a dirty page kept as clean", complaints(.pageDirty, 0, ["after0": 0])),
            ("a data page closed as code", complaints(.blockClose, 0, ["kind": 1])),
            ("a node below the pages", complaints(.openNode, 0, adding: true, ["level": 23])),
            ("a clock that stands still", complaints(.sw, 0, ["position": value("position", .sw, 0) - 1])),
            ("a private word as exit code", complaints(.halt, 0, ["a0": 1])),
        ]
        for (name, complaints) in forgeries { #expect(!complaints.isEmpty, "\(name)") }
    }

    /// A loop of rows must not balance by itself: an access whose time does not increase, an epoch, a level or a block
    /// number that wraps breaks its own row.
    @Test func keysThatDoNotGrowBreakTheirRow() {
        let loops: [(TableKind, [String: UInt32])] = [
            (.addi, ["rs1Position": 255, "rs1Slot": 0]), (.lw, ["lastTime": 1 << 24]), (.refresh, ["oldEpoch": 1]),
            (.openNode, ["level": 31]), (.closeNode, ["level": 31]), (.blake3, ["j": 31]),
        ]
        for (kind, changes) in loops {
            let row = forged(kind, rows[kind.rawValue][0], changes)
            #expect(!DebugChecker(tables: []).brokenConstraints(of: MachineTables.standard[kind], row: 0, row).isEmpty)
        }
        let epoch = forged(.epoch, [0, 0], ["epoch": ones(MachineShape.epochBits), "pc": 8])
        #expect(MachineTables.standard[.epoch].constraints.contains { $0.broken(on: epoch.span) != 0 })
    }

    /// The checker names table, row, constraint and words; and of a message its kind, content and senders.
    @Test func complaintsSayWhere() throws {
        var rows = rows
        rows[TableKind.addi.rawValue][0][3] ^= 1 << 30
        rows[TableKind.halt.rawValue][0][
            MachineTables.standard[.halt].fields.first { $0.name == "a0" }!.pieces[0].word] ^= 1
        let texts = honest.complaints(rows).map(\.description)
        #expect(texts.contains { $0.hasPrefix("addi row 0: constraint") || $0.contains("pushed by addi row 0") })
        #expect(texts.contains { $0.contains("state") && $0.contains("pushed by halt row 0") })
        #expect(texts.contains { $0.contains("state") && $0.contains("pulled by the claim") })
    }
}
