/// One job as the aggregator follows it, until its one result: a fold over `executions`, `tasks` and `settled`.
///
/// The order in which the three topics are read does not matter.
public struct JobProgress: Sendable {
    public private(set) var execution: Execution?
    public private(set) var end: RunEnd?
    /// The verified receipt of each segment.
    public private(set) var receipts: [Int: BodyReference] = [:]
    public private(set) var failure: String?
    public private(set) var ended: JobEnd?

    public init() {}

    public mutating func take(_ execution: Execution) { self.execution = execution }
    public mutating func take(_ end: RunEnd) { self.end = end }
    public mutating func runEndIsGone() { end = nil }
    public mutating func take(_ end: JobEnd) {
        ended = end
        receipts = [:]
    }

    public mutating func take(_ settlement: Settlement) {
        guard settlement.task.kind == .segment else { return }
        if let receipt = settlement.receipt {
            receipts[settlement.task.index] = receipt
        } else if failure == nil {
            failure = "segment \(settlement.task.index) could not be proved: \(settlement.failure ?? "unknown")"
        }
    }

    public enum Outcome: Sendable, Equatable {
        /// All segment receipts are there, in order: chain them, verify the whole, publish it.
        case complete([BodyReference])
        /// It ends without a receipt.
        case ended(JobResult.Status, reason: String)
    }

    /// What is to be done now (seconds since 1970); nil while the job goes on or after it has ended.
    public func outcome(now: Double) -> Outcome? {
        guard ended == nil, let execution else { return nil }
        switch execution.state {
        case .refused: return .ended(.refused, reason: execution.reason ?? "refused")
        case .cancelled: return .ended(.cancelled, reason: execution.reason ?? "cancelled")
        case .accepted: break
        }
        if let failure = failure ?? end?.failure { return .ended(.failed, reason: failure) }
        if let end, receipts.count >= end.segments, end.segments > 0 {
            let ordered = (0..<end.segments).compactMap { receipts[$0] }
            if ordered.count == end.segments { return .complete(ordered) }
        }
        if now > execution.acceptedAt + Double(execution.deadlineSeconds) {
            return .ended(.failed, reason: "not done within \(execution.deadlineSeconds) seconds")
        }
        return nil
    }
}
