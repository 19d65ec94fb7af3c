import BinaryFields
import Dispatch
import Foundation
import Synchronization
import Testing

extension BinaryFieldsTests {
    @Suite struct ParallelTests {
        /// Counts how often each index is given.
        private func counts(_ count: Int, grain: Int) -> [Int] {
            let seen = Mutex([Int](repeating: 0, count: count))
            parallel(count, grain: grain) { range in
                #expect(range.lowerBound.isMultiple(of: grain) && range.count <= grain)
                seen.withLock { seen in for i in range { seen[i] += 1 } }
            }
            return seen.withLock { $0 }
        }

        @Test func everyIndexOnce() {
            let threads = Threads.count
            defer { Threads.count = threads }
            for number in [1, 2, 3, 8] {
                Threads.count = number
                for (count, grain) in [(0, 1), (1, 1), (2, 1), (7, 3), (100, 1), (1000, 64), (5, 100)] {
                    #expect(counts(count, grain: grain) == [Int](repeating: 1, count: count))
                }
            }
        }

        /// Thousands of short calls, with pauses so long that helpers fall asleep, and of other numbers of threads.
        @Test func helpersComeWheneverTheyAreCalled() {
            let threads = Threads.count
            defer { Threads.count = threads }
            for call in 0..<20_000 {
                if call % 100 == 0 { Threads.count = 2 + call / 100 % 3 }
                if call % 2_000 == 0 { usleep(3_000) }
                let sum = Atomic<Int>(0)
                parallel(8, grain: 1) { range in sum.add(range.lowerBound, ordering: .relaxed) }
                #expect(sum.load(ordering: .relaxed) == 28)
            }
        }

        /// Calls inside of calls, and from several threads at once.
        @Test func callsMeet() {
            let sum = Atomic<Int>(0)
            DispatchQueue.concurrentPerform(iterations: 4) { _ in
                for _ in 0..<200 {
                    parallel(4, grain: 1) { _ in
                        parallel(4, grain: 1) { _ in sum.add(1, ordering: .relaxed) }
                    }
                }
            }
            #expect(sum.load(ordering: .relaxed) == 4 * 200 * 16)
        }

        @Test func valuesInTheirPlaces() {
            #expect(parallelMap(1000) { "\($0)" } == (0..<1000).map { "\($0)" })
            #expect(parallelMap(0) { $0 }.isEmpty)
        }
    }
}
