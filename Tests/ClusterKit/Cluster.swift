import Foundation
import Messaging
import Pipeline
import ServiceCommon
import Synchronization

/// The five services as processes over a real broker, under a topic prefix that nobody else uses.
///
///     let cluster = try Cluster(server, lanes: ["home"])
///     defer { cluster.close() }
///     try cluster.startServices()
///     try cluster.startProver("n1", lane: "home")
public final class Cluster: Sendable {
    private struct Program: Sendable {
        let executable: String
        let arguments: [String]
    }

    private struct State {
        var programs: [String: Program] = [:]
        var running: [String: ChildProcess] = [:]
    }

    public let topics: Topics
    public let broker: KafkaBroker
    public let lanes: [String]
    /// Where the processes' logs are, `NAME.log`.
    public let directory: TemporaryDirectory
    private let brokers: String
    private let guardian: ChildProcess
    private let state = Mutex(State())

    public init(_ server: KafkaServer, lanes: [String] = ["home"]) throws {
        topics = Topics(prefix: "t\(UInt64.random(in: 0 ..< 1 << 48)).")
        brokers = server.brokers
        self.lanes = lanes
        directory = try TemporaryDirectory()
        var configuration = KafkaConfiguration(brokers: server.brokers)
        configuration.timeout = .seconds(20)
        broker = try KafkaBroker(configuration)
        // Whatever becomes of this process, those that it started end with it: they are of the guardian's group.
        guardian = try ChildProcess(
            "/bin/sh", ["-c", "while kill -0 $0 2>/dev/null; do sleep 1; done; kill -9 0", "\(getpid())"],
            log: directory.path("guardian.log"))
        try topics.create(on: broker, lanes: try lanes.map(Self.lane))
    }

    static func lane(_ name: String) throws -> LaneName {
        guard let lane = LaneName(name) else { throw MessageError.invalid(field: "lane", value: name) }
        return lane
    }

    // MARK: Processes

    /// The folder in which this executable stands, with all others of the build.
    public static let executables = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()

    public static let services = ["ingest", "executor", "verifier", "aggregator"]

    /// One of each service but provers.
    public func startServices() throws {
        for service in Self.services { try start(service, "sheaf-\(service)", ["--instance", service]) }
    }

    /// A real prover of one thread.
    public func startProver(_ node: String, lane: String = "home") throws {
        try start(
            "\(lane).\(node)", "sheaf-prover",
            ["--lane", lane, "--node", node, "--threads", "1", "--memory", "1024", "--instance", "\(lane).\(node)"])
    }

    /// A prover that does what it should not (Tests/Saboteur).
    public func startSaboteur(_ node: String, lane: String = "home", _ habit: String, _ arguments: [String] = []) throws
    {
        try start(
            "\(lane).\(node)", "sheaf-saboteur",
            ["--lane", lane, "--node", node, "--habit", habit, "--instance", "\(lane).\(node)"] + arguments)
    }

    public func start(_ name: String, _ executable: String, _ arguments: [String]) throws {
        let program = Program(
            executable: Self.executables.appendingPathComponent(executable).path, arguments: arguments)
        state.withLock { $0.programs[name] = program }
        try start(name)
    }

    /// Starts what was started before, again, if it does not run.
    public func start(_ name: String) throws {
        try state.withLock { state in
            guard let program = state.programs[name],
                state.running[name]?.exitStatus != nil || state.running[name] == nil
            else { return }
            state.running[name] = try ChildProcess(
                program.executable, program.arguments,
                environment: ["SHEAF_BROKERS": brokers, "SHEAF_TOPIC_PREFIX": topics.prefix],
                log: directory.path("\(name).log"), group: guardian.identifier)
        }
    }

    public var names: [String] { state.withLock { $0.running.keys.sorted() } }

    /// What each took of the processor: seconds.
    public var processorSeconds: [String: Double] {
        state.withLock { $0.running }.compactMapValues { ClusterKit.processorSeconds(of: $0.identifier) }
    }

    /// SIGKILL, SIGSTOP, SIGCONT, SIGTERM.
    public func send(_ signal: Int32, to name: String) { state.withLock { $0.running[name] }?.send(signal) }

    /// kill -9, and no word of it to anybody.
    public func kill(_ name: String) {
        let process = state.withLock { $0.running.removeValue(forKey: name) }
        process?.send(SIGKILL)
        process?.wait(within: 10)
    }

    /// SIGTERM, and SIGKILL for what does not end within so many seconds.
    /// - Returns: whether it ended by itself, with status 0.
    @discardableResult
    public func end(_ name: String, within seconds: Double = 30) -> Bool {
        guard let process = state.withLock({ $0.running.removeValue(forKey: name) }) else { return false }
        process.send(SIGTERM)
        process.wait(within: seconds)
        defer { process.send(SIGKILL) }
        return process.exitStatus == 0
    }

    public func log(_ name: String) -> String {
        (try? String(contentsOfFile: directory.path("\(name).log"), encoding: .utf8)) ?? ""
    }

    /// Ends everything. Call it when the test is done.
    public func close() {
        for name in names { send(SIGCONT, to: name) }
        for name in names { kill(name) }
        guardian.send(SIGKILL)
        guardian.wait(within: 5)
        broker.close()
    }

    // MARK: Users

    public func client() throws -> JobClient { try JobClient(broker, topics: topics) }

    /// Publishes a job with its program and input in the message.
    public func submit(
        _ id: String, _ elf: [UInt8], input: [UInt8] = [], limitLog2: Int = 13, redundancy: Int? = nil,
        priority: Int? = nil, cycleLimit: UInt64? = nil
    ) throws {
        let client = try client()
        defer { client.close() }
        try client.submit(
            Job(
                id: id, programBase64: Data(elf).base64EncodedString(), inputBase64: Data(input).base64EncodedString(),
                limitLog2: limitLog2, redundancy: redundancy, priority: priority, cycleLimit: cycleLimit))
    }

    /// The job's result, when it comes within so many seconds, whatever happens to the broker meanwhile.
    public func result(_ job: String, within seconds: Double) -> JobResult? {
        let end = ServiceContext.now + seconds
        while ServiceContext.now < end {
            do {
                let client = try client()
                defer { client.close() }
                if let result = try client.follow(job, patience: end - ServiceContext.now, { _ in true }) {
                    return result
                }
            } catch {
                Thread.sleep(forTimeInterval: 0.5)  // a broker that is away comes back, or time runs out
            }
        }
        return nil
    }
}
