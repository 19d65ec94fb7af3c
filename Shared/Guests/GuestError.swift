/// What can go wrong between a guest's sources and its ELF.
public enum GuestError: Error, Equatable, CustomStringConvertible {
    /// None of these places holds the kits.
    case kitsNotFound(searched: [String])

    /// A tool of the Swift toolchain is neither beside `swiftc` nor on PATH.
    case toolNotFound(name: String)

    /// The guest is not a directory that can be read.
    case notADirectory(path: String)

    /// The directory has no file that the kits can build.
    case noSources(path: String)

    /// The ELF could not be written there.
    case cannotWrite(path: String)

    /// A scratch file could not be written or a process not started.
    case system(reason: String)

    /// A compiler or the linker refused the guest; `output` is what it said.
    case refused(tool: String, output: String)

    public var description: String {
        switch self {
        case .kitsNotFound(let searched):
            """
            the guest kits were not found; set SHEAF_KITS to the directory Shared/Guests/Kits of Sheaf's sources. Searched:
            \(searched.map { "  " + $0 }.joined(separator: "\n"))
            """
        case .toolNotFound(let name):
            """
            `\(name)` was not found on PATH; it comes with the Swift toolchain (6.2 or later, https://swift.org/install), \
            which is all that building a guest needs
            """
        case .notADirectory(let path):
            "\(path) is not a directory with a guest's sources"
        case .noSources(let path):
            "\(path) has no source files: a guest is written in Swift (.swift), C (.c) or assembly (.S)"
        case .cannotWrite(let path):
            "\(path) cannot be written: its directory must exist and be writable; --output names another"
        case .system(let reason):
            reason
        case .refused(let tool, let output):
            "\(tool) refused the guest:\n\(output)" + Self.hint(for: output)
        }
    }

    /// Says what to do about the refusals that come from what the machine or the kits do not have.
    private static func hint(for output: String) -> String {
        if output.contains("undefined symbol: _swift_stdlib_") {
            return """

                The kit has no Unicode tables, which comparing, hashing and splitting a String by characters need: work on
                its `utf8`, on `StaticString` or on arrays of bytes.
                """
        }
        if output.contains("undefined symbol: main") {
            return """

                A guest begins at `int main(void)` in C, and at main.swift or a type marked @main in Swift.
                """
        }
        return ""
    }
}
