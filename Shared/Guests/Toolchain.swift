import Foundation

/// The tools that build guests, all of them parts of a Swift toolchain.
struct Toolchain {
    let searchPath: [URL]

    /// Looks in the directory of `swiftc` first, so that its `clang` is taken before another of the system's, then in
    /// the directories of PATH.
    init(environment: [String: String]) {
        let path = (environment["PATH"] ?? "").split(separator: ":").map {
            URL(fileURLWithPath: String($0), isDirectory: true)
        }
        let swift = path.lazy.map { $0.appendingPathComponent("swiftc") }.first(where: Self.isExecutable)
        let besideSwift = swift.map { [$0.resolvingSymlinksInPath().deletingLastPathComponent()] } ?? []
        searchPath = besideSwift + path
    }

    /// Throws `GuestError.toolNotFound` when the tool is nowhere.
    func find(_ name: String) throws(GuestError) -> URL {
        let candidates = searchPath.lazy.map { $0.appendingPathComponent(name) }
        guard let tool = candidates.first(where: Self.isExecutable) else {
            throw .toolNotFound(name: name)
        }
        return tool
    }

    private static func isExecutable(_ file: URL) -> Bool {
        FileManager.default.isExecutableFile(atPath: file.path)
    }

    /// Runs a tool to its end and gives what it wrote.
    ///
    /// Throws `GuestError.refused` with what the tool wrote when it fails.
    func run(_ tool: URL, _ arguments: [String]) throws(GuestError) -> String {
        let process = Process()
        process.executableURL = tool
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw .system(reason: "\(tool.path) could not be started: \(error)")
        }
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationReason == .exit && process.terminationStatus == 0 else {
            throw .refused(
                tool: tool.lastPathComponent, output: output.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return output
    }
}
