import Foundation
import ServiceKit
import Testing

@Suite("Configuration files")
struct ConfigurationFileTests {
    private func run(
        _ text: String, _ words: [String] = [], environment: [String: String] = [:], byVariable: Bool = false
    ) throws -> Run {
        let path = FileManager.default.temporaryDirectory.appending(path: "sheaf-\(UUID()).conf").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var environment = environment
        if byVariable { environment["SHEAF_CONFIG"] = path }
        let file = byVariable ? [] : ["--config", path]
        let command = try Tool.parseAsRoot(["run", "p.elf"] + words + file, environment: environment)
        return try #require(command as? Run)
    }

    @Test(arguments: [
        """
        # a comment
        threads = 6
        brokers = "a:1,b:2"
        kafka = x=1
        kafka = y = 2

        json=on
        node = another command's
        """,
        """
        {"threads": 6, "brokers": "a:1,b:2", "kafka": ["x=1", "y = 2"], "json": true, "node": "another command's"}
        """,
    ])
    func bothFormsSayTheSame(_ text: String) throws {
        for byVariable in [false, true] {
            let run = try run(text, byVariable: byVariable)
            #expect(run.threads == 6 && run.cluster.brokers == "a:1,b:2" && run.json)
            #expect(run.cluster.kafka == ["x=1", "y = 2"])
        }
    }

    @Test func commandLineWinsOverEnvironmentOverFile() throws {
        let text = "threads = 6\nbrokers = file\ncolor = green"
        let run = try run(text, ["--threads", "8"], environment: ["SHEAF_THREADS": "7", "SHEAF_BROKERS": "variable"])
        #expect(run.threads == 8 && run.cluster.brokers == "variable" && run.color == .green)
    }

    @Test(arguments: [
        ("thread = 1", "unknown key 'thread'. Did you mean 'threads'?"),
        ("threads = many", "The value 'many' is invalid for '--threads <threads>' (from "),
        ("\nthreads", ":2: expected 'key = value', got 'threads'."),
        ("= 4", ":1: expected 'key = value', got '= 4'."),
        ("{\"threads\": {}}", "expected a JSON object"),
        ("{", "expected a JSON object"),
    ])
    func mistakesAreNamed(_ text: String, _ expected: String) {
        let error = #expect(throws: UsageError.self) { try run(text) }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    @Test func aMissingFileIsNamed() {
        let error = #expect(throws: UsageError.self) {
            try Tool.parseAsRoot(["run", "p.elf", "--config", "/nonexistent/sheaf.conf"])
        }
        #expect(error?.description == "Cannot read configuration file '/nonexistent/sheaf.conf'.")
    }
}
