import ClusterKit
import Foundation
import Messaging
import Testing

@Suite("Contract, embedded", .timeLimit(.minutes(10)))
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
