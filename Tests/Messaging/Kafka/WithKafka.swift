import ClusterKit
import Testing

/// Runs a suite with one broker for all its tests.
struct WithKafka: SuiteTrait, TestScoping {
    @TaskLocal static var server: KafkaServer?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let server = try KafkaServer()
        try await Self.$server.withValue(server) { try await function() }
    }
}
