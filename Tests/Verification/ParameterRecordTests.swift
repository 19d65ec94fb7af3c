import Foundation
import Tables
import Testing

/// The built-in records, which provers and verifiers look up and never read from a proof.
struct ParameterRecordTests {
    /// docs/protocol.md has them for whoever writes a verifier: the same, and no others.
    @Test func thePageHasTheRecordsOfVersionOne() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../docs/protocol.md").standardized
        let text = try String(contentsOf: page, encoding: .utf8)
        let table = text.components(separatedBy: "**Records of version 1**").last?.components(separatedBy: "\n\n")
        let rows = try #require(table)[1].split(separator: "\n").dropFirst(2).map { line in
            line.split(separator: "|").map { cell in
                cell.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
            }.filter { !$0.isEmpty }
        }
        #expect(rows.count == ParameterRecord.classes.count)
        for row in rows {
            let record = try #require(ParameterRecord.builtIn(version: 1, stackLog: row[0][0]))
            #expect([[record.stackLog], record.folds, record.rates, record.queries] == row)
            #expect(record.grinding == record.folds.map { _ in 16 })
            #expect(record.rowLog == record.stackLog - 3 && record.heightLimit == 24 && record.version == 1)
            #expect(record.finalVariables == 8, "the array in clear is short")
        }
    }

    @Test func thereAreNoOthers() {
        for stackLog in [-1, 0, 15, 29, 32, Int.max] {
            #expect(ParameterRecord.builtIn(version: 1, stackLog: stackLog) == nil)
        }
        for version in [-1, 0, 2, Int.min] { #expect(ParameterRecord.builtIn(version: version, stackLog: 22) == nil) }
    }
}
