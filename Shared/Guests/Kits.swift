import Foundation

/// The kits: what is compiled and linked with every guest.
///
///     Kits/C/       flags, guest.ld, start.S, *.c, include/      the machine's interface and the C library's core
///     Kits/Swift/   flags, Guest/*.swift                         the module `Guest` of Embedded Swift
public struct Kits: Sendable, Equatable {
    /// The directory that holds `C` and `Swift`.
    public let directory: URL

    /// Takes the kits in `directory`.
    ///
    /// Throws `GuestError.kitsNotFound` when they are not there.
    public init(directory: URL) throws(GuestError) {
        guard Self.areIn(directory) else {
            throw .kitsNotFound(searched: [directory.path])
        }
        self.directory = directory
    }

    /// Finds the kits: where SHEAF_KITS says, else beside the running program (installed, or in a build directory
    /// inside the sources), else in the sources around the working directory.
    ///
    /// Throws `GuestError.kitsNotFound` with the places that were searched.
    public static func locate(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(GuestError) -> Kits {
        if let named = environment["SHEAF_KITS"], !named.isEmpty {
            return try Kits(directory: URL(fileURLWithPath: named, isDirectory: true))
        }
        var searched: [String] = []
        for start in [programDirectory(), URL(fileURLWithPath: FileManager.default.currentDirectoryPath)] {
            for ancestor in ancestors(of: start) {
                for place in ["share/sheaf/Kits", "Shared/Guests/Kits"] {
                    let candidate = ancestor.appendingPathComponent(place, isDirectory: true)
                    if areIn(candidate) {
                        return try Kits(directory: candidate)
                    }
                    if !searched.contains(candidate.path) {
                        searched.append(candidate.path)
                    }
                }
            }
        }
        throw .kitsNotFound(searched: searched)
    }

    private static func areIn(_ directory: URL) -> Bool {
        ["C/guest.ld", "Swift/flags"].allSatisfy {
            FileManager.default.fileExists(atPath: directory.appendingPathComponent($0).path)
        }
    }

    private static func programDirectory() -> URL {
        let path = Bundle.main.executablePath ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: path).resolvingSymlinksInPath().deletingLastPathComponent()
    }

    private static func ancestors(of directory: URL) -> [URL] {
        var result: [URL] = []
        var next = directory.standardizedFileURL
        while next.path != "/" {
            result.append(next)
            next.deleteLastPathComponent()
        }
        return result + [next]
    }
}
