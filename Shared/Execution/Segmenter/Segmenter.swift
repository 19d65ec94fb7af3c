import Hashing
import Machine

/// Runs a program and cuts the run into segments, one after the other, as the caller takes them.
///
///     let segmenter = try Segmenter(program: program, input: input, limitLog: 19)
///     while let step = segmenter.next() { send(step.segment) }
///
/// A segment ends with the program, at 2^limitLog cycles, or where its witness would outgrow its class. Memory does not
/// grow with the length of the run: beside the guest's own there are the pages that one segment touches, the tree's
/// nodes over pages in use, and the translated code.
public final class Segmenter {
    /// A segment and what is known of it beyond its bytes.
    public struct Step: Sendable {
        public var segment: Segment
        public var forecast: WitnessForecast
        /// What the program printed meanwhile.
        public var printed: [UInt8]
    }

    public let limitLog: Int
    private let emulator: Emulator
    private var tree: MemoryTree
    private var state: MachineState
    private var index: UInt32 = 0
    /// How the last segment ended; `.running` until then.
    public private(set) var exit = Exit.running

    /// Parts of a segment after which its witness is foreseen.
    private static let checks = 4

    /// Throws `ExecutionError.limit` for other limits than 13 to 24, `.noAddressSpace`.
    public init(program: Program, input: InputStream, limitLog: Int) throws(ExecutionError) {
        guard Segment.limits.contains(limitLog) else { throw .limit(limitLog) }
        self.limitLog = limitLog
        tree = program.tree
        state = program.initialState
        emulator = Emulator(state: state, cycle: 0, input: input, memory: try GuestMemory(program: program))
    }

    /// Cycles of the segments so far.
    public var cycles: UInt64 { emulator.cycle }

    /// The fault that ended the program, if one did.
    public var fault: FaultReport? {
        guard case .faulted(let fault) = exit else { return nil }
        return emulator.report(fault)
    }

    /// The journal as memory holds it now.
    public var journal: [UInt8] { emulator.memory.journal }

    /// Pages of the memory after the last segment (rising indices), 256 words each, zeros where nothing was written; and
    /// the digests that open them under its root, in the order of `MemoryTree.opening(of:)`.
    public func open(pages: [UInt32]) -> (words: [UInt32], digests: [Digest]) {
        var words: [UInt32] = []
        words.reserveCapacity(pages.count * MemoryMap.pageWords)
        for page in pages { emulator.memory.append(page: page, to: &words) }
        return (words, tree.opening(of: pages))
    }

    /// The next segment, or nil when the program has ended.
    public func next() -> Step? {
        guard exit == .running else { return nil }
        let firstCycle = emulator.cycle, firstInput = emulator.inputPosition
        emulator.clearCounts()
        emulator.memory.beginSegment()
        let metering = runSegment(firstCycle: firstCycle, firstInput: firstInput)
        return finish(metering, firstCycle: firstCycle, firstInput: firstInput)
    }

    /// Runs as far as the segment may go. A part after which the witness is too large is undone: the segment is run again
    /// up to the part before, or in smaller parts when it was the first.
    private func runSegment(firstCycle: UInt64, firstInput: Int) -> Metering {
        let limit = 1 << limitLog
        var part = limit / Self.checks, good = 0
        while true {
            exit = emulator.run(cycles: min(part, limit - good))
            emulator.collect()
            let cycles = Int(emulator.cycle - firstCycle)
            let metering = Metering(emulator, cycles: cycles)
            if metering.forecast.fits(limitLog: limitLog) || cycles == 1 {
                good = cycles
                if exit != .running || good == limit { return metering }
                continue
            }
            emulator.rewind(to: state, cycle: firstCycle, inputPosition: firstInput)
            if good > 0 {
                exit = emulator.run(cycles: good)
                emulator.collect()
                return Metering(emulator, cycles: good)
            }
            part = max(part / 2, 1)
        }
    }

    private func finish(_ metering: Metering, firstCycle: UInt64, firstInput: Int) -> Step {
        let memory = emulator.memory
        let opening = tree.opening(of: metering.pages)
        var contents: [UInt32] = []
        contents.reserveCapacity(metering.pages.count * MemoryMap.pageWords)
        let saved = Dictionary(uniqueKeysWithValues: memory.written.enumerated().map { ($1, $0) })
        for page in metering.pages {
            if let position = saved[page] {
                let start = position * MemoryMap.pageWords
                contents += memory.saved[start..<start + MemoryMap.pageWords]
            } else {
                memory.append(page: page, to: &contents)
            }
        }
        update(with: metering.dirty.map { memory.written[$0] })
        let after = MachineState(
            programCounter: emulator.programCounter, registers: emulator.registerValues, memoryRoot: tree.root)
        let segment = Segment(
            index: index, limitLog: limitLog, firstCycle: firstCycle, cycles: UInt32(emulator.cycle - firstCycle),
            before: state, after: after,
            pages: metering.pages.map { Segment.Page(index: $0, kind: memory.kind($0)) }, contents: contents,
            opening: opening, inputs: (firstInput..<emulator.inputPosition).map(emulator.input.word), exit: exit)
        state = after
        index += 1
        defer { emulator.printedBytes.removeAll(keepingCapacity: true) }
        return Step(segment: segment, forecast: metering.forecast, printed: emulator.printedBytes)
    }

    /// Brings the tree up to date with pages that changed.
    private func update(with pages: [UInt32]) {
        var words: [UInt32] = []
        words.reserveCapacity(pages.count * MemoryMap.pageWords)
        for page in pages { emulator.memory.append(page: page, to: &words) }
        let digests = MemoryHash.pages(words, kinds: pages.map(emulator.memory.kind))
        tree.update(Array(zip(pages, digests)))
    }
}
