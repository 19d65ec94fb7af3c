import ClusterKit
import Foundation
import Testing

/// The tool as a script meets it: words in; an exit code, standard output and standard error out.
struct Tool {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    struct Ending {
        let code: Int32
        let output: String
        let errors: String

        /// The one object that `--json` prints, on one line or many, with nothing beside it.
        func object() throws -> [String: Any] {
            try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any], "\(output)")
        }
    }

    /// A file of these bytes in the tool's folder: its path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = directory.path(name)
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

    func run(_ words: String...) throws -> Ending { try run(words) }

    func run(_ words: [String]) throws -> Ending {
        let (output, errors) = (directory.path("output"), directory.path("errors"))
        for path in [output, errors] { try Data().write(to: URL(filePath: path)) }
        let process = Process()
        process.executableURL = Cluster.executables.appending(path: "sheaf")
        process.arguments = words
        process.currentDirectoryURL = URL(filePath: directory.root)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
        try process.run()
        process.waitUntilExit()
        return Ending(
            code: process.terminationStatus, output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }
}
