import Messaging
import Testing

extension ContractCase {
    static let producerCases = [
        ContractCase("records come back as they were written") { fixture in
            let topic = try fixture.topic("a")
            let producer = try fixture.broker.makeProducer()
            defer { producer.close() }
            let all: [UInt8] = Array(0...255)
            let written = [
                OutgoingRecord(topic: topic, partition: 0, key: all, value: all.reversed()),
                OutgoingRecord(topic: topic, partition: 0, key: nil, value: []),
                OutgoingRecord(topic: topic, partition: 0, key: [], value: nil),
                OutgoingRecord(
                    topic: topic, partition: 0, value: [1],
                    headers: [Header("kind", "a"), Header("ü", []), Header("kind", all)]),
            ]
            let positions = try written.map { try producer.produceAndWait($0) }
            #expect(positions == (0..<4).map { Position(topic, 0, offset: $0) })
            var read: [Record] = []
            try fixture.broker.readAll([TopicPartition(topic, 0)]) { read.append($0) }
            #expect(read.map(\.position) == positions)
            #expect(read.map(\.key) == written.map(\.key) && read.map(\.value) == written.map(\.value))
            #expect(read.map(\.headers) == written.map(\.headers))
            #expect(read[3].header("kind") == all && read[3].header("none") == nil)
        },
        ContractCase("keys choose partitions alike everywhere") { fixture in
            let topic = try fixture.topic("a", partitions: 7)
            let producer = try fixture.broker.makeProducer()
            defer { producer.close() }
            for key in ["", "a", "job", "job-1/17", "0123456789abcdef"] {
                let position = try producer.produceAndWait(OutgoingRecord(topic: topic, key: key, text: "x"))
                let expected = Partitioner.partition(forKey: Array(key.utf8), count: 7)
                // Java's clients and librdkafka differ for the empty key, which nobody uses.
                if !key.isEmpty { #expect(position.topicPartition.partition == expected, "\(key)") }
            }
            _ = try producer.produceAndWait(OutgoingRecord(topic: topic, text: "anywhere"))
        },
        ContractCase("places that do not exist are refused") { fixture in
            let topic = try fixture.topic("a")
            let producer = try fixture.broker.makeProducer()
            defer { producer.close() }
            expect(.unknownTopicOrPartition) {
                try producer.produceAndWait(OutgoingRecord(topic: topic, partition: 1, text: "x"))
            }
            expect(.unknownTopicOrPartition) {
                try producer.produceAndWait(OutgoingRecord(topic: fixture.prefix + "none", partition: 0, text: "x"))
            }
            try producer.produceAndWait(OutgoingRecord(topic: topic, partition: 0, text: "still works"))
        },
        ContractCase("oversized records are refused, and the rest goes on") { fixture in
            let small = try fixture.topic("small", maximumMessageBytes: 2000)
            let large = try fixture.topic("large", maximumMessageBytes: 30_000_000)
            var configuration = ProducerConfiguration()
            configuration.maximumMessageBytes = 30_000_000
            let producer = try fixture.broker.makeProducer(configuration)
            let ordinary = try fixture.broker.makeProducer()
            defer {
                producer.close()
                ordinary.close()
            }
            // The value does not compress, whatever the client is set to.
            func random(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: 0...255) } }
            expect(.messageTooLarge) {
                try producer.produceAndWait(OutgoingRecord(topic: small, partition: 0, value: random(4000)))
            }
            expect(.messageTooLarge) {
                try ordinary.produceAndWait(OutgoingRecord(topic: large, partition: 0, value: random(2_000_000)))
            }
            try producer.produceAndWait(OutgoingRecord(topic: small, partition: 0, value: random(1000)))
            let body = random(20_000_000)
            let position = try producer.produceAndWait(OutgoingRecord(topic: large, partition: 0, value: body))
            let reader = try fixture.broker.makeReader()
            defer { reader.close() }
            #expect(try reader.read([position], timeout: .seconds(30))[0].value == body)
        },
        ContractCase("many records at once stay below what a topic takes at once") { fixture in
            let topic = try fixture.topic("a", maximumMessageBytes: 100_000)
            var configuration = ProducerConfiguration()
            configuration.maximumMessageBytes = 99_000
            let producer = try fixture.broker.makeProducer(configuration)
            defer { producer.close() }
            let deliveries = try (0..<40).map { _ in
                let value = (0..<40_000).map { _ in UInt8.random(in: 0...255) }
                return try producer.produce(OutgoingRecord(topic: topic, partition: 0, value: value))
            }
            #expect(try deliveries.map { try $0.wait().offset } == Array(0..<40))
        },
        ContractCase("a full buffer slows the writer and loses nothing") { fixture in
            let topic = try fixture.topic("a")
            var configuration = ProducerConfiguration()
            configuration.bufferBytes = 1 << 20
            let producer = try fixture.broker.makeProducer(configuration)
            defer { producer.close() }
            let value = [UInt8](repeating: 7, count: 50_000)
            let deliveries = try (0..<200).map { _ in
                try producer.produce(OutgoingRecord(topic: topic, partition: 0, value: value))
            }
            try producer.flush(timeout: .seconds(30))
            #expect(try deliveries.map { try #require($0.result).get().offset } == Array(0..<200))
        },
        ContractCase("a closed producer says so") { fixture in
            let topic = try fixture.topic("a")
            let producer = try fixture.broker.makeProducer()
            let delivery = try producer.produce(OutgoingRecord(topic: topic, partition: 0, text: "last"))
            producer.close()
            producer.close()
            #expect(try delivery.wait(timeout: .zero).offset == 0)
            expect(.closed) { try producer.produce(OutgoingRecord(topic: topic, partition: 0, text: "late")) }
        },
    ]
}
