import Foundation

/// Builds a guest: a directory of Swift, C and assembly files becomes one static RV32IM ELF.
///
///     let kits = try Kits.locate()
///     try GuestBuild(source: guest, kits: kits).build(to: elf)
///
/// It runs the commands that docs/guests.md gives for doing it by hand, with the same files of flags.
public struct GuestBuild: Sendable {
    public let source: URL
    public let kits: Kits
    private let toolchain: Toolchain

    /// `source`: the guest's directory. Its files are found at any depth; hidden ones are left out.
    public init(source: URL, kits: Kits, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.source = source
        self.kits = kits
        toolchain = Toolchain(environment: environment)
    }

    /// Compiles and links the guest, and writes the ELF to `output`. Gives the warnings of the compilers, mostly none.
    ///
    /// Throws a ``GuestError``; `output` is then as it was before.
    @discardableResult
    public func build(to output: URL) throws(GuestError) -> String {
        let swiftFiles = try sources { $0 == "swift" }
        let otherFiles = try sources { $0 == "c" || $0 == "S" }
        guard !swiftFiles.isEmpty || !otherFiles.isEmpty else {
            throw .noSources(path: source.path)
        }
        let clang = try toolchain.find("clang")
        _ = try toolchain.find("ld.lld")

        let scratch = FileManager.default.temporaryDirectory
            .appendingPathComponent("sheaf-build-\(UUID().uuidString)", isDirectory: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        try system { try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true) }

        var warnings = ""
        let objects = swiftFiles.isEmpty ? [] : try compileSwift(swiftFiles, in: scratch, &warnings)
        let linked = scratch.appendingPathComponent("guest.elf")
        warnings += try toolchain.run(
            clang,
            ["@" + kits.cFlags.path, "-I", kits.headers.path, "-I", source.path, "-T", kits.linkerScript.path]
                + kits.cSources().map(\.path) + (otherFiles + objects).map(\.path) + ["-o", linked.path])
        do {
            try Data(contentsOf: linked).write(to: output, options: .atomic)
        } catch {
            throw .cannotWrite(path: output.path)
        }
        return warnings
    }

    /// Compiles the module `Guest` and the guest's own Swift files, each to one object.
    private func compileSwift(
        _ files: [URL], in scratch: URL, _ warnings: inout String
    ) throws(GuestError) -> [URL] {
        let compiler = try toolchain.find("swiftc")
        let common = ["@" + kits.swiftFlags.path, "-I", kits.headers.path]
        let library = scratch.appendingPathComponent("Guest.o")
        let module = scratch.appendingPathComponent("Guest.swiftmodule")
        warnings += try toolchain.run(
            compiler,
            common + ["-parse-as-library", "-module-name", "Guest", "-emit-module", "-emit-module-path", module.path]
                + ["-c"] + kits.swiftSources().map(\.path) + ["-o", library.path])

        let program = scratch.appendingPathComponent("Program.o")
        let hasMainFile = files.contains { $0.lastPathComponent == "main.swift" }
        warnings += try toolchain.run(
            compiler,
            common + (hasMainFile ? [] : ["-parse-as-library"]) + ["-I", scratch.path, "-I", source.path]
                + ["-module-name", "Program", "-c"] + files.map(\.path) + ["-o", program.path])
        return [library, program]
    }

    private func sources(_ isWanted: (_ pathExtension: String) -> Bool) throws(GuestError) -> [URL] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: source.path, isDirectory: &isDirectory), isDirectory.boolValue,
            let files = FileManager.default.enumerator(
                at: source, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
        else {
            throw .notADirectory(path: source.path)
        }
        // In one order on every file system, so that the ELF is the same.
        return files.compactMap { $0 as? URL }.filter { isWanted($0.pathExtension) }.sorted { $0.path < $1.path }
    }

    private func system(_ body: () throws -> Void) throws(GuestError) {
        do {
            try body()
        } catch {
            throw .system(reason: "\(error.localizedDescription)")
        }
    }
}

extension Kits {
    var cFlags: URL { directory.appendingPathComponent("C/flags") }
    var headers: URL { directory.appendingPathComponent("C/include") }
    var linkerScript: URL { directory.appendingPathComponent("C/guest.ld") }
    var swiftFlags: URL { directory.appendingPathComponent("Swift/flags") }

    func cSources() -> [URL] { files(in: "C") { $0 == "S" || $0 == "c" } }
    func swiftSources() -> [URL] { files(in: "Swift/Guest") { $0 == "swift" } }

    private func files(in folder: String, _ isWanted: (String) -> Bool) -> [URL] {
        let folder = directory.appendingPathComponent(folder, isDirectory: true)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().map { folder.appendingPathComponent($0) }.filter { isWanted($0.pathExtension) }
    }
}
