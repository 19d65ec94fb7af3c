import ClusterKit
import Foundation
import Pipeline
import Testing

extension ClusterTests {
    /// Lanes of strangers, most of them malicious.
    @Suite(.serialized, .timeLimit(.minutes(10))) struct Lanes {
        @Test func oneHonestLaneOfFiveCarriesTheJob() throws {
            let lanes = ["honest", "silent", "slow", "random", "other"]
            let elf = JobGuests.sum(segments: heavy ? 60 : 20), expected = try ExpectedRun(elf)
            try withCluster(lanes: lanes) { cluster in
                for lane in lanes {
                    let seconds = lane == "slow" ? "600" : "0.2"
                    for node in ["n1", "n2"] {
                        try cluster.startSaboteur(node, lane: lane, lane, ["--seconds", seconds])
                    }
                }
                try cluster.submit("job", elf, redundancy: 5)
                var winners: Set<String> = []
                let complaints = try cluster.complaints(of: "job", expected, within: 240) { evidence in
                    print(evidence.line)
                    winners = Set(evidence.settlements.compactMap { $0.0.lane?.text })
                }
                #expect(complaints.isEmpty)
                // `other` proves the first segment that each of its nodes is given, and that one is right.
                #expect(winners.isSubset(of: ["honest", "other"]))
                let credits = try cluster.credits()
                print("credit", credits)
                #expect(try #require(credits["honest"]) > LaneCredit.start)
                for lane in ["random", "other"] {
                    #expect(try #require(credits[lane]) < LaneCredit.start - 10, "\(lane) is charged")
                }
                for lane in ["silent", "slow"] {
                    #expect(credits[lane] ?? LaneCredit.start <= LaneCredit.start, "\(lane) earns nothing")
                }
            }
        }

        /// A node whose memory flips bits costs its lane something, and is left out; the others carry on.
        @Test func someProversOfALaneAreInvalid() throws {
            let elf = JobGuests.sum(segments: heavy ? 60 : 20), expected = try ExpectedRun(elf)
            try withCluster { cluster in
                for (node, habit) in [("n1", "honest"), ("n2", "flipped"), ("n3", "honest"), ("n4", "flipped")] {
                    try cluster.startSaboteur(node, habit)
                }
                try cluster.submit("job", elf)
                var winners: Set<String> = []
                let complaints = try cluster.complaints(of: "job", expected, within: 120) { evidence in
                    print(evidence.line)
                    winners = Set(evidence.settlements.compactMap { $0.0.node })
                    #expect(evidence.count(.replayed) >= 2)
                }
                #expect(complaints.isEmpty)
                #expect(winners == ["n1", "n3"])
                #expect(try #require(try cluster.credits()["home"]) >= 1)
            }
        }
    }
}
