import Foundation
import Machine
import Oracles
import Tables
import Testing

/// Every bit of every column of every table, flipped in rows of honest runs: a constraint of the row breaks, or its
/// messages change, so that something no longer balances. Silent are the bits that no field owns, and no others.
@Suite struct MutationTests {
    /// Rows of each table over all programs: of each segment the first and the last, with SHEAF_HEAVY=1 all of them.
    static let samples: [TableKind: [[UInt32]]] = {
        var found: [TableKind: [[UInt32]]] = [:]
        for vector in ModelVector.all {
            for segment in SegmentBuilder.segments(of: vector.program) {
                guard let filled = try? FilledTrace(segment) else { continue }
                for kind in TableKind.allCases {
                    let height = filled.heights[kind.rawValue]
                    for r in 0..<height where isHeavy || r == 0 || r == height - 1 {
                        found[kind, default: []].append(filled.witness.row(r, of: kind.rawValue))
                    }
                }
            }
        }
        return found
    }()
    private static let isHeavy = ProcessInfo.processInfo.environment["SHEAF_HEAVY"] == "1"

    /// The first and the last sample; with SHEAF_HEAVY=1 so many, evenly spread and all different, that their words are
    /// some twelve thousand.
    private func rows(of kind: TableKind) -> [[UInt32]] {
        // Of some offers no run makes enough fetches: the count's bit k is a constant, all else is free.
        guard let rows = MutationTests.samples[kind] else { return [[0x10000, 0x10004, 0x0050_0510, 0]] }
        guard MutationTests.isHeavy else { return [rows[0], rows[rows.count - 1]] }
        let count = max(2, 12_000 / kind.words)
        return Array(Set(stride(from: 0, to: rows.count, by: max(1, rows.count / count)).map { rows[$0] }))
    }

    @Test func everyTableButHighOffersIsUsed() {
        let unused = TableKind.allCases.filter { MutationTests.samples[$0] == nil }
        #expect(unused.allSatisfy { "\($0)".hasPrefix("offer") } && unused.count < 20, "\(unused)")
    }

    @Test(arguments: TableKind.allCases) func onlyUnownedBitsAreSilent(kind: TableKind) {
        let table = MachineTables.standard[kind]
        var owned = [UInt32](repeating: 0, count: table.width)
        for piece in table.fields.flatMap(\.pieces) { owned[piece.word] |= ones(piece.count) << UInt32(piece.offset) }
        for row in rows(of: kind) {
            #expect(table.constraints.allSatisfy { $0.broken(on: row.span) == 0 })
            let honest = Net(table, row)
            var changed = row
            for word in row.indices {
                for bit in UInt32(0)..<32 {
                    changed[word] ^= 1 << bit
                    let isSilent =
                        table.constraints.allSatisfy { $0.broken(on: changed.span) == 0 }
                        && Net(table, changed) == honest
                    #expect(isSilent == (owned[word] >> bit & 1 == 0), "\(table.name): word \(word) bit \(bit)")
                    changed[word] ^= 1 << bit
                }
            }
        }
    }

    /// In honest rows the bits that no field owns are zero.
    @Test(arguments: TableKind.allCases) func unownedBitsAreZero(kind: TableKind) {
        let table = MachineTables.standard[kind]
        for row in MutationTests.samples[kind] ?? [] {
            var copy = [UInt32](repeating: 0, count: table.width)
            for field in table.fields { field.write(field.value(on: row), to: &copy) }
            #expect(copy == row)
        }
    }

    /// What a row adds to the balance of messages.
    struct Net: Equatable {
        var counts: [SIMD4<UInt32>: Int] = [:]

        init(_ table: Table, _ row: [UInt32]) {
            for message in table.pushes {
                counts[DebugChecker.content(of: message, on: row), default: 0] += 1 << message.power
            }
            for message in table.pulls { counts[DebugChecker.content(of: message, on: row), default: 0] -= 1 }
            counts = counts.filter { $0.value != 0 }
        }
    }
}
