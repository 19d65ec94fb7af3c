import Foundation

/// A folder that goes when this value goes.
public final class TemporaryDirectory: Sendable {
    public let root: String

    public init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "sheaf-\(UUID())").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    public func path(_ name: String) -> String { "\(root)/\(name)" }
}
