import Foundation
import Pipeline
import Testing

private let heavy = ProcessInfo.processInfo.environment["SHEAF_HEAVY"] == "1"

/// The dispatcher in a simulated fleet: what must come out, whatever its nodes do.
@Suite struct SimulationTests {
    func expectAllProved(_ fleet: Fleet, _ jobs: [String: Int]) {
        for (job, segments) in jobs {
            for index in 0..<segments {
                #expect(fleet.settlements[TaskID(job: job, index: index)]?.receipt != nil, "\(job)/\(index)")
            }
        }
        #expect(fleet.settledTwice == 0)
    }

    @Test func sixtyFourEqualProversAreFullyUsed() {
        var fleet = Fleet(nodes: provers(64, of: "a"))
        fleet.submit("job", segments: 1000)
        fleet.run()
        expectAllProved(fleet, ["job": 1000])
        let speedup = 1000 / fleet.now
        #expect(speedup >= 55, "1,000 segments on 64 equal provers: \(speedup) times one")
    }

    @Test func proversOfSpeedsOneToTwoAreFullyUsed() {
        var nodes = provers(64, of: "a")
        for index in nodes.indices { nodes[index].seconds = 1 / (1 + Double(index) / 63) }
        let ideal = 1000 / nodes.reduce(0) { $0 + 1 / $1.seconds }
        var fleet = Fleet(nodes: nodes)
        fleet.submit("job", segments: 1000)
        fleet.run()
        expectAllProved(fleet, ["job": 1000])
        #expect(ideal / fleet.now >= 0.95, "\(ideal / fleet.now) of the ideal")
    }

    /// The last tasks go to those that are done with them first, whatever their names and however far apart their speeds.
    @Test(arguments: [3, 10, 64]) func theLastTasksGoToTheFast(times slower: Int) {
        var nodes = provers(2, of: "fast") + provers(2, of: "a", seconds: Double(slower))
        nodes.append(contentsOf: provers(1, of: "z", seconds: Double(slower)))
        var fleet = Fleet(nodes: nodes)
        fleet.submit("first", segments: 400)  // all are known by now
        fleet.run()
        let start = fleet.now
        fleet.submit("second", segments: 4)
        fleet.run()
        expectAllProved(fleet, ["first": 400, "second": 4])
        #expect(fleet.now - start < 2.5, "two fast nodes need 2 s; it took \(fleet.now - start)")
    }

    /// What is left to a fast node is done by a slow one when the fast one falls silent, or stays on one task.
    @Test(arguments: [Fleet.Character.vanishing, .idle]) func whatIsLeftToTheFastIsNotLost(becomes: Fleet.Character) {
        var fleet = Fleet(nodes: provers(2, of: "fast") + provers(1, of: "slow", seconds: 4))
        fleet.submit("first", segments: 60)
        fleet.run()
        for index in 0..<2 { fleet.nodes[index].character = becomes }
        let start = fleet.now
        fleet.submit("second", segments: 6, redundancy: 2)
        fleet.run(until: start + 2000)
        expectAllProved(fleet, ["first": 60, "second": 6])
        #expect(fleet.now - start < 120, "the slow node alone needs 24 s; it took \(fleet.now - start)")
    }

    /// The seed's 1:4: one honest owner in five carries the job, with redundancy five.
    @Test(arguments: [Fleet.Character.idle, .vanishing, .rubbish, .slow(50)])
    func oneHonestLaneInFiveIsEnough(bad: Fleet.Character) {
        var settings = Dispatcher.Settings()
        settings.unknownAllowance = 20
        let nodes = provers(4, of: "honest") + (0..<4).flatMap { provers(4, of: "bad\($0)", character: bad) }
        var fleet = Fleet(nodes: nodes, settings: settings)
        fleet.submit("job", segments: 60, redundancy: 5)
        fleet.run(until: 5000)
        expectAllProved(fleet, ["job": 60])
    }

    @Test func fourKindsOfMaliceAtOnce() {
        var settings = Dispatcher.Settings()
        settings.unknownAllowance = 20
        var fleet = Fleet(
            nodes: provers(2, of: "honest") + provers(2, of: "idle", character: .idle)
                + provers(2, of: "gone", character: .vanishing)
                + provers(2, of: "rubbish", character: .rubbish) + provers(2, of: "slow", character: .slow(100)),
            settings: settings)
        fleet.submit("job", segments: 100, redundancy: 5)
        fleet.run(until: 5000)
        expectAllProved(fleet, ["job": 100])
        #expect(fleet.settlements.values.allSatisfy { $0.lane == lane("honest") || $0.lane == lane("slow") })
    }

    @Test func redundancyCostsLittleWhileThereIsABacklog() {
        func work(redundancy: Int) -> Double {
            var fleet = Fleet(nodes: (0..<5).flatMap { provers(2, of: "lane\($0)") })
            for job in 0..<4 { fleet.submit("job\(job)", segments: 100, redundancy: redundancy) }
            fleet.run()
            return fleet.work
        }
        let ratio = work(redundancy: 5) / work(redundancy: 1)
        #expect(ratio <= 1.1, "\(ratio) times the work")
    }

