import Foundation
import Machine
import Testing

@Suite struct MachineDocumentTests {
    private static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/machine.md")

    /// The committed page is what the tables say. `SHEAF_WRITE_DOCS=1` writes it anew.
    @Test func theCommittedPageIsWrittenFromTheTables() throws {
        let page = MachineDocument.page(of: .standard)
        if ProcessInfo.processInfo.environment["SHEAF_WRITE_DOCS"] == "1" {
            try page.write(to: MachineDocumentTests.path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: MachineDocumentTests.path, encoding: .utf8) == page)
    }

    /// Whoever changes a table changes the page.
    @Test func anotherMachineHasAnotherPage() throws {
        let shape = try #require(MachineShape(epochLog: 4, pageBlocksLog: 1, treeDepth: 1))
        #expect(MachineDocument.page(of: MachineTables(shape)) != MachineDocument.page(of: .standard))
    }
}
