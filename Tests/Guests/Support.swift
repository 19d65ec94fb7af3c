import Foundation
import Guests
import Synchronization

/// Guests that the tests build, each once in a run of the tests.
enum BuiltGuests {
    private static let files = Mutex<[String: GuestFile]>([:])

    /// An example guest.
    static func example(_ name: String) throws -> GuestFile {
        try build(examples.appendingPathComponent(name, isDirectory: true))
    }

    /// A guest of the tests' own, a folder of Programs.
    static func program(_ name: String) throws -> GuestFile {
        try build(
            URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("Programs/\(name)", isDirectory: true))
    }

    static var examples: URL {
        get throws {
            try Kits.locate().directory.deletingLastPathComponent()
                .appendingPathComponent("Examples", isDirectory: true)
        }
    }

    private static func build(_ source: URL) throws -> GuestFile {
        try files.withLock { files in
            if let file = files[source.path] {
                return file
            }
            let elf = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).elf")
            defer { try? FileManager.default.removeItem(at: elf) }
            try GuestBuild(source: source, kits: Kits.locate()).build(to: elf)
            let file = try GuestFile(elf)
            files[source.path] = file
            return file
        }
    }
}

func littleEndian<T: FixedWidthInteger>(_ values: T...) -> [UInt8] {
    values.flatMap { value in (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> T(8 * $0)) } }
}
