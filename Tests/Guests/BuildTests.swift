import Foundation
import Guests
import Testing

@Suite struct BuildTests {
    /// Makes a directory with these files, and gives what building it throws.
    private func failure(_ files: [String: String], environment: [String: String]? = nil) throws -> GuestError? {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, text) in files {
            try Data(text.utf8).write(to: directory.appendingPathComponent(name))
        }
        let output = directory.appendingPathComponent("out.elf")
        let build = GuestBuild(
            source: directory, kits: try Kits.locate(), environment: environment ?? ProcessInfo.processInfo.environment)
        do {
            try build.build(to: output)
            #expect(FileManager.default.fileExists(atPath: output.path))
            return nil
        } catch {
            #expect(!FileManager.default.fileExists(atPath: output.path))
            return error
        }
    }

    @Test("A directory without sources is no guest")
    func noSources() throws {
        guard case .noSources = try failure(["read.me": "nothing"]) else {
            Issue.record("built")
            return
        }
    }

    @Test("A path that is no directory is no guest")
    func notADirectory() throws {
        let build = GuestBuild(source: URL(fileURLWithPath: "/nowhere/at/all"), kits: try Kits.locate())
        #expect(throws: GuestError.notADirectory(path: "/nowhere/at/all")) {
            try build.build(to: URL(fileURLWithPath: "/nowhere/out.elf"))
        }
    }

    @Test("An output that cannot be written is named")
    func unwritableOutput() throws {
        let build = GuestBuild(
            source: try BuiltGuests.examples.appendingPathComponent("fibonacci"), kits: try Kits.locate())
        #expect(throws: GuestError.cannotWrite(path: "/nowhere/at/all.elf")) {
            try build.build(to: URL(fileURLWithPath: "/nowhere/at/all.elf"))
        }
    }

    @Test("A missing tool is named, and where it comes from")
    func missingTool() throws {
        let error = try failure(["main.c": "int main(void) { return 0; }"], environment: ["PATH": "/nonexistent"])
        #expect(error == .toolNotFound(name: "clang"))
        #expect("\(error as Any)".contains("swift.org"))
    }

    @Test("Kits that are not where they should be are said to be missing, with the place")
    func missingKits() {
        #expect(throws: GuestError.kitsNotFound(searched: ["/nonexistent"])) {
            try Kits.locate(environment: ["SHEAF_KITS": "/nonexistent"])
        }
    }

    @Test("What the compiler says of an error is passed on")
    func syntaxError() throws {
        guard case .refused("clang", let output) = try failure(["main.c": "int main(void) { return 1 +; }"]) else {
            Issue.record("built")
            return
        }
        #expect(output.contains("main.c:1:") && output.contains("expected expression"))
        guard case .refused("swiftc", let other) = try failure(["main.swift": "import Guest\nlet x: Int = \"\""]) else {
            Issue.record("built")
            return
        }
        #expect(other.contains("main.swift:2:"))
    }

    @Test("A guest without main, or with Unicode's tables, is told what to do")
    func hints() throws {
        let noMain = try #require(try failure(["part.c": "int part(void) { return 0; }"]))
        #expect("\(noMain)".contains("begins at"))
        let text = """
            import Guest
            let text = String(decoding: Input.all(), as: UTF8.self)
            if text == "abc" { halt(1) }
            """
        let unicode = try #require(try failure(["main.swift": text]))
        #expect("\(unicode)".contains("no Unicode tables"))
    }

    @Test("Swift, C and assembly in one guest; a type marked @main; the same bytes twice")
    func mixed() throws {
        let files = [
            "Program.swift": """
            import Guest
            import Parts
            @main struct Program { static func main() { Journal.write(twice(thrice(7))) } }
            """,
            "parts.c": "#include <parts.h>\nuint32_t twice(uint32_t x) { return 2 * x; }",
            "parts.h": "#include <stdint.h>\nuint32_t twice(uint32_t x);\nuint32_t thrice(uint32_t x);",
            "more.S": ".globl thrice\nthrice: slli a1, a0, 1\nadd a0, a0, a1\nret\n",
            "module.modulemap": "module Parts { header \"parts.h\" }",
        ]
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        for (name, text) in files {
            try Data(text.utf8).write(to: directory.appendingPathComponent(name))
        }
        let outputs = ["a.elf", "b.elf"].map { directory.appendingPathComponent($0) }
        for output in outputs {
            #expect(try GuestBuild(source: directory, kits: Kits.locate()).build(to: output) == "")
        }
        #expect(try Data(contentsOf: outputs[0]) == Data(contentsOf: outputs[1]))
        let machine = GuestMachine(try GuestFile(outputs[0]), input: nil)
        #expect(machine.run() == .halted(0))
        #expect(machine.journal == littleEndian(UInt32(42)))
    }
}
