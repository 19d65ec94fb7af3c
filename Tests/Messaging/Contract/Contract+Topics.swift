import Messaging
import Testing

extension ContractCase {
    static let topicCases = [
        ContractCase("topics are made once and listed") { fixture in
            let broker = fixture.broker
            let settings = TopicSettings(
                name: fixture.prefix + "b", partitions: 3, cleanup: .compactAndDelete, retention: .seconds(3600),
                retentionBytes: 1 << 30, maximumMessageBytes: 2_000_000, compactionLag: .seconds(60))
            let other = TopicSettings(name: fixture.prefix + "a")
            let made = try broker.createTopics([settings, other])
            #expect(Set(made) == [settings.name, other.name])
            #expect(try broker.createTopics([settings]).isEmpty)
            #expect(
                try broker.topics(.prefixed(fixture.prefix)) == [
                    TopicDescription(name: other.name, partitions: 1),
                    TopicDescription(name: settings.name, partitions: 3),
                ])
            #expect(try broker.topics(.named(other.name)).map(\.name) == [other.name])
            #expect(try broker.topics(.named(fixture.prefix + "c")).isEmpty)
            #expect(try broker.topics(.prefixed("__")).isEmpty)
        },
        ContractCase("topics that cannot be are refused") { fixture in
            expect(.invalidArgument) { try fixture.broker.createTopics([TopicSettings(name: "no/slash")]) }
            expect(.invalidArgument) {
                try fixture.broker.createTopics([TopicSettings(name: fixture.prefix + "a", partitions: 0)])
            }
        },
        ContractCase("topics are deleted with what is in them") { fixture in
            let topic = try fixture.topic("a")
            try fixture.write(topic, ["1"])
            try fixture.broker.deleteTopics([topic, fixture.prefix + "never made"])
            #expect(try fixture.broker.topics(.named(topic)).isEmpty)
            expect(.unknownTopicOrPartition) { _ = try fixture.broker.watermarks(TopicPartition(topic, 0)) }
        },
        ContractCase("watermarks move with writes and deletions") { fixture in
            let place = TopicPartition(try fixture.topic("a"), 0)
            let broker = fixture.broker
            #expect(try broker.watermarks(place) == Watermarks(low: 0, high: 0))
            try fixture.write(place.topic, ["0", "1", "2", "3"])
            #expect(try broker.watermarks(place) == Watermarks(low: 0, high: 4))
            #expect(try broker.deleteRecords(below: [place: 3]) == [place: 3])
            #expect(try broker.watermarks(place) == Watermarks(low: 3, high: 4))
            #expect(try fixture.texts(place.topic) == ["3"])
            #expect(try broker.deleteRecords(below: [place: 1]) == [place: 3])
            #expect(try broker.deleteRecords(below: [place: 99]) == [place: 4])
            #expect(try fixture.texts(place.topic).isEmpty)
            try fixture.write(place.topic, ["4"])
            #expect(try fixture.texts(place.topic) == ["4"])
            expect(.unknownTopicOrPartition) { _ = try broker.watermarks(TopicPartition(place.topic, 1)) }
            expect(.unknownTopicOrPartition) { try broker.deleteRecords(below: [TopicPartition(place.topic, 1): 0]) }
        },
    ]
}