    @Test func aStragglerIsRacedByAnotherLane() {
        var nodes = provers(3, of: "fast") + provers(1, of: "straggler")
        nodes[3].seconds = 500
        var fleet = Fleet(nodes: nodes)
        fleet.submit("job", segments: 12, redundancy: 2)
        fleet.run()
        expectAllProved(fleet, ["job": 12])
        #expect(fleet.now < 60, "the straggler alone would need 500 s; it took \(fleet.now)")
    }

    @Test func smallJobsDoNotStarveBesideALargeOne() {
        var fleet = Fleet(nodes: provers(10, of: "a"))
        fleet.submit("large", segments: 300)
        for job in 0..<100 { fleet.submit("small\(job)", segments: 1) }
        fleet.run()
        let small = (0..<100).compactMap { fleet.finishedAt["small\($0)"] }
        #expect(small.count == 100)
        let lastSmall = small.max() ?? .infinity
        let large = fleet.finishedAt["large"] ?? 0
        #expect(lastSmall < 0.8 * large)
    }

    @Test func higherPriorityGoesFirst() {
        var fleet = Fleet(nodes: provers(4, of: "a"))
        fleet.submit("low", segments: 40, priority: 1)
        fleet.submit("high", segments: 40, priority: 8)
        fleet.run()
        let high = fleet.finishedAt["high"] ?? .infinity
        let low = fleet.finishedAt["low"] ?? 0
        #expect(high < 16)
        #expect(low > high)
    }

    @Test func aNodeThatJoinsInTheMiddleWorksWithinTwoSeconds() {
        var nodes = provers(2, of: "a")
        nodes[1].joins = 20
        var fleet = Fleet(nodes: nodes)
        fleet.submit("job", segments: 60)
        fleet.run()
        let first = fleet.events.first { $0.what == .proving && $0.node == "a-1" }
        #expect((first?.time ?? .infinity) < 22)
        #expect(fleet.now < 42)
    }

    /// The state comes back from the topics: nothing settled is proved again, what ran is not sent twice.
    @Test(arguments: [2, 5, 9, 14]) func aDispatcherIsReplacedInMidJob(killedAt: Int) {
        var fleet = Fleet(nodes: provers(4, of: "a") + provers(4, of: "b"))
        fleet.submit("job", segments: 100, redundancy: 2)
        fleet.run(until: Double(killedAt))
        let before = fleet.settlements.count
        fleet.restart(after: 3)
        fleet.run()
        expectAllProved(fleet, ["job": 100])
        #expect(before > 0)
        let proved = fleet.events.filter { $0.what == .verified }.count
        #expect(proved == 100, "each verified once: \(proved)")
    }

    @Test func randomFleetsAlwaysEnd() {
        let rounds = heavy ? 400 : 30
        for seed in 1...UInt64(rounds) {
            var random = SeededGenerator(state: seed)
            var nodes = provers(
                Int.random(in: 1...4, using: &random), of: "honest", seconds: Double.random(in: 0.2...3, using: &random)
            )
            let characters: [Fleet.Character] = [.honest, .idle, .vanishing, .rubbish, .slow(20)]
            for number in 0..<Int.random(in: 0...6, using: &random) {
                nodes += provers(
                    Int.random(in: 1...3, using: &random), of: "lane\(number)",
                    character: characters.randomElement(using: &random)!)
            }
            var settings = Dispatcher.Settings()
            settings.unknownAllowance = 30
            var fleet = Fleet(nodes: nodes, settings: settings)
            var jobs: [String: Int] = [:]
            for number in 0..<Int.random(in: 1...5, using: &random) {
                let segments = Int.random(in: 1...40, using: &random)
                jobs["job\(number)"] = segments
                fleet.submit("job\(number)", segments: segments, redundancy: Int.random(in: 1...5, using: &random))
            }
            fleet.run(until: Double.random(in: 0...10, using: &random))
            if Bool.random(using: &random) { fleet.restart(after: Double.random(in: 0...8, using: &random)) }
            fleet.run(until: 20_000)
            for (job, segments) in jobs
            where !(0..<segments).allSatisfy({ fleet.settlements[TaskID(job: job, index: $0)]?.receipt != nil }) {
                Issue.record("seed \(seed): \(job) did not end")
            }
            #expect(fleet.settledTwice == 0, "seed \(seed)")
        }
    }

    @Test(.enabled(if: heavy)) func tenThousandNodes() {
        var fleet = Fleet(nodes: (0..<100).flatMap { provers(100, of: "lane\($0)") })
        for job in 0..<20 { fleet.submit("job\(job)", segments: 2000, redundancy: 2) }
        fleet.run()
        for job in 0..<20 { expectAllProved(fleet, ["job\(job)": 2000]) }
        let ideal = 4.0
        #expect(fleet.now < 1.25 * ideal + 2)
    }
}
