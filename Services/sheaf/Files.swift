import Foundation

/// Files that commands name.
enum Files {
    /// All bytes of a file.
    static func read(_ path: String) throws -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw FileError(path: path, reason: (error as NSError).localizedDescription)
        }
    }
}

struct FileError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    var description: String { "cannot read \(path): \(reason)" }
}
