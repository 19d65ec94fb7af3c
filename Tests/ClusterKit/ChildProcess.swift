import Foundation
import Synchronization

/// A process of our own, known by its id: it can be stopped, continued, killed and waited for.
///
/// Foundation's `Process` would do, but for its wait on everything that its child may have left behind.
public final class ChildProcess: Sendable {
    public let identifier: pid_t
    private let status = Mutex<Int32?>(nil)

    /// - Parameters:
    ///   - log: the file to which all that it writes is appended.
    ///   - group: the process group that it joins; 0: one of its own.
    public init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:], log: String, group: pid_t = 0
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, group)
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let words = ([executable] + arguments).map { strdup($0) } + [nil]
        let variables = all.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var identifier: pid_t = 0
        let error = posix_spawn(&identifier, executable, &actions, &attributes, words, variables)
        guard error == 0 else { throw ChildProcessError.cannotStart(executable, String(cString: strerror(error))) }
        self.identifier = identifier
    }

    /// Sends a signal to it, while it is there.
    public func send(_ signal: Int32) {
        if exitStatus == nil { kill(identifier, signal) }
    }

    /// As `waitpid` tells it; nil while it runs.
    public var exitStatus: Int32? {
        status.withLock { status in
            var word: Int32 = 0
            if status == nil, waitpid(identifier, &word, WNOHANG) == identifier { status = word }
            return status
        }
    }

    /// Waits until it has ended.
    /// - Returns: whether it did, within so many seconds.
    @discardableResult
    public func wait(within seconds: Double) -> Bool {
        eventually(within: seconds) { exitStatus != nil }
    }
}

public enum ChildProcessError: Error, CustomStringConvertible {
    case cannotStart(String, String)

    public var description: String {
        switch self {
        case .cannotStart(let executable, let reason): "\(executable) cannot be started: \(reason)"
        }
    }
}

/// Waits until something holds, looking every few milliseconds.
public func eventually(within seconds: Double = 20, _ condition: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
        if try condition() { return true }
        Thread.sleep(forTimeInterval: 0.01)
    }
    return try condition()
}
