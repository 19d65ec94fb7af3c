import Pipeline
import Testing

/// What may be deleted, and what must not be yet.
@Suite struct BodyRetentionTests {
    private final class Keeper {
        private var retention = BodyRetention(grace: 10)
        private let digest = String(repeating: "0", count: 64)

        func body(_ topic: String, _ offset: Int64) -> BodyReference {
            BodyReference(topic: topic, partition: 3, offsets: [offset], length: 1, digest: digest)
        }

        func task(_ job: String, _ index: Int, at offset: Int64, now: Double = 0) {
            retention.take(
                TaskMessage(
                    task: TaskID(job: job, index: index), claim: "00", body: body("segments", offset), stackLog2: 16,
                    cycles: 1), now: now)
        }

        func settle(_ job: String, _ index: Int, at offset: Int64, now: Double) {
            retention.take(
                Settlement(
                    task: TaskID(job: job, index: index), receipt: body("verified", offset), failure: nil, lane: nil,
                    node: nil), now: now)
        }

        func end(_ job: String, now: Double) { retention.take(JobEnd(job: job, status: .done), now: now) }
        func retired(_ count: Int = 10) -> [String] { retention.takeRetired(atMost: count).map(\.description) }
        func withdrawn(_ job: String, _ index: Int, now: Double) {
            retention.gone(task: TaskID(job: job, index: index), now: now)
        }
        func gone(_ job: String, _ index: Int) { retention.gone(settlementOf: TaskID(job: job, index: index)) }

        func deletable(_ now: Double) -> [String: Int64] {
            Dictionary(uniqueKeysWithValues: retention.deletable(now: now).map { ($0.key.topic, $0.value) })
        }
    }

    @Test func aSegmentGoesWhenItIsSettledAndItsGraceIsOver() {
        let keeper = Keeper()
        keeper.task("j", 0, at: 4)
        keeper.task("j", 1, at: 7)
        #expect(keeper.deletable(100).isEmpty, "nothing is settled")
        keeper.settle("j", 0, at: 0, now: 100)
        #expect(keeper.deletable(109).isEmpty, "a body of an open transaction may lie below it")
        #expect(keeper.deletable(110) == ["segments": 5], "its receipt is needed still")
        #expect(keeper.deletable(111).isEmpty, "it was said")
    }

    @Test func nothingAboveTheLowestThatIsNeededGoes() {
        let keeper = Keeper()
        keeper.task("slow", 0, at: 2)
        for index in 0..<5 { keeper.task("fast", index, at: 10 + Int64(index)) }
        for index in 0..<5 { keeper.settle("fast", index, at: Int64(index), now: 1) }
        #expect(keeper.deletable(50) == ["segments": 2])
        keeper.settle("slow", 0, at: 9, now: 60)
        #expect(keeper.deletable(70) == ["segments": 15], "all that was over before goes with it")
    }

    @Test func receiptsGoWithTheirJobAndSoDoSegmentsThatNobodyProved() {
        let keeper = Keeper()
        keeper.task("j", 0, at: 0)
        keeper.task("j", 1, at: 1)
        keeper.settle("j", 0, at: 5, now: 1)
        #expect(keeper.deletable(20) == ["segments": 1])
        keeper.end("j", now: 20)
        #expect(keeper.deletable(30) == ["segments": 2, "verified": 6])
    }

    /// Topics are read in no order, above all after a restart.
    @Test func theOrderOfReadingDoesNotMatter() {
        let keeper = Keeper()
        keeper.settle("j", 0, at: 5, now: 0)
        keeper.task("j", 0, at: 3, now: 0)
        #expect(keeper.deletable(10) == ["segments": 4])
        keeper.end("k", now: 10)
        keeper.task("k", 0, at: 8, now: 10)
        keeper.settle("k", 0, at: 2, now: 10)
        #expect(keeper.deletable(20) == ["segments": 9, "verified": 3])
    }

    /// Whoever reads late may find a task taken out of which nothing else is left.
    @Test func aTaskThatWasTakenOutNeedsNothing() {
        let keeper = Keeper()
        keeper.task("j", 0, at: 3, now: 0)
        #expect(keeper.deletable(20).isEmpty)
        keeper.withdrawn("j", 0, now: 20)
        #expect(keeper.deletable(31) == ["segments": 4])
    }

    @Test func settlementsOfAJobThatHasEndedAreRetiredOnce() {
        let keeper = Keeper()
        for index in 0..<3 { keeper.settle("j", index, at: Int64(index), now: 0) }
        #expect(keeper.retired().isEmpty)
        keeper.gone("j", 1)
        keeper.end("j", now: 1)
        keeper.settle("j", 3, at: 9, now: 2)
        let first = keeper.retired(1)
        #expect(first.count == 1)
        #expect((first + keeper.retired()).sorted() == ["j/0", "j/2", "j/3"])
        #expect(keeper.retired().isEmpty)
    }
}
