import Foundation
import Testing

/// A real broker: the one that SHEAF_TEST_BROKERS names, or one of our own from ../shared/kafka beside the repository.
final class KafkaServer: Sendable {
    let brokers: String
    /// Nil for a broker that is not ours.
    private let directory: TemporaryDirectory?
    private let script: String

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    private static var foundScript: String? {
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let path = root.deletingLastPathComponent().appending(path: "shared/kafka/kafka").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }

    static var isAvailable: Bool {
        environment["SHEAF_TEST_BROKERS"] != nil || canStart
    }

    /// Whether tests may kill the broker.
    static var canStart: Bool {
        foundScript != nil && FileManager.default.isExecutableFile(atPath: "/usr/bin/java")
    }

    init(ownBroker: Bool = false) throws {
        if !ownBroker, let brokers = Self.environment["SHEAF_TEST_BROKERS"] {
            (self.brokers, directory, script) = (brokers, nil, "")
            return
        }
        let script = try #require(Self.foundScript)
        let directory = try TemporaryDirectory()
        let port = Int.random(in: 210...319) * 100 + Int.random(in: 0...99)
        self.script = script
        self.directory = directory
        brokers = "127.0.0.1:\(port)"
        // Whatever becomes of the tests, their broker ends with them.
        let guardian = Process()
        guardian.executableURL = URL(filePath: "/bin/sh")
        guardian.arguments = [
            "-c", "while kill -0 \(getpid()) 2>/dev/null && [ -d \"$1\" ]; do sleep 1; done; \"$0\" kill \"$1\"",
            script,
            directory.root,
        ]
        guardian.standardOutput = FileHandle.nullDevice
        guardian.standardError = FileHandle.nullDevice
        try guardian.run()
        try run(["start", directory.root, "--port", "\(port)"])
    }

    deinit {
        if directory != nil { try? command("kill") }
    }

    /// `kill` or `resume`.
    func command(_ name: String) throws {
        try run([name, try #require(directory).root])
    }

    private func run(_ arguments: [String]) throws {
        let process = Process()
        // Foundation waits until nobody holds the socket that it hands to its child any more: the broker, which the script
        // leaves behind, must not inherit it.
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments =
            [
                "-c",
                #"(for f in /proc/self/fd/*; do n=${f##*/}; [ "$n" -le 2 ] || eval "exec $n>&-"; done; exec "$@"); exit $?"#,
                "bash", script,
            ] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "kafka \(arguments) ended with \(process.terminationStatus)")
    }
}

/// Runs a suite with one broker for all its tests.
struct WithKafka: SuiteTrait, TestScoping {
    @TaskLocal static var server: KafkaServer?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let server = try KafkaServer()
        try await Self.$server.withValue(server) { try await function() }
    }
}
