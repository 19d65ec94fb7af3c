import Foundation

/// A real broker: the one that SHEAF_TEST_BROKERS names, or one of our own from ../shared/kafka beside the repository.
public final class KafkaServer: Sendable {
    public let brokers: String
    /// Nil for a broker that is not ours.
    private let directory: TemporaryDirectory?
    private let script: String

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    private static var foundScript: String? {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let path = root.deletingLastPathComponent().appending(path: "shared/kafka/kafka").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }

    public static var isAvailable: Bool {
        environment["SHEAF_TEST_BROKERS"] != nil || canStart
    }

    /// Whether tests may kill the broker.
    public static var canStart: Bool {
        foundScript != nil && FileManager.default.isExecutableFile(atPath: "/usr/bin/java")
    }

    /// - Parameter ownBroker: one that may be killed, whatever SHEAF_TEST_BROKERS says.
    public init(ownBroker: Bool = false) throws {
        if !ownBroker, let brokers = Self.environment["SHEAF_TEST_BROKERS"] {
            (self.brokers, directory, script) = (brokers, nil, "")
            return
        }
        guard let script = Self.foundScript else { throw KafkaServerError("../shared/kafka is not here") }
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
        try quieten()
    }

    /// From its next start on, the broker logs warnings and that it serves. The script looks for that word with a pipe that
    /// breaks, and so never finds it, when a pipe's buffer of other lines follows: which clients that wait for it bring about.
    private func quieten() throws {
        guard let directory else { return }
        let file = URL(filePath: directory.root).appending(path: "1/log4j2.properties")
        let verbose = try String(contentsOf: file, encoding: .utf8)
        let quiet = verbose.replacing(
            "rootLogger.level=INFO",
            with: """
                rootLogger.level=WARN
                logger.server.name=kafka.server.KafkaRaftServer
                logger.server.level=INFO
                """)
        guard quiet != verbose else { throw KafkaServerError("\(file.path) says no level") }
        try quiet.write(to: file, atomically: true, encoding: .utf8)
    }

    deinit {
        if directory != nil { try? command("kill") }
    }

    /// `kill` or `resume`.
    public func command(_ name: String) throws {
        guard let directory else { throw KafkaServerError("this broker is not ours to \(name)") }
        try run([name, directory.root])
    }

    /// What our own broker took of the processor: seconds.
    public var processorSeconds: Double? {
        guard let directory, let text = try? String(contentsOfFile: directory.path("1/pid"), encoding: .utf8) else {
            return nil
        }
        return pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)).flatMap(ClusterKit.processorSeconds(of:))
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
        guard process.terminationStatus == 0 else {
            throw KafkaServerError("kafka \(arguments) ended with \(process.terminationStatus)")
        }
    }
}

public struct KafkaServerError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
