import ClusterKit
import Foundation
import Testing

/// `SHEAF_HEAVY=1`: many moments instead of one or two.
let heavy = ProcessInfo.processInfo.environment["SHEAF_HEAVY"] == "1"

/// All suites against a real broker, one after the other: they share two cores and say how long things take.
@Suite(
    "Cluster", .serialized,
    .enabled(if: KafkaServer.isAvailable, "no SHEAF_TEST_BROKERS and no ../shared/kafka with Java"))
struct ClusterTests {}

/// One broker for all tests that leave it alone; it ends with this process.
private let shared = Result { try KafkaServer() }

/// Five services over a real broker, for the length of `body`.
func withCluster(
    _ server: KafkaServer? = nil, lanes: [String] = ["home"], _ body: (Cluster) throws -> Void
) throws {
    let cluster = try Cluster(try server ?? shared.get(), lanes: lanes)
    defer { cluster.close() }
    try cluster.startServices()
    try body(cluster)
}

/// Moments and victims of a test, from a printed seed, which SHEAF_TEST_SEED repeats.
func seeded(_ name: String) -> SeededMoments {
    let given = ProcessInfo.processInfo.environment["SHEAF_TEST_SEED"].flatMap { UInt64($0) }
    let seed = given ?? UInt64.random(in: 0..<1 << 32)
    print("\(name): SHEAF_TEST_SEED=\(seed)")
    return SeededMoments(seed)
}
