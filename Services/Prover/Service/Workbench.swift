import Foundation
import Pipeline
import ServiceCommon

/// Between the thread that speaks with the broker and the one that proves.
///
/// `@unchecked Sendable`: all that changes is read and written under `condition`'s lock.
final class Workbench: @unchecked Sendable {
    struct Finished {
        let task: TaskID
        let result: Result<[UInt8], any Error>

        init(_ task: TaskID, _ result: Result<[UInt8], any Error>) {
            self.task = task
            self.result = result
        }

        var receipt: [UInt8]? { try? result.get() }
    }

    struct State {
        /// Proving, waiting, or handed in and not dropped yet: the dispatcher says when it needs them no more.
        let holds: [TaskID]
        /// Proving or waiting.
        let open: Int
        /// Proved and not handed in yet.
        let finished: Int
        let cyclesPerSecond: Double
        /// What the last proof took; 0 before the first.
        let proofSeconds: Double
        let provingSince: Double?
    }

    private struct Entry {
        let task: TaskID
        let segment: [UInt8]
        let claim: [UInt8]
    }

    private let prove: ProverService.Prove
    private let condition = NSCondition()
    private var waiting: [Entry] = []
    private var proving: TaskID?
    private var provingSince: Double?
    /// Receipts that may be asked for again, until they are dropped.
    private var handedIn: [(task: TaskID, receipt: [UInt8])] = []
    private var finished: [Finished] = []
    private var cyclesPerSecond = 0.0
    private var proofSeconds = 0.0
    private var closed = false

    init(prove: @escaping ProverService.Prove) {
        self.prove = prove
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        condition.lock()
        defer { condition.unlock() }
        return body()
    }

    var state: State {
        locked {
            State(
                holds: Array(
                    (([proving].compactMap { $0 }) + waiting.map(\.task) + handedIn.map(\.task)).prefix(
                        Ready.maximumHeld)),
                open: waiting.count + (proving == nil ? 0 : 1), finished: finished.count,
                cyclesPerSecond: cyclesPerSecond, proofSeconds: proofSeconds,
                provingSince: provingSince)
        }
    }

    func holds(_ task: TaskID) -> Bool {
        locked { proving == task || handedIn.contains { $0.task == task } || waiting.contains { $0.task == task } }
    }

    func add(_ task: TaskID, segment: [UInt8], claim: [UInt8]) {
        locked {
            waiting.append(Entry(task: task, segment: segment, claim: claim))
            condition.signal()
        }
    }

    /// What is proved goes on to its end: a proof cannot be stopped half-way, and is soon over.
    func drop(_ task: TaskID) {
        locked {
            waiting.removeAll { $0.task == task }
            handedIn.removeAll { $0.task == task }
        }
    }

    func dropWaiting() { locked { waiting = [] } }

    /// What was handed in may not have arrived: it is finished once more.
    func handInAgain() {
        locked {
            finished = finished.filter { $0.receipt == nil } + handedIn.map { Finished($0.task, .success($0.receipt)) }
        }
    }

    func takeFinished() -> [Finished] {
        locked {
            defer { finished = [] }
            return finished
        }
    }

    func close() {
        locked {
            closed = true
            condition.broadcast()
        }
    }

    /// The proving thread's life.
    func work() {
        while let entry = take() {
            let started = ContinuousClock.now
            let result = Result { try prove(entry.segment, entry.claim) }
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            locked {
                proving = nil
                provingSince = nil
                if case .success(let receipt) = result { handedIn.append((entry.task, receipt)) }
                if handedIn.count > Ready.maximumHeld / 2 { handedIn.removeFirst() }
                finished.append(Finished(entry.task, result))
                proofSeconds = seconds
                if let cycles = Workbench.cycles(ofClaim: entry.claim), seconds > 0 {
                    cyclesPerSecond = Double(cycles) / seconds
                }
            }
        }
    }

    private func take() -> Entry? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty, !closed { condition.wait() }
        guard !closed else { return nil }
        let entry = waiting.removeFirst()
        proving = entry.task
        provingSince = ServiceContext.now
        return entry
    }

    /// The claim says how many cycles were proved.
    private static func cycles(ofClaim claim: [UInt8]) -> UInt32? { SegmentProver.cycles(ofClaim: claim) }
}
