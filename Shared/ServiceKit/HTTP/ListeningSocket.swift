import Glibc

/// Why a server does not listen.
public struct HTTPServerError: Error, CustomStringConvertible, Sendable {
    public let address: String
    public let reason: String

    public var description: String { "cannot serve HTTP on '\(address)': \(reason)" }
}

/// A TCP socket that listens; whoever takes the descriptor closes it.
struct ListeningSocket {
    let descriptor: Int32
    let port: UInt16

    /// - Parameter address: `host:port`, `:port` or `[v6]:port`.
    init(address: String) throws(HTTPServerError) {
        guard let colon = address.lastIndex(of: ":"), UInt16(address[address.index(after: colon)...]) != nil else {
            throw HTTPServerError(address: address, reason: "expected host:port with a port of 0 to 65535")
        }
        var host = String(address[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }

        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        let service = String(address[address.index(after: colon)...])
        let code = getaddrinfo(host.isEmpty ? nil : host, service, &hints, &found)
        guard code == 0, let first = found else {
            throw HTTPServerError(address: address, reason: String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(first) }

        // The list that getaddrinfo made lives until freeaddrinfo above.
        let entry = first.pointee
        let descriptor = socket(entry.ai_family, entry.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), entry.ai_protocol)
        guard descriptor >= 0 else { throw Self.systemError(address) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, entry.ai_addr, entry.ai_addrlen) == 0, listen(descriptor, 64) == 0 else {
            let error = Self.systemError(address)
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        port = Self.port(of: descriptor)
    }

    private static func systemError(_ address: String) -> HTTPServerError {
        HTTPServerError(address: address, reason: String(cString: strerror(errno)))
    }

    private static func port(of descriptor: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            // sockaddr_storage is made to be read as sockaddr, and the port stands at the same place in IPv4 and IPv6.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
            return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                UInt16(bigEndian: $0.pointee.sin_port)
            }
        }
    }
}
