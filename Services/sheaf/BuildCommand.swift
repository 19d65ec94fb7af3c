import Foundation
import Guests
import ServiceKit

struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Builds a guest program from its directory of Swift, C and assembly files.",
        discussion: """
            All it takes is a Swift toolchain on PATH (swiftc, clang, ld.lld). The result is a static RV32IM ELF that \
            `execute` runs. The guest kits are found beside the tool or in the sources around it, or where SHEAF_KITS says.
            """)

    @Argument(help: "The directory of the guest's sources.") var guest: String

    @Option(name: .shortAndLong, help: "Where the ELF goes; otherwise NAME.elf here, NAME being the directory's.")
    var output: String?

    func run() throws {
        let source = URL(fileURLWithPath: guest, isDirectory: true).standardizedFileURL
        let destination = URL(fileURLWithPath: output ?? source.lastPathComponent + ".elf")
        let warnings = try GuestBuild(source: source, kits: Kits.locate()).build(to: destination)
        FileHandle.standardError.write(Data(warnings.utf8))
        print(destination.relativePath)
    }
}
