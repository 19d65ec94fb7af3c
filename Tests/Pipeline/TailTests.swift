import Pipeline
import Testing

/// Who gets the last task: a slow node leaves it to a fast one that is bound to come for it, and to no other.
@Suite struct TailTests {
    private let body = BodyReference(
        topic: "sheaf.segments", partition: 0, offsets: [0], length: 1, digest: String(repeating: "0", count: 64))
    private let cycles: UInt64 = 1 << 19

    /// What becomes of the fast node before the last task comes.
    enum Turn: CaseIterable {
        case waits, worksInTime
        case hasNoPlace, leaves, isTooSmall, isLeftOut, worksTooLong
    }

    private func task(_ index: Int) -> TaskID { TaskID(job: "j", index: index) }

    private func message(_ index: Int) -> Dispatcher.Input {
        .task(TaskMessage(task: task(index), claim: "00", body: body, stackLog2: 22, cycles: cycles))
    }

    private func ready(
        _ lane: String, free: Int = 1, stackLog2: Int = 23, leaving: Bool = false
    ) -> Dispatcher.Input {
        .control(
            Control(
                lane: LaneName(lane)!,
                ready: Ready(
                    node: "n", partition: 0, maximumStackLog2: stackLog2, cyclesPerSecond: 0, holds: [], free: free,
                    leaving: leaving)))
    }

    private func verdict(_ lane: String, _ index: Int, valid: Bool = true) -> Dispatcher.Input {
        .control(
            Control(
                lane: LaneName(lane)!, node: "n",
                verdict: .init(task: task(index), receipt: valid ? body : nil, reason: valid ? nil : "bad")))
    }

    /// The lanes that were told to prove a task, or any.
    private func ordered(_ actions: [Dispatcher.Action], _ index: Int? = nil) -> [String] {
        actions.compactMap {
            if case .send(let lane, _, let work) = $0, work.order == .prove, index == nil || work.task.index == index {
                return lane.text
            }
            return nil
        }
    }

    /// A slow node, 8 seconds a task, and a fast one, one second: both have shown it, and have nothing.
    private func started() -> Driver {
        let dispatcher = Driver()
        let execution = Execution(
            job: "j", state: .accepted, contentDigest: "", program: .inline(base64: ""), input: .inline(base64: ""),
            imageID: "", limitLog2: 19, redundancy: 1, priority: 5, deadlineSeconds: 60, cycleLimit: 1, acceptedAt: 0)
        for input in [.execution(execution), message(0), message(1), .caughtUp, ready("a-slow"), ready("fast")] {
            _ = dispatcher.handle(input, now: 0)
        }
        _ = dispatcher.handle(verdict("fast", 1), now: 1)
        _ = dispatcher.handle(verdict("a-slow", 0), now: 8)
        _ = dispatcher.handle(.tick, now: 8)
        return dispatcher
    }

    @Test(arguments: Turn.allCases) func theLastTaskGoesToTheFastWhileItIsBoundToCome(_ turn: Turn) {
        let dispatcher = started()
        var now = 8.0
        switch turn {
        case .waits: break
        case .worksInTime, .worksTooLong:
            #expect(ordered(dispatcher.handle(message(2), now: now), 2) == ["fast"])
            now += turn == .worksInTime ? 1.5 : 2.5
        case .hasNoPlace: _ = dispatcher.handle(ready("fast", free: 0), now: now)
        case .leaves: _ = dispatcher.handle(ready("fast", leaving: true), now: now)
        case .isTooSmall: _ = dispatcher.handle(ready("fast", stackLog2: 21), now: now)
        case .isLeftOut: _ = dispatcher.handle(verdict("fast", 1, valid: false), now: now)
        }
        let lanes = ordered(dispatcher.handle(message(3), now: now), 3)
        switch turn {
        case .waits: #expect(lanes == ["fast"])
        case .worksInTime:
            #expect(lanes == [], "the fast one is done with both long before")
            #expect(ordered(dispatcher.handle(verdict("fast", 2), now: now), 3) == ["fast"])
        case .hasNoPlace, .leaves, .isTooSmall, .isLeftOut, .worksTooLong: #expect(lanes == ["a-slow"])
        }
    }

    /// With more waiting than the fast one does meanwhile, the slow one works too.
    @Test func aBacklogIsForAll() {
        let dispatcher = started()
        var slow = 0
        for index in 2..<14 {
            slow += ordered(dispatcher.handle(message(index), now: 8)).count { $0 == "a-slow" }
        }
        #expect(slow == 1, "12 tasks wait, and the fast one does at most 7 of them first")
    }

    /// A fast node that stays on one task keeps nobody waiting: the next tick finds the slow one.
    @Test func whatWasLeftIsTakenUpAgain() {
        let dispatcher = started()
        _ = dispatcher.handle(message(2), now: 8)
        #expect(ordered(dispatcher.handle(message(3), now: 8.5), 3) == [])
        #expect(ordered(dispatcher.handle(.tick, now: 9.5), 3) == [])
        #expect(ordered(dispatcher.handle(.tick, now: 10.5), 3) == ["a-slow"])
    }
}
