import Messaging
import Testing

/// A consumer of one input topic with its transactional producer.
struct Processor {
    let consumer: any GroupConsumer
    let producer: any TransactionalProducer

    init(
        _ fixture: BrokerFixture, _ input: String, id: String = "p", timeout: Duration = .seconds(10),
        maximumPollInterval: Duration = .seconds(300)
    ) throws {
        var group = fixture.group("g", [input])
        group.maximumPollInterval = maximumPollInterval
        consumer = try fixture.broker.makeGroupConsumer(group)
        var configuration = TransactionalConfiguration(transactionalID: fixture.prefix + id)
        configuration.timeout = timeout
        producer = try fixture.broker.makeTransactionalProducer(configuration, for: consumer)
    }

    func close() {
        producer.close()
        consumer.close()
    }
}

struct Mishap: Error {}

extension ContractCase {
    static let transactionCases = [
        ContractCase("records and offsets are committed as one") { fixture in
            let input = try fixture.topic("input")
            let (a, b) = (try fixture.topic("a"), try fixture.topic("b", partitions: 3))
            try fixture.write(input, ["0", "1", "2"])
            let processor = try Processor(fixture, input)
            defer { processor.close() }
            let records = try fixture.poll(processor.consumer, 3)
            let positions = try processor.producer.transact { transaction in
                let body = try transaction.produce(OutgoingRecord(topic: a, partition: 0, text: "body")).wait()
                // What names the body can say where it is, before either is committed.
                let name = try transaction.produce(OutgoingRecord(topic: b, partition: 2, text: "\(body.offset)"))
                transaction.setConsumed(records[0])
                transaction.setConsumed(records[1])
                return [body, try name.wait()]
            }
            #expect(try fixture.texts(a) == ["body"] && fixture.texts(b, 2) == ["\(positions[0].offset)"])
            let place = TopicPartition(input, 0)
            #expect(try processor.consumer.committed([place]) == [place: 2])
            let reader = try fixture.broker.makeReader()
            defer { reader.close() }
            #expect(try reader.read(positions, timeout: .seconds(10)).map(\.position) == positions)
        },
        ContractCase("what is rolled back is never read") { fixture in
            let (input, output) = (try fixture.topic("input"), try fixture.topic("output"))
            try fixture.write(input, ["0"])
            let processor = try Processor(fixture, input)
            defer { processor.close() }
            let records = try fixture.poll(processor.consumer, 1)
            var aborted: Position?
            do {
                try processor.producer.transact { transaction in
                    transaction.setConsumed(records[0])
                    aborted = try transaction.produce(OutgoingRecord(topic: output, partition: 0, text: "no")).wait()
                    throw Mishap()
                }
                Issue.record("the mishap was lost")
            } catch is Mishap {}
            let place = TopicPartition(input, 0)
            #expect(try processor.consumer.committed([place]).isEmpty)
            try fixture.write(output, ["after"])
            #expect(try fixture.texts(output) == ["after"])
            let reader = try fixture.broker.makeReader()
            defer { reader.close() }
            let position = try #require(aborted)
            expect(.recordNotFound) { _ = try reader.read([position], timeout: .seconds(10)) }
            try processor.producer.transact { $0.produce(yes: output) }
            #expect(try fixture.texts(output) == ["after", "yes"])
        },
        ContractCase("open transactions hide what follows until they are decided") { fixture in
            let (input, output) = (try fixture.topic("input"), try fixture.topic("output"))
            try fixture.write(input, ["0"])
            let processor = try Processor(fixture, input)
            defer { processor.close() }
            try fixture.awaitAssignment(processor.consumer)
            let reader = try fixture.broker.makeReader()
            defer { reader.close() }
            try reader.assign([TopicPartition(output, 0): .end])
            _ = try reader.poll(timeout: .milliseconds(200))
            try processor.producer.transact { transaction in
                try transaction.produce(OutgoingRecord(topic: output, partition: 0, text: "first")).wait()
                try fixture.write(output, ["second"])
                #expect(try reader.poll(timeout: .milliseconds(500)).isEmpty)
                #expect(try fixture.broker.watermarks(TopicPartition(output, 0)).high == 2)
                let impatient = try fixture.broker.makeReader()
                defer { impatient.close() }
                try impatient.assign([TopicPartition(output, 0): .beginning])
                expect(.timedOut) { _ = try impatient.readToEnd(timeout: .milliseconds(500)) { _ in } }
            }
            #expect(try fixture.poll(reader, 2).map(\.text) == ["first", "second"])
        },
        ContractCase("transactions without news repeat their offsets") { fixture in
            let (input, output) = (try fixture.topic("input"), try fixture.topic("output"))
            try fixture.write(input, ["0", "1"])
            let place = TopicPartition(input, 0)
            let processor = try Processor(fixture, input)
            expect(.generationLost) { try processor.producer.transact { $0.produce(yes: output) } }
            let records = try fixture.poll(processor.consumer, 2)
            try processor.producer.transact { $0.produce(yes: output) }
            #expect(try processor.consumer.committed([place]) == [place: 0])
            try processor.producer.transact { $0.setConsumed(records[0]) }
            try processor.producer.transact { $0.produce(yes: output) }
            #expect(try processor.consumer.committed([place]) == [place: 1])
            processor.close()
            processor.close()
            expect(.closed) { try processor.producer.transact { $0.produce(yes: output) } }
            let next = try Processor(fixture, input)
            defer { next.close() }
            #expect(try fixture.poll(next.consumer, 1).map(\.text) == ["1"])
            try next.producer.transact { $0.produce(yes: output) }
            #expect(try next.consumer.committed([place]) == [place: 1])
            #expect(try fixture.texts(output) == ["yes", "yes", "yes"])
        },
        ContractCase("a record that fails fails its transaction") { fixture in
            let (input, output) = (try fixture.topic("input"), try fixture.topic("output", maximumMessageBytes: 2000))
            try fixture.write(input, ["0"])
            let processor = try Processor(fixture, input)
            defer { processor.close() }
            try fixture.awaitAssignment(processor.consumer)
            #expect(throws: BrokerError.self) {
                try processor.producer.transact { transaction in
                    transaction.produce(yes: output)
                    let large = (0..<4000).map { _ in UInt8.random(in: 0...255) }
                    try transaction.produce(OutgoingRecord(topic: output, partition: 0, value: large))
                }
            }
            // The producer may be of no more use after that; it says so, and a new one is.
            do {
                try processor.producer.transact { $0.produce(yes: output) }
            } catch let error as BrokerError where error.remedy == .reopen {
                processor.producer.close()
                let configuration = TransactionalConfiguration(transactionalID: fixture.prefix + "p")
                let renewed = try fixture.broker.makeTransactionalProducer(configuration, for: processor.consumer)
                defer { renewed.close() }
                try renewed.transact { $0.produce(yes: output) }
            }
            #expect(try fixture.texts(output) == ["yes"])
        },
        ContractCase("one transaction at a time") { fixture in
            let (input, output) = (try fixture.topic("input"), try fixture.topic("output"))
            let processor = try Processor(fixture, input)
            defer { processor.close() }
            try fixture.awaitAssignment(processor.consumer)
            try processor.producer.transact { transaction in
                transaction.produce(yes: output)
                expect(.invalidArgument) { try processor.producer.transact { $0.produce(yes: output) } }
            }
            #expect(try fixture.texts(output) == ["yes"])
        },
    ]

    static let fencingCases = [
        ContractCase("a zombie that lost its partitions commits nothing") { fixture in
            let (input, output) = (try fixture.topic("input"), try fixture.topic("output"))
            try fixture.write(input, ["0"])
            let zombie = try Processor(fixture, input, id: "1", maximumPollInterval: .seconds(2))
            defer { zombie.close() }
            let records = try fixture.poll(zombie.consumer, 1)
            let heir = try Processor(fixture, input, id: "2", maximumPollInterval: .seconds(60))
            defer { heir.close() }
            expect(.generationLost) {
                // In the middle of its transaction the zombie stands still, longer than the group waits for it.
                try zombie.producer.transact { transaction in
                    transaction.setConsumed(records[0])
                    let again = try fixture.poll(heir.consumer, 1)
                    #expect(again.map(\.text) == ["0"])
                    try heir.producer.transact { transaction in
                        transaction.produce(yes: output)
                        transaction.setConsumed(again[0])
                    }
                    transaction.produce(yes: output)
                }
            }
            expect(.generationLost) { try zombie.producer.transact { $0.produce(yes: output) } }
            #expect(try fixture.texts(output) == ["yes"])
            #expect(try fixture.broker.committed(TopicPartition(input, 0), group: fixture.prefix + "g") == 1)
        },
        ContractCase("a newer producer of the same id ends the one before") { fixture in
            let (input, output) = (try fixture.topic("input", partitions: 2), try fixture.topic("output"))
            let old = try Processor(fixture, input)
            defer { old.close() }
            try fixture.awaitAssignment(old.consumer)
            let outcome = Result {
                try old.producer.transact { transaction in
                    try transaction.produce(OutgoingRecord(topic: output, partition: 0, text: "old")).wait()
                    var configuration = TransactionalConfiguration(transactionalID: fixture.prefix + "p")
                    configuration.timeout = .seconds(10)
                    let new = try fixture.broker.makeTransactionalProducer(configuration, for: old.consumer)
                    defer { new.close() }
                    try new.transact { $0.produce(yes: output) }
                }
            }
            expect(.fenced) { try outcome.get() }
            expect(.fenced) { try old.producer.transact { $0.produce(yes: output) } }
            #expect(try fixture.texts(output) == ["yes"])
        },
        ContractCase("a transaction that takes too long is rolled back") { fixture in
            let (input, output) = (try fixture.topic("input"), try fixture.topic("output"))
            let slow = try Processor(fixture, input, timeout: .seconds(1))
            defer { slow.close() }
            try fixture.awaitAssignment(slow.consumer)
            #expect(throws: BrokerError.self) {
                try slow.producer.transact { transaction in
                    try transaction.produce(OutgoingRecord(topic: output, partition: 0, text: "slow")).wait()
                    try fixture.write(output, ["hidden"])
                    // Reading waits until the broker has ended the transaction.
                    #expect(try fixture.texts(output) == ["hidden"])
                }
            }
            #expect(try fixture.texts(output) == ["hidden"])
        },
    ]
}

extension Transaction {
    /// Writes `yes`.
    func produce(yes topic: String) {
        do {
            try produce(OutgoingRecord(topic: topic, partition: 0, text: "yes"))
        } catch {
            // The commit fails as well, and the test says how.
        }
    }
}
