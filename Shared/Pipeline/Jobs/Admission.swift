import Foundation
import Hashing

/// What ingest does with a job: a decision from the job and what it knows, with no side effect.
public enum Admission: Sendable, Equatable {
    /// New: publish this execution.
    case accept(Execution)
    /// The same job once more: nothing to do.
    case duplicate
    /// Known under this name with other content: the first job keeps the name, this one is refused.
    case conflict(reason: String)
    /// Never to be run: publish the refusal, so that the job gets its one result.
    case refuse(Execution)
    /// Its user ends it: publish the execution's new state.
    case cancel(Execution)
    /// To be ended, but not known or over already.
    case nothingToCancel

    /// What ingest fills in where a job says nothing, and what it allows at most.
    public struct Limits: Sendable, Hashable {
        public var limitLog2 = 19
        public var redundancy = 1
        public var priority = 5
        /// Seconds: a day.
        public var deadlineSeconds = 86_400
        public var cycleLimit: UInt64 = 1 << 36

        public init() {}
    }

    /// - Parameters:
    ///   - known: the execution of this name, if there is one.
    ///   - program: what reading the program found: its image id, or why it cannot be run.
    public static func decide(
        _ job: Job, known: Execution?, program: Result<String, Refusal>, limits: Limits = Limits(), now: Double
    ) -> Admission {
        let digest = contentDigest(of: job)
        if job.action == .cancel {
            guard let known, known.state == .accepted else { return .nothingToCancel }
            return .cancel(known.cancelled(reason: "cancelled by its user"))
        }
        if let known {
            return known.contentDigest == digest
                ? .duplicate
                : .conflict(reason: "a job named \(job.id) with other content is known already: choose another id")
        }
        func execution(_ state: Execution.State, reason: String?, imageID: String) -> Execution {
            Execution(
                job: job.id, state: state, reason: reason, contentDigest: digest,
                program: state == .accepted ? job.programSource : .inline(base64: ""),
                input: state == .accepted ? job.inputSource : .inline(base64: ""), imageID: imageID,
                limitLog2: job.limitLog2 ?? limits.limitLog2, redundancy: job.redundancy ?? limits.redundancy,
                priority: job.priority ?? limits.priority,
                deadlineSeconds: min(job.deadlineSeconds ?? limits.deadlineSeconds, limits.deadlineSeconds),
                cycleLimit: min(job.cycleLimit ?? limits.cycleLimit, limits.cycleLimit), acceptedAt: now)
        }
        switch program {
        case .success(let imageID): return .accept(execution(.accepted, reason: nil, imageID: imageID))
        case .failure(let refusal): return .refuse(execution(.refused, reason: refusal.reason, imageID: ""))
        }
    }

    /// Why a job cannot be run.
    public struct Refusal: Error, Equatable {
        public let reason: String

        public init(_ reason: String) { self.reason = reason }
    }

    /// BLAKE3 of all that a job says, in one form whatever the order of its fields.
    static func contentDigest(of job: Job) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A struct of numbers and strings always has an encoding.
        let bytes = (try? encoder.encode(job)).map(Array.init) ?? []
        return Blake3.hash(bytes).hex
    }
}

extension Job {
    public var programSource: Source { program.map(Source.body) ?? .inline(base64: programBase64 ?? "") }
    public var inputSource: Source { input.map(Source.body) ?? .inline(base64: inputBase64 ?? "") }
}
