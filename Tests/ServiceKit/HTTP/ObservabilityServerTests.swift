import Foundation
import ServiceKit
import Synchronization
import Testing

/// Requests go through curl, which is no part of what is tested.
@Suite("Observability over HTTP", .timeLimit(.minutes(10)))
struct ObservabilityServerTests {
    private func curl(_ arguments: String...) throws -> (status: Int, body: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["curl", "-s", "-m", "10", "-w", "\n%{http_code}"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let end = try #require(text.lastIndex(of: "\n"))
        return (try #require(Int(text[text.index(after: end)...])), String(text[..<end]))
    }

    @Test func healthAndMetricsAreServed() throws {
        let registry = MetricsRegistry()
        Counter(label: "answers_total", registry: registry).increment(by: 42)
        let health = Health()
        let problem = Mutex<String?>(nil)
        let isReady = Mutex(false)
        health.addLivenessCheck("loop") { problem.withLock { $0 } }
        health.addReadinessCheck("broker") { isReady.withLock { $0 } ? nil : "not connected" }
        let server = try ObservabilityServer(address: "127.0.0.1:0", health: health, registry: registry)
        let base = "http://127.0.0.1:\(server.port)"

        let metrics = try curl("\(base)/metrics")
        #expect(metrics.status == 200 && metrics.body.contains("answers_total 42\n"))
        #expect(metrics.body.contains("process_resident_memory_bytes "))
        #expect(try curl("\(base)/livez") == (200, "ok\n"))
        #expect(try curl("\(base)/readyz") == (503, "broker: not connected\n"))
        isReady.withLock { $0 = true }
        #expect(try curl("\(base)/readyz") == (200, "ok\n"))
        problem.withLock { $0 = "hangs" }
        #expect(try curl("\(base)/livez") == (503, "loop: hangs\n"))
        #expect(try curl("\(base)/readyz").status == 503)
        #expect(try curl("\(base)/nothing").status == 404)
        #expect(try curl("-I", "\(base)/livez").status == 503)
        #expect(try curl("-X", "POST", "-d", "body", "\(base)/metrics").status == 405)
        #expect(try curl("\(base)/metrics").status == 200)

        server.stop()
        server.stop()
        #expect(try curl("\(base)/livez").status == 0)
    }

    @Test func addressesThatCannotServeSayWhy() throws {
        let first = try HTTPServer(address: "127.0.0.1:0") { _ in HTTPResponse(status: 200, body: "") }
        let taken = #expect(throws: HTTPServerError.self) {
            _ = try HTTPServer(address: "127.0.0.1:\(first.port)") { _ in HTTPResponse(status: 200, body: "") }
        }
        #expect(taken?.reason == "Address already in use")
        for address in ["8080", "localhost:", "localhost:99999", "localhost:http"] {
            let error = #expect(throws: HTTPServerError.self) {
                _ = try HTTPServer(address: address) { _ in HTTPResponse(status: 200, body: "") }
            }
            #expect(error?.description.contains("expected host:port") == true)
        }
    }

    @Test func serversMayBeLetGo() throws {
        var ports: Set<UInt16> = []
        for _ in 0..<20 {
            let server = try HTTPServer(address: "[::1]:0") { _ in HTTPResponse(status: 200, body: "") }
            ports.insert(server.port)
        }
        #expect(!ports.contains(0))
    }
}
