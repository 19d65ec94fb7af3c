import Foundation

/// The memory that this process may count on.
public enum MachineMemory {
    /// Bytes: the machine's, or the container's limit where that is less.
    public static var bytes: Int { bytes(physical: Int(clamping: ProcessInfo.processInfo.physicalMemory)) }

    /// - Parameter groups: where control groups are mounted. Of version 2 a container's own group stands at its root, in
    ///   `memory.max`, which says `max` where there is no limit; of version 1 in `memory/memory.limit_in_bytes`.
    package static func bytes(physical: Int, groups: String = "/sys/fs/cgroup") -> Int {
        ["memory.max", "memory/memory.limit_in_bytes"].reduce(physical) { least, name in
            let text = (try? String(contentsOfFile: "\(groups)/\(name)", encoding: .utf8)) ?? ""
            let limit = Int(text.filter { !$0.isWhitespace }) ?? least
            return limit > 0 ? min(least, limit) : least
        }
    }
}
