import Foundation
import Messaging
import Pipeline
import ServiceCommon
import ServiceKit

struct TopicsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics", abstract: "Makes the topics of a cluster.", subcommands: [CreateTopicsCommand.self])
}

struct CreateTopicsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Makes all topics that are missing, with their settings; those that exist stay as they are.")

    @OptionGroup var cluster: BrokerOptions

    @Option(help: "Copies of each partition; the cluster's default without it.") var replication: Int?

    @Option(help: "A lane whose topics are made as well; may be given several times.") var lane: [String] = []

    @Option(help: "How long to wait for a cluster that does not answer yet: seconds.") var wait = 60.0

    func run() throws {
        let lanes = try lane.map(parseLane)
        let broker = try cluster.connect()
        defer { broker.close() }
        let deadline = ServiceContext.now + wait
        while true {
            do {
                return try cluster.topics.create(
                    on: broker, lanes: lanes, replication: replication.map { Int16(clamping: $0) })
            } catch let error as BrokerError where error.remedy == .retry && ServiceContext.now < deadline {
                Thread.sleep(forTimeInterval: 1)
            }
        }
    }
}

struct LanesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lanes", abstract: "Adds lanes: owners of provers.", subcommands: [AddLaneCommand.self])
}

struct AddLaneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Makes the two topics of a lane; verifiers find it by themselves.")

    @OptionGroup var cluster: BrokerOptions

    @Argument(help: "The lane's name: 1 to 64 of a-z A-Z 0-9 . _ -") var name: String

    @Option(help: "Copies of each partition; the cluster's default without it.") var replication: Int?

    func run() throws {
        let lane = try parseLane(name)
        let broker = try cluster.connect()
        defer { broker.close() }
        try broker.createTopics(
            cluster.topics.all(of: lane).map { $0.settings(replication: replication.map { Int16(clamping: $0) }) })
    }
}

private func parseLane(_ text: String) throws -> LaneName {
    guard let lane = LaneName(text) else {
        throw ValidationError("\(text) is no lane: expected 1 to 64 of a-z A-Z 0-9 . _ -")
    }
    return lane
}

struct NodesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nodes", abstract: "Lists lanes with their credit, and the nodes that hold tasks.")

    @OptionGroup var cluster: BrokerOptions

    @Flag(help: "Prints one JSON object.") var json = false

    func run() throws {
        let broker = try cluster.connect()
        defer { broker.close() }
        var lanes: [String: Double] = [:], holders: [String: DispatchRecord.Task] = [:]
        try broker.readAll([TopicPartition(cluster.topics.dispatch, 0)]) { record in
            guard let key = record.keyText else { return }
            let found = record.value.flatMap { try? DispatchRecord.decoded($0) }
            if let lane = found?.lane { lanes[lane.lane.text] = lane.credit.current(ServiceContext.now) }
            holders[key] = found?.task
        }
        var nodes: [String: [String]] = [:]
        for task in holders.values {
            for holder in task.copies {
                nodes["\(holder.lane)/\(holder.node)", default: []].append(task.task.description)
            }
        }
        if json {
            printJSON(["lanes": lanes, "nodes": nodes.mapValues { $0.sorted() }])
        } else {
            for (lane, credit) in lanes.sorted(by: { $0.key < $1.key }) {
                print(String(format: "lane %@: credit %.0f", lane, credit))
            }
            for (node, tasks) in nodes.sorted(by: { $0.key < $1.key }) {
                print("\(node): \(tasks.sorted().joined(separator: " "))")
            }
        }
    }
}
