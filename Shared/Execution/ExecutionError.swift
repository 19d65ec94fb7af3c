/// What keeps a program from being run here; never its own doing, which ends in an `Exit`.
public enum ExecutionError: Error, Sendable, Hashable {
    /// The system does not let this many bytes of address space be reserved (see `ulimit -v`).
    case noAddressSpace(bytes: Int)
    /// Segments of 2^k cycles exist for k from 13 to 24.
    case limit(Int)
}

extension ExecutionError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noAddressSpace(let bytes):
            "cannot reserve \(bytes) bytes of address space for the guest: raise the limit (ulimit -v unlimited)"
        case .limit(let log): "segments of 2^\(log) cycles do not exist: choose 2^13 to 2^24"
        }
    }
}
