import Dispatch
import Synchronization

/// How many threads `parallel` uses.
public enum Threads {
    private static let setting = Atomic<Int>(0)

    /// At first as many as the machine has processors.
    public static var count: Int {
        get {
            let chosen = setting.load(ordering: .relaxed)
            return chosen > 0 ? chosen : available
        }
        set { setting.store(max(newValue, 1), ordering: .relaxed) }
    }

    /// The processors of the machine.
    public static let available = ProcessorCount.online
}

/// Calls `body` with ranges that make up 0..<count, each of `grain` indices but the last, on `Threads.count` threads;
/// returns when all are done.
///
/// The ranges depend on `count` and `grain` alone, so that a result that is a function of its range is the same at any
/// number of threads. The body must write nothing that another range reads or writes: this is what lets it use
/// unsafe memory.
///
/// - Parameter grain: indices a range, at least one; as many as take some ten microseconds.
public func parallel(_ count: Int, grain: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let grain = max(grain, 1)
    let pieces = (count + grain - 1) / grain
    let threads = min(Threads.count, pieces)
    if threads <= 1 {
        for piece in 0..<max(pieces, 0) { body(piece * grain..<min((piece + 1) * grain, count)) }
        return
    }
    let next = Atomic<Int>(0)
    if Workers.shared.run(helpers: threads - 1, { takePieces(next, pieces, grain: grain, count, body) }) { return }
    // Inside of another call, or beside it.
    DispatchQueue.concurrentPerform(iterations: threads) { _ in takePieces(next, pieces, grain: grain, count, body) }
}

/// Works on pieces until all are taken.
private func takePieces(
    _ next: borrowing Atomic<Int>, _ pieces: Int, grain: Int, _ count: Int, _ body: @Sendable (Range<Int>) -> Void
) {
    while true {
        let piece = next.add(1, ordering: .relaxed).oldValue
        if piece >= pieces { return }
        body(piece * grain..<min((piece + 1) * grain, count))
    }
}

/// What `body` returns for each of 0..<count, made on `Threads.count` threads.
public func parallelMap<T: Sendable>(_ count: Int, _ body: @Sendable (Int) -> T) -> [T] {
    [T](unsafeUninitializedCapacity: count) { buffer, initialized in
        guard let start = buffer.baseAddress else { return }
        // Threads write one element each time, of which each is written once; `parallel` ends after the last.
        nonisolated(unsafe) let elements = start
        // Some dozens of ranges: of few elements, as these may take long, of many where there are many.
        parallel(count, grain: max(count / 64, 1)) { range in
            for i in range { (elements + i).initialize(to: body(i)) }
        }
        initialized = count
    }
}

/// The sum of what `body` returns for ranges that make up 0..<count, list by list. Sums in E are exact, so that the result
/// does not depend on the threads either.
///
/// - Parameter width: the length of the lists.
public func parallelSum(_ count: Int, grain: Int, width: Int, _ body: @Sendable (Range<Int>) -> [E]) -> [E] {
    let sum = Mutex([E](repeating: .zero, count: width))
    parallel(count, grain: grain) { range in
        let part = body(range)
        sum.withLock { sum in
            for i in 0..<width { sum[i] += part[i] }
        }
    }
    return sum.withLock { $0 }
}
