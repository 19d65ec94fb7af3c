import BinaryFields

/// ``StackWeights`` with top bits bound: entry x is the sum over the parts that these bits number of scale · the weight of
/// the part's entry x.
///
/// Where parts hold runs that begin at one row, the weights are linear maps of the same eq(r*, row), so the sum of the maps
/// does for all of them: few applications of a map instead of one for each part.
package struct FoldedWeights: Sendable {
    /// Entries over which each part stays in one run, or behind the stack's end.
    private struct Interval: Sendable {
        let entries: Range<Int>
        /// For each row at which some of the runs begin, relative to the interval, the sum of their maps.
        let maps: [(row: Int, map: EMap)]
        /// The parts that no map holds: their runs are short.
        let others: [Int]
    }

    private let weights: StackWeights
    private let part: Int
    private let scales: [E]
    private let intervals: [Interval]

    /// - Parameters:
    ///   - part: entries of a part.
    ///   - scales: one for each part.
    package init(_ weights: StackWeights, part: Int, scales: [E]) {
        self.weights = weights
        self.part = part
        self.scales = scales
        let cuts = weights.runs.flatMap { [$0.start % part, ($0.start + $0.length) % part] }
        let ends = Set(cuts + [min(part, weights.end)]).subtracting([0]).filter { $0 <= weights.end }.sorted()
        let starts = [0] + ends
        intervals = parallelMap(ends.count) { number in
            Self.interval(weights, starts[number]..<ends[number], part: part, scales: scales)
        }
    }

    private static func interval(
        _ weights: StackWeights, _ entries: Range<Int>, part: Int, scales: [E]
    ) -> Interval {
        var images: [Int: [E]] = [:]
        var others: [Int] = []
        for (number, scale) in scales.enumerated() where number * part + entries.lowerBound < weights.end {
            let start = number * part + entries.lowerBound
            let run = weights.runs[weights.run(of: start)]
            guard let own = run.images, entries.count >= StackWeights.rowsOfOwnMap / 2 else {
                others.append(number)
                continue
            }
            let row = start - run.start
            let sum = images[row] ?? [E](repeating: .zero, count: own.count)
            images[row] = zip(sum, own).map { $0 + scale * $1 }
        }
        let maps = images.sorted { $0.key < $1.key }.map { (row: $0.key, map: EMap($0.value)) }
        return Interval(entries: entries, maps: maps, others: others)
    }

    /// The entries of a block.
    ///
    /// - Parameter room: as many elements.
    package func write(_ block: Range<Int>, into values: ESpan, room: ESpan) {
        values.fill(.zero)
        for interval in intervals where interval.entries.overlaps(block) {
            let entries = interval.entries.clamped(to: block)
            let target = values[entries.lowerBound - block.lowerBound..<entries.upperBound - block.lowerBound]
            let room = room[0..<entries.count]
            for (row, map) in interval.maps {
                let first = row + entries.lowerBound - interval.entries.lowerBound
                weights.rows.write(first..<first + entries.count, into: room)
                map.apply(room, into: room)
                add(room, into: target)
            }
            for number in interval.others {
                let start = number * part + entries.lowerBound
                let count = min(entries.count, weights.end - start)
                guard count > 0 else { continue }
                weights.write(start..<start + count, into: room[0..<count])
                scaleAdd(room[0..<count], by: scales[number], into: target[0..<count])
            }
        }
    }
}
