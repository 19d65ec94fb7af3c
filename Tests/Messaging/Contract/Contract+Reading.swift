import Messaging
import Testing

extension ContractCase {
    static let readerCases = [
        ContractCase("a tail begins at the end, or where it is told") { fixture in
            let topic = try fixture.topic("a", partitions: 2)
            try fixture.write(topic, ["0", "1", "2"])
            let reader = try fixture.broker.makeReader()
            defer { reader.close() }
            try reader.assign([TopicPartition(topic, 0): .end, TopicPartition(topic, 1): .end])
            #expect(try reader.poll(timeout: .milliseconds(700)).isEmpty)
            try fixture.write(topic, ["3", "4"])
            #expect(try fixture.poll(reader, 2).map(\.text) == ["3", "4"])
            try reader.assign([TopicPartition(topic, 0): .offset(1)])
            #expect(try fixture.poll(reader, 4).map(\.text) == ["1", "2", "3", "4"])
            try reader.assign([TopicPartition(topic, 0): .beginning])
            #expect(try fixture.poll(reader, 5).map(\.text) == ["0", "1", "2", "3", "4"])
            try reader.assign([:])
            try fixture.write(topic, ["5"])
            #expect(try reader.poll(timeout: .milliseconds(300)).isEmpty)
        },
        ContractCase("the maximum of a poll holds, and the rest comes later") { fixture in
            let topic = try fixture.topic("a")
            try fixture.write(topic, (0..<20).map(String.init))
            let reader = try fixture.broker.makeReader()
            defer { reader.close() }
            try reader.assign([TopicPartition(topic, 0): .beginning])
            var texts: [String] = []
            while texts.count < 20 {
                let records = try reader.poll(timeout: .seconds(5), maximum: 3)
                try #require((1...3).contains(records.count))
                texts += records.map(\.text)
            }
            #expect(texts == (0..<20).map(String.init))
        },
        ContractCase("parts of bodies are read by position, in the order asked for") { fixture in
            let first = try fixture.topic("a", partitions: 2)
            let second = try fixture.topic("b")
            let positions = try fixture.write(first, (0..<10).map { "a\($0)" })
            let others = try fixture.write(second, (0..<3).map { "b\($0)" })
            var configuration = ReaderConfiguration()
            configuration.purpose = .bodies
            let reader = try fixture.broker.makeReader(configuration)
            defer { reader.close() }
            let wanted = [positions[2], positions[3], positions[7], others[1], positions[0], positions[9]]
            let read = try reader.read(wanted, timeout: .seconds(30))
            #expect(read.map(\.position) == wanted && read.map(\.text) == ["a2", "a3", "a7", "b1", "a0", "a9"])
        },
        ContractCase("positions without a record are told apart") { fixture in
            let topic = try fixture.topic("a")
            try fixture.write(topic, ["0", "1", "2"])
            try fixture.broker.deleteRecords(below: [TopicPartition(topic, 0): 2])
            let reader = try fixture.broker.makeReader()
            defer { reader.close() }
            expect(.offsetOutOfRange) { _ = try reader.read([Position(topic, 0, offset: 1)], timeout: .seconds(10)) }
            expect(.timedOut) { _ = try reader.read([Position(topic, 0, offset: 3)], timeout: .milliseconds(500)) }
            #expect(try reader.read([Position(topic, 0, offset: 2)], timeout: .seconds(10)).map(\.text) == ["2"])
            try reader.assign([TopicPartition(topic, 0): .offset(0)])
            expect(.offsetOutOfRange) {
                for _ in 0..<20 { _ = try reader.poll(timeout: .milliseconds(500)) }
            }
            var configuration = ReaderConfiguration()
            configuration.whenOutOfRange = .beginning
            let patient = try fixture.broker.makeReader(configuration)
            defer { patient.close() }
            try patient.assign([TopicPartition(topic, 0): .offset(0)])
            #expect(try fixture.poll(patient, 1).map(\.text) == ["2"])
        },
        ContractCase("state is read to its end") { fixture in
            let topic = try fixture.topic("state", partitions: 3, cleanup: .compact)
            let producer = try fixture.broker.makeProducer()
            defer { producer.close() }
            var expected: [String: String] = [:]
            for index in 0..<60 {
                let (key, text) = ("k\(index % 7)", "v\(index)")
                try producer.produce(OutgoingRecord(topic: topic, key: key, text: text))
                expected[key] = text
            }
            try producer.produceAndWait(OutgoingRecord(topic: topic, key: Array("k3".utf8), value: nil))
            expected["k3"] = nil
            try producer.flush(timeout: .seconds(10))
            var state: [String: String] = [:]
            let partitions = (0..<3).map { TopicPartition(topic, $0) }
            let ends = try fixture.broker.readAll(partitions) { record in
                state[String(decoding: record.key ?? [], as: UTF8.self)] = record.value.map { _ in record.text }
            }
            #expect(state == expected)
            for partition in partitions { #expect(try fixture.broker.watermarks(partition).high == ends[partition]) }
            expect(.invalidArgument) {
                try producer.produceAndWait(OutgoingRecord(topic: topic, partition: 0, text: "without key"))
            }
        },
        ContractCase("a closed reader says so") { fixture in
            let reader = try fixture.broker.makeReader()
            reader.close()
            reader.close()
            expect(.closed) { _ = try reader.poll(timeout: .seconds(1)) }
        },
    ]
}
