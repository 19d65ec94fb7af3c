import Messaging
import Synchronization
import Testing

/// What the callbacks of a consumer were told.
final class AssignmentLog: Sendable {
    private let entries = Mutex([String]())

    var lines: [String] { entries.withLock { $0 } }

    func attach(to configuration: inout GroupConfiguration) {
        configuration.onAssigned = { [self] partitions in
            entries.withLock { $0.append("+" + partitions.sorted().map { "\($0.partition)" }.joined()) }
            return Dictionary(uniqueKeysWithValues: partitions.map { ($0, .committed) })
        }
        configuration.onRevoked = { [self] partitions, areLost in
            let sign = areLost ? "!" : "-"
            entries.withLock { $0.append(sign + partitions.sorted().map { "\($0.partition)" }.joined()) }
        }
    }
}

extension ContractCase {
    static let groupCases = [
        ContractCase("a group goes on where it committed") { fixture in
            let topic = try fixture.topic("a")
            try fixture.write(topic, ["0", "1", "2", "3"])
            let place = TopicPartition(topic, 0)
            let configuration = fixture.group("g", [topic])
            let first = try fixture.broker.makeGroupConsumer(configuration)
            #expect(try fixture.poll(first, 4).map(\.text) == ["0", "1", "2", "3"])
            #expect(try first.committed([place]).isEmpty)
            try first.commit([place: 2])
            #expect(try first.committed([place]) == [place: 2])
            first.close()
            // What was read and not committed is delivered once more.
            let second = try fixture.broker.makeGroupConsumer(configuration)
            #expect(try fixture.poll(second, 2).map(\.text) == ["2", "3"])
            second.close()
            second.close()
            expect(.closed) { _ = try second.poll(timeout: .seconds(1)) }
            #expect(try fixture.broker.committed(place, group: configuration.group) == 2)
            #expect(try fixture.broker.committed(place, group: fixture.prefix + "other") == nil)
        },
        ContractCase("members share partitions, and take over from those who leave") { fixture in
            let topic = try fixture.topic("a", partitions: 4)
            let (log1, log2) = (AssignmentLog(), AssignmentLog())
            var configuration = fixture.group("g", [topic])
            log1.attach(to: &configuration)
            let first = try fixture.broker.makeGroupConsumer(configuration)
            try fixture.awaitAssignment(first)
            #expect(first.assignment.count == 4)
            log2.attach(to: &configuration)
            let second = try fixture.broker.makeGroupConsumer(configuration)
            let deadline = ContinuousClock.now + .seconds(30)
            while first.assignment.count != 2 || second.assignment.count != 2, ContinuousClock.now < deadline {
                _ = try first.poll(timeout: .milliseconds(50), maximum: 0)
                _ = try second.poll(timeout: .milliseconds(50), maximum: 0)
            }
            #expect(Set(first.assignment + second.assignment).count == 4)
            second.close()
            while first.assignment.count != 4, ContinuousClock.now < deadline {
                _ = try first.poll(timeout: .milliseconds(50), maximum: 0)
            }
            #expect(first.assignment.count == 4)
            first.close()
            #expect(log1.lines.first == "+0123" && log1.lines[1] == "-0123" && log1.lines.last == "-0123")
            #expect(log1.lines.filter { $0 == "+01" || $0 == "+23" }.count == 1, "\(log1.lines)")
            #expect(log2.lines.last == "-01" || log2.lines.last == "-23", "\(log2.lines)")
        },
        ContractCase("input and state are assigned together") { fixture in
            let input = try fixture.topic("input", partitions: 2)
            let state = try fixture.topic("state", partitions: 2, cleanup: .compact)
            let broker = fixture.broker
            let producer = try broker.makeProducer()
            defer { producer.close() }
            for partition: Int32 in 0...1 {
                try producer.produceAndWait(
                    OutgoingRecord(topic: state, partition: partition, key: "k", text: "s\(partition)"))
                try producer.produceAndWait(OutgoingRecord(topic: input, partition: partition, text: "i\(partition)"))
            }
            let restored = Mutex([String]())
            var configuration = fixture.group("g", [input])
            configuration.onAssigned = { partitions in
                let states = partitions.map { TopicPartition(state, $0.partition) }
                let ends = try broker.readAll(states) { record in restored.withLock { $0.append(record.text) } }
                var starts = ends.mapValues { StartingOffset.offset($0) }
                for partition in partitions { starts[partition] = .committed }
                return starts
            }
            let consumer = try broker.makeGroupConsumer(configuration)
            defer { consumer.close() }
            #expect(try Set(fixture.poll(consumer, 2).map(\.text)) == ["i0", "i1"])
            #expect(restored.withLock { Set($0) } == ["s0", "s1"])
            #expect(consumer.assignment.count == 4)
            try producer.produceAndWait(OutgoingRecord(topic: state, partition: 1, key: "k", text: "s1 again"))
            #expect(try fixture.poll(consumer, 1).map(\.text) == ["s1 again"])
        },
        ContractCase("an error of the callback comes out of poll") { fixture in
            struct Refusal: Error {}
            let topic = try fixture.topic("a")
            var configuration = fixture.group("g", [topic])
            configuration.onAssigned = { _ in throw Refusal() }
            let consumer = try fixture.broker.makeGroupConsumer(configuration)
            defer { consumer.close() }
            #expect(throws: Refusal.self) {
                for _ in 0..<100 { _ = try consumer.poll(timeout: .milliseconds(200)) }
            }
            #expect(consumer.assignment.isEmpty)
        },
        ContractCase("paused partitions wait and lose nothing") { fixture in
            let topic = try fixture.topic("a", partitions: 2)
            let consumer = try fixture.broker.makeGroupConsumer(fixture.group("g", [topic]))
            defer { consumer.close() }
            try fixture.awaitAssignment(consumer)
            consumer.pause([TopicPartition(topic, 0)])
            try fixture.write(topic, ["0", "1"])
            let producer = try fixture.broker.makeProducer()
            defer { producer.close() }
            try producer.produceAndWait(OutgoingRecord(topic: topic, partition: 1, text: "other"))
            #expect(try fixture.poll(consumer, 1).map(\.text) == ["other"])
            #expect(try consumer.poll(timeout: .milliseconds(500)).isEmpty)
            consumer.resume([TopicPartition(topic, 0)])
            #expect(try fixture.poll(consumer, 2).map(\.text) == ["0", "1"])
            try consumer.seek(TopicPartition(topic, 0), to: .offset(1))
            #expect(try fixture.poll(consumer, 1).map(\.text) == ["1"])
            try consumer.seek(TopicPartition(topic, 0), to: .beginning)
            #expect(try fixture.poll(consumer, 2).map(\.text) == ["0", "1"])
            expect(.invalidArgument) { try consumer.seek(TopicPartition(topic, 2), to: .offset(0)) }
        },
        ContractCase("a group that begins at the end skips what was there") { fixture in
            let topic = try fixture.topic("a")
            try fixture.write(topic, ["old"])
            var configuration = fixture.group("g", [topic])
            configuration.whenNothingCommitted = .end
            let consumer = try fixture.broker.makeGroupConsumer(configuration)
            defer { consumer.close() }
            try fixture.awaitAssignment(consumer)
            #expect(try consumer.poll(timeout: .milliseconds(700)).isEmpty)
            try fixture.write(topic, ["new"])
            #expect(try fixture.poll(consumer, 1).map(\.text) == ["new"])
        },
        ContractCase("topics of a pattern are read, also those made later") { fixture in
            let first = try fixture.topic("lane.a")
            _ = try fixture.topic("else")
            var configuration = fixture.group("g", [])
            configuration.topics = [.prefixed(fixture.prefix + "lane.")]
            let consumer = try fixture.broker.makeGroupConsumer(configuration)
            defer { consumer.close() }
            try fixture.write(first, ["1"])
            #expect(try fixture.poll(consumer, 1).map(\.text) == ["1"])
            try consumer.commit([TopicPartition(first, 0): 1])
            let second = try fixture.topic("lane.b")
            try fixture.write(second, ["2"])
            #expect(try fixture.poll(consumer, 1).map(\.text) == ["2"])
            #expect(consumer.assignment.map(\.topic) == [first, second])
        },
        ContractCase("a member that does not poll loses its partitions") { fixture in
            let topic = try fixture.topic("a")
            let log = AssignmentLog()
            var configuration = fixture.group("g", [topic])
            configuration.maximumPollInterval = .seconds(2)
            log.attach(to: &configuration)
            let zombie = try fixture.broker.makeGroupConsumer(configuration)
            defer { zombie.close() }
            try fixture.awaitAssignment(zombie)
            let heir = try fixture.broker.makeGroupConsumer(configuration)
            defer { heir.close() }
            try fixture.awaitAssignment(heir)
            expect(.generationLost) { try zombie.commit([TopicPartition(topic, 0): 0]) }
            _ = try zombie.poll(timeout: .milliseconds(500))
            #expect(log.lines.contains("!0"), "\(log.lines)")
        },
    ]
}
