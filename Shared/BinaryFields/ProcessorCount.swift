#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

enum ProcessorCount {
    /// The processors that are online, at least one.
    static let online = max(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 1)
}
