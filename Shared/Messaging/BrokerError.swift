/// Why a broker did not do what it was asked to, and what the caller can do about it.
public struct BrokerError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// No broker answers.
        case unreachable
        /// No answer in the time allowed; what was asked may have been done or not.
        case timedOut
        case unknownTopicOrPartition
        case topicAlreadyExists
        /// This principal may not do that.
        case notAuthorized
        /// The client's certificate, name or password is refused.
        case authenticationFailed
        /// The record exceeds the client's or the topic's limit.
        case messageTooLarge
        /// The offset is below what is kept or above what is written.
        case offsetOutOfRange
        /// The offset is within the log, but holds nothing that can be read: compacted, aborted, or a marker.
        case recordNotFound
        /// The bytes at a position cannot be decoded by this client.
        case unreadable
        /// A newer producer has the same transactional id, or the transaction ran out of time. Nothing was committed.
        case fenced
        /// The group has given this member's partitions to others, or is about to. Nothing was committed.
        case generationLost
        /// The transaction failed and was rolled back.
        case transactionAborted
        /// The producer's buffer stayed full.
        case queueFull
        /// The client was closed before it was done.
        case closed
        case invalidConfiguration
        /// The call contradicts the contract: an unknown partition, a second transaction inside the first.
        case invalidArgument
        /// Another process has the embedded broker's files open.
        case inUse
        /// The embedded broker's files cannot be read or written.
        case storage
        case other
    }

    /// The way out.
    public enum Remedy: String, Sendable {
        /// Ask again, after a pause.
        case retry
        /// Read again from the committed offsets and repeat the transaction.
        case repeatTransaction
        /// Stop working on what was assigned and poll: the group will assign anew.
        case rejoin
        /// Close this client and make a new one.
        case reopen
        /// Leave this record out; it will never pass.
        case skip
        /// A person has to change configuration, rights or code.
        case correct
    }

    public var code: Code
    /// What was attempted, and what the broker said.
    public var message: String
    /// The name that the implementation's library gives to the error, as its documentation lists it.
    public var nativeName: String?
    /// The client is of no more use.
    public var isFatal: Bool
    /// The same call may succeed later.
    public var isRetriable: Bool

    public init(
        _ code: Code, _ message: String, nativeName: String? = nil, isFatal: Bool = false, isRetriable: Bool = false
    ) {
        self.code = code
        self.message = message
        self.nativeName = nativeName
        self.isFatal = isFatal
        self.isRetriable = isRetriable
    }

    public var remedy: Remedy {
        if isFatal { return .reopen }
        switch code {
        case .generationLost: return .rejoin
        case .transactionAborted: return .repeatTransaction
        case .messageTooLarge, .recordNotFound, .unreadable, .offsetOutOfRange: return .skip
        case .fenced, .closed: return .reopen
        case .unreachable, .timedOut, .queueFull: return .retry
        case .unknownTopicOrPartition, .topicAlreadyExists, .notAuthorized, .authenticationFailed,
            .invalidConfiguration, .invalidArgument, .inUse, .storage, .other:
            return isRetriable ? .retry : .correct
        }
    }

    public var description: String {
        let native = nativeName.map { " (\($0))" } ?? ""
        return "\(code.rawValue)\(native): \(message); to do: \(remedy.rawValue)"
    }
}
