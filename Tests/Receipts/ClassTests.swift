import ProverService
import Testing

/// Which segments a machine makes by its memory.
@Suite struct ClassTests {
    @Test func theLargestThatMemoryHolds() {
        for log in 17...28 {
            let memory = SegmentProver.memory(ofClass: log)
            #expect(SegmentProver.largestClass(memory: memory) == log)
            #expect(SegmentProver.largestClass(memory: memory - 1) == log - 1)
        }
        #expect(SegmentProver.largestClass(memory: 0) == 16 && SegmentProver.largestClass(memory: .max) == 28)
    }

    /// A segment of 2^k cycles is of class k + 4; above 2^21 paging is no cheaper.
    @Test func theLargestLimit() {
        #expect(SegmentProver.largestLimit(memory: 640 << 20) == 19)
        #expect(SegmentProver.largestLimit(memory: 1200 << 20) == 20)
        #expect(SegmentProver.largestLimit(memory: 2 << 30) == 21)
        #expect(SegmentProver.largestLimit(memory: 1 << 40) == 21)
        #expect(SegmentProver.largestLimit(memory: 0) == 15)
    }
}
