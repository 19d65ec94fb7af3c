import Foundation

/// What a process took of the processor, with all its threads: seconds, as proc(5) tells it. Nil when it is not there.
public func processorSeconds(of process: pid_t) -> Double? {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
        let name = text.lastIndex(of: ")")
    else { return nil }
    // Fields 14 and 15, user and system; the name, which may hold spaces, is the second.
    let fields = text[name...].split(separator: " ")
    guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return nil }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
}
