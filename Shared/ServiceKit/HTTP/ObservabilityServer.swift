/// `/metrics`, `/livez` and `/readyz` of a service.
public final class ObservabilityServer: Sendable {
    private let server: HTTPServer

    public var port: UInt16 { server.port }

    /// - Parameter address: `host:port` to listen on.
    /// - Throws: `HTTPServerError`.
    public init(address: String, health: Health, registry: MetricsRegistry = .shared) throws(HTTPServerError) {
        server = try HTTPServer(address: address) { path in Self.answer(path, health, registry) }
    }

    public func stop() {
        server.stop()
    }

    static func answer(_ path: String, _ health: Health, _ registry: MetricsRegistry) -> HTTPResponse {
        switch path {
        case "/metrics":
            HTTPResponse(
                status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8",
                body: registry.exposition + ProcessMetrics.exposition)
        case "/livez": answer(health.liveness)
        case "/readyz": answer(health.readiness)
        case "/": HTTPResponse(status: 200, body: "/metrics\n/livez\n/readyz\n")
        default: HTTPResponse(status: 404, body: "not here: /metrics, /livez and /readyz are\n")
        }
    }

    private static func answer(_ failures: [Health.Failure]) -> HTTPResponse {
        if failures.isEmpty { return HTTPResponse(status: 200, body: "ok\n") }
        let lines = failures.map { "\($0.name): \($0.reason)\n" }
        return HTTPResponse(status: 503, body: lines.joined())
    }
}
