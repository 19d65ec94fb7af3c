import Foundation
import Messaging
import Pipeline
import Receipts
import ServiceCommon

/// What stands in a cluster's topics about one job: the broker's word, and nobody else's.
public struct Evidence: Sendable {
    public internal(set) var results: [JobResult] = []
    /// Every settlement that was written, with the time of its record: milliseconds since 1970.
    public internal(set) var settlements: [(Settlement, time: Int64)] = []
    /// Every order to prove that was sent, to whatever node.
    public internal(set) var orders: [(Work, time: Int64)] = []
    public internal(set) var events: [JobEvent] = []

    public func count(_ what: JobEvent.What) -> Int { events.count { $0.what == what } }

    /// Orders to prove what was settled before.
    public var ordersOfSettledTasks: Int {
        let times = Dictionary(settlements.map { ($0.0.task, $0.time) }, uniquingKeysWith: min)
        return orders.count { order in times[order.0.task].map { order.time > $0 } ?? false }
    }

    /// How much of proving was for nothing: orders to other nodes than the one that was first, over tasks.
    public var workPerTask: Double {
        let pairs = Set(orders.map { "\($0.0.task) \($0.0.node)" })
        return Double(pairs.count) / Double(max(1, settlements.count))
    }

    /// What a job that was done must look like, or what is wrong with it: the right receipt, one result, every segment
    /// settled once, and none ordered again after that.
    public func complaints(_ expected: ExpectedRun, receipt: [UInt8]?) -> [String] {
        var complaints: [String] = []
        func must(_ condition: Bool, _ complaint: @autoclosure () -> String) {
            if !condition { complaints.append(complaint()) }
        }
        must(results.count == 1, "\(results.count) results")
        guard let result = results.last else { return complaints }
        must(result.status == .done, "\(result.status): \(result.reason ?? "")")
        must(result.imageID == expected.imageID, "another image")
        must(result.cycles == expected.cycles, "\(result.cycles ?? 0) cycles, not \(expected.cycles)")
        must(result.journal == hex(expected.journal), "the journal \(result.journal ?? "none")")
        do {
            let proved = try verify(receipt: (receipt ?? [])[...])
            must(proved.imageID.hex == expected.imageID, "the receipt is of another image")
            must(proved.journal == expected.journal, "the receipt has another journal")
            must(proved.exit == expected.exit, "the receipt ends with \(proved.exit)")
            must(proved.cycles == expected.cycles, "the receipt has \(proved.cycles) cycles")
        } catch {
            complaints.append("the receipt: \(error)")
        }
        let settled = Dictionary(grouping: settlements) { $0.0.task }
        must(settled.count == result.segments, "\(settled.count) of \(result.segments ?? 0) segments settled")
        let twice = settled.filter { $0.value.count > 1 }.keys.sorted()
        must(twice.isEmpty, "settled twice: \(twice)")
        must(ordersOfSettledTasks == 0, "\(ordersOfSettledTasks) orders to prove what was settled")
        return complaints
    }

    /// One line for a person.
    public var line: String {
        "\(settlements.count) segments settled, \(orders.count) orders, \(count(.replayed)) replays, "
            + "\(ordersOfSettledTasks) of what was settled, \(results.count) result"
    }
}

extension Cluster {
    public func records(_ topic: String) throws -> [Record] {
        var records: [Record] = []
        try broker.readAll(try broker.topics(.named(topic)).flatMap(\.topicPartitions)) { records.append($0) }
        return records
    }

    public func results() throws -> [JobResult] {
        try records(topics.results).compactMap { try $0.value.map { try JobResult.decoded($0) } }
    }

    public func events() throws -> [JobEvent] {
        try records(topics.events).compactMap { try $0.value.map { try JobEvent.decoded($0) } }
    }

    public func evidence(of job: String) throws -> Evidence {
        var evidence = Evidence()
        evidence.results = try results().filter { $0.id == job }
        for record in try records(topics.settled) where record.keyText.flatMap({ TaskID(key: $0) })?.job == job {
            if let value = record.value { evidence.settlements.append((try .decoded(value), record.timestamp)) }
        }
        for lane in lanes {
            for record in try records(topics.work(try Self.lane(lane))) {
                guard let value = record.value else { continue }
                let work = try Work.decoded(value)
                if work.task.job == job, work.order == .prove { evidence.orders.append((work, record.timestamp)) }
            }
        }
        evidence.events = try events().filter { $0.job == job }
        return evidence
    }

    /// Waits for the end of a job that must be done, and says what is wrong with it; nothing if all is well.
    public func complaints(
        of job: String, _ expected: ExpectedRun, within seconds: Double, _ visit: (Evidence) -> Void = { _ in }
    ) throws -> [String] {
        guard let result = result(job, within: seconds) else {
            let events = try evidence(of: job)
            return ["no result within \(seconds) s: \(events.line)"] + names.map { "\($0): \(log($0).suffix(400))" }
        }
        let client = try client()
        defer { client.close() }
        let receipt = try result.receipt.map(client.fetch)
        let evidence = try evidence(of: job)
        visit(evidence)
        return evidence.complaints(expected, receipt: receipt)
    }

    /// Lanes' credit as the dispatcher last wrote it down.
    public func credits() throws -> [String: Double] {
        var credits: [String: Double] = [:]
        for record in try records(topics.dispatch) {
            if let lane = try record.value.map({ try DispatchRecord.decoded($0) })?.lane {
                credits[lane.lane.text] = lane.credit.points
            }
        }
        return credits
    }

    public func deadLetters() throws -> [DeadLetter] {
        try records(topics.deadletters).compactMap { try $0.value.map { try DeadLetter.decoded($0) } }
    }
}
