import Hashing
import Machine

/// A segment run again from its bytes alone: it touches the pages that it names, takes the words that it holds, and ends
/// where it says.
public struct Replay {
    /// The witness that the segment will have.
    public let forecast: WitnessForecast
    /// What it printed.
    public let printed: [UInt8]

    /// Throws `ReplayError` at the first thing that is not as the segment says.
    public init(segment: Segment) throws(ReplayError) {
        var tree: PartialMemoryTree
        do { tree = try segment.openedTree() } catch { throw .segment(error) }
        let memory: GuestMemory
        do { memory = try GuestMemory() } catch { throw .execution(error) }
        for (position, page) in segment.pages.enumerated() {
            memory.load(page: page.index, kind: page.kind, words: segment.content(of: position))
        }
        let emulator = Emulator(
            state: segment.before, cycle: segment.firstCycle, input: InputStream(words: segment.inputs), memory: memory)
        let exit = emulator.run(cycles: Int(segment.cycles))
        emulator.collect()
        let cycles = Int(emulator.cycle - segment.firstCycle)
        let metering = Metering(emulator, cycles: cycles)
        let pages = segment.pages.map(\.index)
        guard metering.pages == pages else {
            throw .pages(Set(metering.pages).symmetricDifference(pages).sorted())
        }
        guard exit == segment.exit && cycles == Int(segment.cycles) else {
            throw .exit(expected: segment.exit, got: exit, cycles: cycles)
        }
        guard emulator.inputPosition == segment.inputs.count else {
            throw .inputs(expected: segment.inputs.count, got: emulator.inputPosition)
        }
        let changed = metering.dirty.map { memory.written[$0] }
        var words: [UInt32] = []
        for page in changed { memory.append(page: page, to: &words) }
        tree.update(Array(zip(changed, MemoryHash.pages(words, kinds: changed.map(memory.kind)))))
        let after = MachineState(
            programCounter: emulator.programCounter, registers: emulator.registerValues,
            memoryRoot: tree.root ?? segment.before.memoryRoot)
        guard after == segment.after else { throw .state(expected: segment.after, got: after) }
        forecast = metering.forecast
        printed = emulator.printedBytes
    }
}

/// Where a segment does not do what it says.
public enum ReplayError: Error, Sendable {
    /// Its pages do not belong to its root.
    case segment(SegmentError)
    case execution(ExecutionError)
    /// Pages that it touches but does not hold, or holds but does not touch.
    case pages([UInt32])
    case exit(expected: Exit, got: Exit, cycles: Int)
    case inputs(expected: Int, got: Int)
    case state(expected: MachineState, got: MachineState)
}

extension ReplayError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .segment(let error): "\(error)"
        case .execution(let error): "\(error)"
        case .pages(let pages):
            "pages \(pages) are touched but not part of the segment, or part of it but not touched"
        case .exit(let expected, let got, let cycles): "ends after \(cycles) cycles with \(got), it says \(expected)"
        case .inputs(let expected, let got): "takes \(got) input words, it holds \(expected)"
        case .state(let expected, let got): "ends in the state \(got), it says \(expected)"
        }
    }
}
