import CMicroHTTPD
import Glibc
import Synchronization

/// What a request is answered with.
public struct HTTPResponse: Sendable, Equatable {
    public var status: Int
    public var contentType: String
    public var body: String

    public init(status: Int, contentType: String = "text/plain; charset=utf-8", body: String) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// A small server of GET and HEAD requests over libmicrohttpd, for health and metrics. It owns every pointer of that
/// library.
///
/// At most 64 connections, each closed after 10 idle seconds. `stop()`, or letting go of the server, ends it.
public final class HTTPServer: @unchecked Sendable {
    // Sendable: `daemon` is set once in init, and only `stop` uses it, under `stopped`; the library's threads reach
    // this object through the context pointer, and only read the immutable `handler`.

    public typealias Handler = @Sendable (_ path: String) -> HTTPResponse

    private let handler: Handler
    private var daemon: OpaquePointer?
    private let stopped = Atomic<Bool>(false)

    /// The port in use, chosen by the system if the address said 0.
    public let port: UInt16

    /// - Parameters:
    ///   - address: `host:port`, `:port` or `[v6]:port`; an empty host means all interfaces.
    ///   - handler: called on the server's thread, one request at a time.
    /// - Throws: `HTTPServerError`.
    public init(address: String, handler: @escaping Handler) throws(HTTPServerError) {
        let listener = try ListeningSocket(address: address)
        port = listener.port
        self.handler = handler
        // The context is this object, unretained: `stop`, which deinit calls too, returns only after the library's
        // thread has ended.
        let context = Unmanaged.passUnretained(self).toOpaque()
        let options: [any CVarArg] = [
            Int32(bitPattern: MHD_OPTION.LISTEN_SOCKET.rawValue), listener.descriptor,
            Int32(bitPattern: MHD_OPTION.CONNECTION_LIMIT.rawValue), UInt32(64),
            Int32(bitPattern: MHD_OPTION.CONNECTION_TIMEOUT.rawValue), UInt32(10),
            Int32(bitPattern: MHD_OPTION.END.rawValue),
        ]
        let flags = MHD_USE_INTERNAL_POLLING_THREAD.rawValue | MHD_USE_AUTO.rawValue | MHD_USE_ITC.rawValue
        daemon = withVaList(options) { arguments in
            MHD_start_daemon_va(flags, port, nil, nil, answerRequest, context, arguments)
        }
        if daemon == nil {
            close(listener.descriptor)
            throw HTTPServerError(address: address, reason: "libmicrohttpd did not start")
        }
    }

    deinit {
        stop()
    }

    /// Ends the server and waits for its thread. May be called more than once.
    public func stop() {
        guard !stopped.exchange(true, ordering: .relaxed), let daemon else { return }
        MHD_stop_daemon(daemon)  // closes the listening socket too
    }

    /// The answer to one request, from the library's thread.
    fileprivate func answer(path: String, method: String) -> HTTPResponse {
        guard method == "GET" || method == "HEAD" else {
            return HTTPResponse(status: 405, body: "only GET and HEAD\n")
        }
        return handler(path)
    }
}

/// The library's callback: url and method are strings that live during the call; the body is copied before it ends.
private func answerRequest(
    context: UnsafeMutableRawPointer?, connection: OpaquePointer?, url: UnsafePointer<CChar>?,
    method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?, upload: UnsafePointer<CChar>?,
    uploadSize: UnsafeMutablePointer<Int>?, state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context, let connection, let url, let method else { return .NO }
    if let uploadSize, uploadSize.pointee > 0 {
        uploadSize.pointee = 0  // a body that nobody wants: taken and dropped
        return .YES
    }
    let server = Unmanaged<HTTPServer>.fromOpaque(context).takeUnretainedValue()
    let answer = server.answer(path: String(cString: url), method: String(cString: method))
    var body = answer.body
    let response = body.withUTF8 { bytes in
        MHD_create_response_from_buffer(
            bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
    }
    guard let response else { return .NO }
    defer { MHD_destroy_response(response) }
    MHD_add_response_header(response, "Content-Type", answer.contentType)
    return MHD_queue_response(connection, UInt32(answer.status), response)
}
