import Glibc

/// The metrics that Prometheus's client libraries expose for every process, read when they are asked for.
enum ProcessMetrics {
    static let startTime = Timestamp.now

    static var exposition: String {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
        let cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        var text = """
            # TYPE process_cpu_seconds_total counter
            process_cpu_seconds_total \(prometheusText(cpu))
            # TYPE process_start_time_seconds gauge
            process_start_time_seconds \(prometheusText(Double(startTime.milliseconds) / 1000))

            """
        if let resident = residentBytes {
            text += "# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes \(resident)\n"
        }
        return text
    }

    /// The second number of /proc/self/statm, in pages.
    private static var residentBytes: Int? {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return nil }
        let fields = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
