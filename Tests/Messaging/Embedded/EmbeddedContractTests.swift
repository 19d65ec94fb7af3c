import Foundation
import Messaging
import Testing

@Suite("Contract, embedded", .timeLimit(.minutes(2)))
struct EmbeddedContractTests {
    @Test(arguments: ContractCase.all)
    func holdsInMemory(_ promise: ContractCase) throws {
        let broker = try EmbeddedBroker(.memory)
        defer { broker.close() }
        try promise.check(BrokerFixture(broker))
    }

    @Test(arguments: ContractCase.all)
    func holdsInAFile(_ promise: ContractCase) throws {
        let directory = try TemporaryDirectory()
        let broker = try EmbeddedBroker(.file(directory.path("broker.db")))
        defer { broker.close() }
        try promise.check(BrokerFixture(broker))
    }
}

/// A folder that goes when this value goes.
final class TemporaryDirectory: Sendable {
    let root: String

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "sheaf-\(UUID())").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    func path(_ name: String) -> String { "\(root)/\(name)" }
}
