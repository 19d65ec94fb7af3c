import BinaryFields
import Hashing
import Tables

/// The rows that prove a segment.
///
///     let trace = try Trace(segment)
///     let statement = …  // for trace.heights
///     let witness = trace.witness(try Layout(statement))
///
/// Two passes: making a trace replays the segment and counts rows, so that the stack can be laid out; `fill` then writes
/// every row where it is proved, in parallel, with the same bits at any number of threads.
///
/// What is filled follows from the segment alone, and making a trace checks that the segment's own account of its end
/// is what its cycles do. A segment that lies has no trace.
public final class Trace: @unchecked Sendable {
    // Sendable: everything is written in `init`; `fill` only reads.

    public let segment: Segment
    /// Rows of each table, in the order of `TableKind`.
    public let heights: [Int]
    let replay: Replay
    let pages: PageTrace
    /// The numbers of the replay's instructions by rising address: the order of the code rows.
    let codeOrder: [Int]

    /// Throws `TraceError` when the segment's pages do not belong to its root, when it reaches a page or an input word
    /// that it does not bring, or when it ends otherwise than it says.
    public init(_ segment: Segment) throws(TraceError) {
        guard segment.contents.count == segment.pages.count * MemoryMap.pageWords else {
            throw .segment(.field("contents", value: UInt64(segment.contents.count)))
        }
        guard 1...1 << 24 ~= Int(segment.cycles) else { throw .cycleCount(Int(segment.cycles)) }
        for (page, next) in zip(segment.pages, segment.pages.dropFirst()) where page.index >= next.index {
            throw .segment(.pageOrder(previous: page.index, next: next.index))
        }
        if let last = segment.pages.last, last.index >= MemoryMap.pageCount {
            throw .segment(.field("page", value: UInt64(last.index)))
        }
        let before: PartialMemoryTree
        do { before = try segment.openedTree() } catch { throw .segment(error) }
        let replay = Replay(segment)
        try replay.run()
        replay.settleCode()
        pages = PageTrace(segment, replay.memory, before: before)
        try Trace.checkEnd(segment, replay, root: pages.root)
        self.segment = segment
        self.replay = replay
        codeOrder = (0..<replay.instructionCount).sorted {
            replay.instructions[$0].address < replay.instructions[$1].address
        }
        var heights = replay.heights
        if let row = replay.finalRow { heights[row.kind.rawValue] += 1 }
        heights[TableKind.epoch.rawValue] = replay.epochs.count
        heights[TableKind.refresh.rawValue] = replay.hart.refreshes.count
        for number in 0..<replay.instructionCount {
            heights[replay.instructions[number].codeKind.rawValue] += 1
            for offer in replay.instructions[number].offers(uses: replay.uses[number]) {
                for k in 0..<TableKind.countBits where offer.count >> UInt32(k) & 1 == 1 {
                    heights[TableKind.offer(k).rawValue] += 1
                }
            }
        }
        pages.addHeights(to: &heights)
        self.heights = heights
    }

    private static func checkEnd(_ segment: Segment, _ replay: Replay, root: Digest) throws(TraceError) {
        if let cycles = replay.cyclesRun, cycles < segment.cycles { throw .endedEarly(cycle: cycles) }
        guard replay.exit == segment.exit else { throw .exit(expected: segment.exit, got: replay.exit) }
        guard replay.programCounter == segment.after.programCounter else {
            throw .programCounter(expected: segment.after.programCounter, got: replay.programCounter)
        }
        for number in 0..<32 where replay.hart.values[number] != segment.after.registers[number] {
            throw .register(
                number: number, expected: segment.after.registers[number], got: replay.hart.values[number])
        }
        guard replay.inputsRead == segment.inputs.count else {
            throw .unreadInput(expected: replay.inputsRead, got: segment.inputs.count)
        }
        guard root == segment.after.memoryRoot else {
            throw .memoryRoot(expected: segment.after.memoryRoot, got: root)
        }
    }

    /// The filled stack of this layout, which must be one of the machine's tables with this trace's heights.
    public func witness(_ layout: Layout) -> Witness {
        let witness = Witness(layout)
        fill(witness)
        return witness
    }
}
