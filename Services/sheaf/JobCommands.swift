import Foundation
import Hashing
import Messaging
import Pipeline
import ServiceCommon
import ServiceKit

struct SubmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Publishes a job to a cluster, and prints its id.",
        discussion: "The program and its input are uploaded first, whatever their size.")

    @OptionGroup var cluster: BrokerOptions

    @Argument(help: "The program: a static RV32IM ELF file.") var program: String
    @Option(help: "The file that the program reads as its input.") var input: String?
    @Option(help: "The job's id; by default made from its content and the time.") var id: String?
    @Option(help: "Segments end after so many cycles: 2^13 to 2^24.") var limit: CycleLimit?
    @Option(help: "On how many lanes a segment may be proved at once: 1 to 16.") var redundancy: Int?
    @Option(help: "0 to 9; higher goes first.") var priority: Int?
    @Option(help: "The job fails when it is not done by then: seconds.") var deadlineSeconds: Int?
    @Flag(help: "Waits for the result, showing progress, and writes the receipt to --output.") var wait = false
    @Option(name: .shortAndLong, help: "With --wait: where the receipt goes; by default ID.receipt.") var output:
        String?

    func run() throws {
        let elf = try Files.read(program), inputBytes = try input.map(Files.read) ?? []
        try withClient(cluster) { client in
            let name = id ?? "job-\(Blake3.hash(elf + inputBytes).hex.prefix(12))-\(Int(ServiceContext.now * 1000))"
            let job = Job(
                id: name, program: try client.upload(elf), input: try client.upload(inputBytes), limitLog2: limit?.log,
                redundancy: redundancy, priority: priority, deadlineSeconds: deadlineSeconds)
            do { try client.submit(job) } catch let error as MessageError { throw ValidationError("\(error)") }
            print(name)
            if wait { try finish(try watch(client, name), client, to: output ?? name + ".receipt") }
        }
    }
}

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Shows how a job comes on, until it ends, and prints its result as JSON.")

    @OptionGroup var cluster: BrokerOptions
    @Argument(help: "The job's id.") var id: String

    func run() throws {
        try withClient(cluster) { client in
            if let result = try watch(client, id) { printResult(result) }
        }
    }
}

struct GetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Fetches the receipt of a job that is done, and prints its result as JSON.")

    @OptionGroup var cluster: BrokerOptions
    @Argument(help: "The job's id.") var id: String
    @Option(name: .shortAndLong, help: "Where the receipt goes; by default ID.receipt.") var output: String?

    func run() throws {
        try withClient(cluster) { client in
            guard let result = try client.result(of: id) else { throw JobError.noResult(id) }
            printResult(result)
            try finish(result, client, to: output ?? id + ".receipt")
        }
    }
}

struct CancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "cancel", abstract: "Ends a job before it is done.")

    @OptionGroup var cluster: BrokerOptions
    @Argument(help: "The job's id.") var id: String

    func run() throws {
        guard Identifier.isValid(id) else { throw ValidationError("\(id) is no job's id") }
        try withClient(cluster) { client in try client.submit(Job(id: id, action: .cancel)) }
    }
}

struct JobsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Lists the jobs that the cluster knows, with their state.")

    @OptionGroup var cluster: BrokerOptions
    @Flag(help: "Prints one JSON object a line.") var json = false

    func run() throws {
        let broker = try cluster.connect()
        defer { broker.close() }
        let partitions = (0..<Int32(Topics.jobPartitions))
        var executions: [String: Execution] = [:], results: [String: JobResult] = [:]
        try broker.readAll(partitions.map { TopicPartition(cluster.topics.executions, $0) }) { record in
            guard let key = record.keyText else { return }
            executions[key] = record.value.flatMap { try? Execution.decoded($0) }
        }
        try broker.readAll(partitions.map { TopicPartition(cluster.topics.results, $0) }) { record in
            guard let key = record.keyText else { return }
            results[key] = record.value.flatMap { try? JobResult.decoded($0) }
        }
        for execution in executions.values.sorted(by: { ($0.acceptedAt, $0.job) < ($1.acceptedAt, $1.job) }) {
            let state =
                results[execution.job]?.status.rawValue
                ?? (execution.state == .accepted ? "running" : execution.state.rawValue)
            if json {
                printJSON([
                    "id": execution.job, "state": state, "accepted_at": execution.acceptedAt,
                    "priority": execution.priority,
                ])
            } else {
                print("\(execution.job)  \(state)  priority \(execution.priority)")
            }
        }
    }
}

enum JobError: Error, CustomStringConvertible {
    case noResult(String)
    case notDone(JobResult)

    var description: String {
        switch self {
        case .noResult(let id): "there is no result of \(id) (yet): `sheaf watch \(id)` waits for it"
        case .notDone(let result): "\(result.id) is \(result.status.rawValue): \(result.reason ?? "")"
        }
    }
}

private func withClient(_ cluster: BrokerOptions, _ body: (JobClient) throws -> Void) throws {
    let broker = try cluster.connect()
    defer { broker.close() }
    let client = try JobClient(broker, topics: cluster.topics)
    defer { client.close() }
    try body(client)
}

private func watch(_ client: JobClient, _ id: String) throws -> JobResult? {
    let line = ProgressLine()
    defer { line.finish() }
    var view = JobView()
    return try client.follow(id) { event in
        if let event { view.take(event) }
        line.show(view.line(now: ServiceContext.now))
        return true
    }
}

private func printResult(_ result: JobResult) {
    if let bytes = try? result.encoded() { print(String(decoding: bytes, as: UTF8.self)) }
}

/// Writes the receipt of a job that is done; what did not end well is an error.
private func finish(_ result: JobResult?, _ client: JobClient, to path: String) throws {
    guard let result else { return }
    guard result.status == .done, let receipt = result.receipt else { throw JobError.notDone(result) }
    try Data(try client.fetch(receipt)).write(to: URL(fileURLWithPath: path))
}
