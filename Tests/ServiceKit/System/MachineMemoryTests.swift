import Foundation
import ServiceKit
import Testing

@Suite struct MachineMemoryTests {
    /// What the files of control groups say, and what comes of it on a machine of 1000 bytes.
    @Test(arguments: [
        ("memory.max", "400\n", 400), ("memory.max", "max\n", 1000), ("memory.max", "4000\n", 1000),
        ("memory.max", "0\n", 1000), ("memory.max", "", 1000),
        ("memory/memory.limit_in_bytes", "300\n", 300),
        ("memory/memory.limit_in_bytes", "9223372036854771712\n", 1000), ("other", "10\n", 1000),
    ]) func theLeastCounts(name: String, text: String, expected: Int) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        #expect(MachineMemory.bytes(physical: 1000, groups: directory.path) == expected)
    }

    @Test func thisMachineHasSome() { #expect(MachineMemory.bytes > 1 << 26) }
}
