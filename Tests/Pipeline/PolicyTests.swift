import Pipeline
import Testing

/// A dispatcher that expectations can step: `#expect` takes no mutating call.
final class Driver {
    private var dispatcher: Dispatcher

    init(settings: Dispatcher.Settings = .init()) { dispatcher = Dispatcher(settings: settings) }

    func handle(_ input: Dispatcher.Input, now: Double) -> [Dispatcher.Action] { dispatcher.handle(input, now: now) }
}

/// Single steps of the dispatcher, each with the rule that it shows.
@Suite struct DispatcherTests {
    private let body = BodyReference(
        topic: "sheaf.segments", partition: 0, offsets: [0], length: 1, digest: String(repeating: "0", count: 64))

    private func execution(redundancy: Int = 1) -> Dispatcher.Input {
        .execution(
            Execution(
                job: "j", state: .accepted, contentDigest: "", program: .inline(base64: ""), input: .inline(base64: ""),
                imageID: "", limitLog2: 19, redundancy: redundancy, priority: 5, deadlineSeconds: 60, cycleLimit: 1,
                acceptedAt: 0))
    }

    private func started(redundancy: Int = 1, tasks: Int = 1, settings: Dispatcher.Settings = .init()) -> Driver {
        let dispatcher = Driver(settings: settings)
        _ = dispatcher.handle(execution(redundancy: redundancy), now: 0)
        for index in 0..<tasks {
            _ = dispatcher.handle(
                .task(TaskMessage(task: task(index), claim: "00", body: body, stackLog2: 22, cycles: 1 << 19)), now: 0)
        }
        _ = dispatcher.handle(.caughtUp, now: 0)
        return dispatcher
    }

    private func task(_ index: Int) -> TaskID { TaskID(job: "j", index: index) }

    private func ready(
        _ lane: String, _ node: String = "n", holds: [TaskID] = [], free: Int = 1, stackLog2: Int = 23,
        leaving: Bool = false
    ) -> Dispatcher.Input {
        .control(
            Control(
                lane: LaneName(lane)!,
                ready: Ready(
                    node: node, partition: 0, maximumStackLog2: stackLog2, cyclesPerSecond: 0, holds: holds, free: free,
                    leaving: leaving)))
    }

    private func verdict(_ lane: String, _ node: String = "n", _ index: Int = 0, valid: Bool) -> Dispatcher.Input {
        .control(
            Control(
                lane: LaneName(lane)!, node: node,
                verdict: .init(task: task(index), receipt: valid ? body : nil, reason: valid ? nil : "bad")))
    }

    private func orders(_ actions: [Dispatcher.Action], _ order: Work.Order = .prove) -> [String] {
        actions.compactMap {
            if case .send(let lane, _, let work) = $0, work.order == order {
                "\(lane)/\(work.node) \(work.task)"
            } else {
                nil
            }
        }
    }

    private func settlements(_ actions: [Dispatcher.Action]) -> [Settlement] {
        actions.compactMap { if case .settle(let settlement) = $0 { settlement } else { nil } }
    }

    /// An id can be taken again: nothing of the old job's is taken for the new one's, not even by who reads both.
    @Test func whatWasTakenOutIsForgotten() throws {
        func claims(_ actions: [Dispatcher.Action]) -> [String?] {
            actions.compactMap { if case .send(_, _, let work) = $0, work.order == .prove { work.claim } else { nil } }
        }
        func again(_ dispatcher: Driver) -> [Dispatcher.Action] {
            let new = TaskMessage(task: task(0), claim: "01", body: body, stackLog2: 22, cycles: 1 << 19)
            return dispatcher.handle(execution(), now: 2) + dispatcher.handle(.task(new), now: 2)
                + dispatcher.handle(ready("a"), now: 3)
        }
        let withdrawn = started()
        _ = withdrawn.handle(.withdrawn(task(0)), now: 1)
        #expect(claims(again(withdrawn)) == ["01"])

        let forgotten = started()
        _ = forgotten.handle(.forgotten(job: "j"), now: 1)
        #expect(claims(forgotten.handle(ready("a"), now: 1)).isEmpty)

        let ended = started()
        _ = ended.handle(.jobEnd(JobEnd(job: "j", status: .done)), now: 1)
        #expect(claims(again(ended)).isEmpty, "the job is over")
        _ = ended.handle(.forgotten(job: "j"), now: 2)
        #expect(claims(again(ended)) == ["01"])
    }

    @Test func aReadyNodeGetsTheLowestTaskAtOnce() {
        let dispatcher = started(tasks: 3)
        #expect(orders(dispatcher.handle(ready("a", free: 2), now: 1)) == ["a/n j/0", "a/n j/1"])
    }

    /// What it holds beside goes to others, and it gets nothing more for a while; its lane works on.
    @Test func aNodeOfInvalidReceiptsIsLeftOut() {
        let dispatcher = started(tasks: 3)
        _ = dispatcher.handle(ready("a", "bad", free: 2), now: 1)
        let actions = dispatcher.handle(verdict("a", "bad", 0, valid: false), now: 2)
        #expect(orders(actions, .drop) == ["a/bad j/1"])
        #expect(orders(dispatcher.handle(ready("a", "bad", free: 2), now: 3)).isEmpty)
        #expect(
            orders(dispatcher.handle(ready("a", "good", free: 3), now: 4)) == [
                "a/good j/2", "a/good j/0", "a/good j/1",
            ])
        _ = dispatcher.handle(ready("a", "bad", free: 2), now: 100)
        _ = dispatcher.handle(ready("a", "good", leaving: true), now: 120)
        #expect(orders(dispatcher.handle(ready("a", "bad", free: 2), now: 123)) == ["a/bad j/0", "a/bad j/1"])
    }

    @Test func aTaskThatDoesNotFitTheMemoryIsNotSent() {
        let dispatcher = started()
        #expect(orders(dispatcher.handle(ready("a", stackLog2: 21), now: 1)).isEmpty)
        #expect(orders(dispatcher.handle(ready("a", "large", stackLog2: 22), now: 1)) == ["a/large j/0"])
    }

    @Test func workThatWasNotReceivedIsSentAgainButNotAtOnce() {
        let dispatcher = started()
        _ = dispatcher.handle(ready("a"), now: 1)
        #expect(orders(dispatcher.handle(ready("a"), now: 2)).isEmpty)
        #expect(orders(dispatcher.handle(ready("a"), now: 8)) == ["a/n j/0"])
        #expect(orders(dispatcher.handle(ready("a", holds: [task(0)], free: 0), now: 16)).isEmpty)
    }

    @Test func theFirstValidReceiptSettlesAndTheOthersDrop() {
        let dispatcher = started(redundancy: 2)
        _ = dispatcher.handle(ready("a"), now: 1)
        #expect(orders(dispatcher.handle(ready("b"), now: 1)) == ["b/n j/0"])
        let actions = dispatcher.handle(verdict("b", valid: true), now: 5)
        #expect(settlements(actions).map(\.lane) == [lane("b")])
        #expect(orders(actions, .drop).contains("a/n j/0"))
        #expect(settlements(dispatcher.handle(verdict("a", valid: true), now: 6)).isEmpty, "settled once")
    }

    @Test func noSecondCopyWhileSomethingWaits() {
        let dispatcher = started(redundancy: 2, tasks: 2)
        _ = dispatcher.handle(ready("a"), now: 1)
        #expect(orders(dispatcher.handle(ready("b"), now: 1)) == ["b/n j/1"])
        #expect(orders(dispatcher.handle(ready("c"), now: 1)) == ["c/n j/0"])
    }

    @Test func copiesGoToLanesOfTheirOwnWhileThereAreEnough() {
        let dispatcher = started(redundancy: 2)
        _ = dispatcher.handle(ready("b", stackLog2: 0), now: 1)
        _ = dispatcher.handle(ready("a"), now: 1)
        #expect(
            orders(dispatcher.handle(ready("a", "second"), now: 1)).isEmpty, "lane b is there, and may have it later")
        #expect(orders(dispatcher.handle(ready("b"), now: 2)) == ["b/n j/0"])
    }

    @Test func anInvalidReceiptIsAReplayOnAnotherLane() {
        let dispatcher = started()
        _ = dispatcher.handle(ready("a"), now: 1)
        _ = dispatcher.handle(ready("b"), now: 1)
        #expect(orders(dispatcher.handle(verdict("a", valid: false), now: 2)) == ["b/n j/0"])
    }

    @Test func withoutCreditThereIsNoWorkUntilItComesBack() {
        let dispatcher = started(tasks: 5)
        for time in 1...3 {
            _ = dispatcher.handle(ready("a"), now: Double(time))
            _ = dispatcher.handle(verdict("a", valid: false), now: Double(time))
        }
        #expect(orders(dispatcher.handle(ready("a"), now: 5)).isEmpty)
        #expect(orders(dispatcher.handle(ready("a"), now: 5000)).count == 1)
    }

    @Test func aSilentNodeLosesItsTaskAndComesBackHarmlessly() {
        let dispatcher = started()
        _ = dispatcher.handle(ready("a"), now: 1)
        _ = dispatcher.handle(ready("b", free: 1), now: 10)
        #expect(orders(dispatcher.handle(.tick, now: 14)) == ["b/n j/0"])
        #expect(orders(dispatcher.handle(ready("a", holds: [task(0)], free: 0), now: 15), .drop) == ["a/n j/0"])
        #expect(
            settlements(dispatcher.handle(verdict("a", valid: true), now: 16)).count == 1,
            "but its receipt counts, if it is first")
    }

    @Test func aLateCopyIsReplayedButMayStillWin() {
        var settings = Dispatcher.Settings()
        settings.unknownAllowance = 5
        let dispatcher = started(settings: settings)
        _ = dispatcher.handle(ready("a"), now: 1)
        _ = dispatcher.handle(ready("b"), now: 5)
        let late = dispatcher.handle(.tick, now: 7)
        #expect(orders(late) == ["b/n j/0"])
        #expect(orders(late, .drop).isEmpty)
        #expect(settlements(dispatcher.handle(verdict("a", valid: true), now: 8)).map(\.lane) == [lane("a")])
    }

    /// What was measured since tightens the deadline of a copy that was given out when nothing was known.
    @Test func aCopyIsLateByWhatWasMeasuredSince() {
        let dispatcher = started(tasks: 2)
        _ = dispatcher.handle(ready("a"), now: 1)
        _ = dispatcher.handle(ready("b"), now: 1)
        _ = dispatcher.handle(verdict("b", "n", 1, valid: true), now: 2)
        _ = dispatcher.handle(ready("a", holds: [task(0)], free: 0), now: 20)
        _ = dispatcher.handle(ready("b"), now: 20)
        // One second was measured: hardly ever 3, twice that for a lane that has shown nothing, doubled, and 10 more.
        #expect(orders(dispatcher.handle(.tick, now: 22.9)).isEmpty)
        #expect(orders(dispatcher.handle(.tick, now: 23.1)) == ["b/n j/0"])
    }

    @Test func nothingIsLateBeforeTheDispatcherHasCaughtUp() {
        let dispatcher = Driver()
        _ = dispatcher.handle(ready("a"), now: 1)
        #expect(dispatcher.handle(.tick, now: 1000).isEmpty)
    }

    @Test func aTaskThatFailsAllItsAttemptsFailsForGood() {
        var settings = Dispatcher.Settings()
        settings.attempts = 2
        let dispatcher = started(settings: settings)
        _ = dispatcher.handle(ready("a"), now: 1)
        _ = dispatcher.handle(verdict("a", valid: false), now: 2)
        _ = dispatcher.handle(ready("a", "n2"), now: 3)
        let last = settlements(dispatcher.handle(verdict("a", "n2", valid: false), now: 4))
        #expect(last.count == 1 && last[0].receipt == nil && last[0].failure?.contains("bad") == true)
    }

    @Test func rubbishForATaskThatALaneDoesNotHoldCostsOnlyItsCredit() {
        var settings = Dispatcher.Settings()
        settings.attempts = 2
        let dispatcher = started(settings: settings)
        _ = dispatcher.handle(ready("a"), now: 1)
        for time in 2...9 {
            #expect(settlements(dispatcher.handle(verdict("evil", valid: false), now: Double(time))).isEmpty)
        }
        #expect(settlements(dispatcher.handle(verdict("a", valid: true), now: 10)).count == 1)
    }

    /// All that a broken machine handed in before it was left out costs its lane one invalid receipt, however much it was.
    @Test func aBrokenMachineCostsItsLaneOnce() {
        let dispatcher = started(tasks: 6)
        #expect(orders(dispatcher.handle(ready("a", "bad", free: 5), now: 1)).count == 5)
        for index in 0..<5 { _ = dispatcher.handle(verdict("a", "bad", index, valid: false), now: 2) }
        #expect(orders(dispatcher.handle(ready("a", "bad"), now: 3)).isEmpty)
        #expect(orders(dispatcher.handle(ready("a", "good"), now: 3)) == ["a/good j/5"])
        let restarted = started(tasks: 6)
        for node in ["n1", "n2", "n3", "n4"] { _ = restarted.handle(verdict("a", node, valid: false), now: 2) }
        #expect(orders(restarted.handle(ready("a", "good"), now: 3)).isEmpty, "four machines are all of its credit")
    }

    @Test func aLeavingNodeHandsBackWhatItDoesNotHold() {
        let dispatcher = started()
        _ = dispatcher.handle(ready("a"), now: 1)
        _ = dispatcher.handle(ready("b"), now: 1)
        #expect(orders(dispatcher.handle(ready("a", free: 0, leaving: true), now: 2)) == ["b/n j/0"])
    }

    @Test func aCancelledJobFreesWhatItHeld() {
        let dispatcher = started(tasks: 2)
        _ = dispatcher.handle(ready("a"), now: 1)
        let cancelled = Execution(
            job: "j", state: .cancelled, contentDigest: "", program: .inline(base64: ""), input: .inline(base64: ""),
            imageID: "",
            limitLog2: 19, redundancy: 1, priority: 5, deadlineSeconds: 60, cycleLimit: 1, acceptedAt: 0)
        #expect(orders(dispatcher.handle(.execution(cancelled), now: 2), .drop) == ["a/n j/0"])
        #expect(orders(dispatcher.handle(ready("a"), now: 3)).isEmpty)
    }
}

@Suite struct ReceiptQueueTests {
    @Test func lanesTakeTurns() {
        var queue = ReceiptQueue<Int>()
        for receipt in 0..<5 { _ = queue.add(receipt, of: lane("flood"), node: "n", now: 0) }
        _ = queue.add(100, of: lane("quiet"), node: "n", now: 0)
        let order = [queue.next(), queue.next()].compactMap { $0?.receipt }
        #expect(order == [0, 100])
    }

    @Test func aFloodIsBoundedAndRubbishIsNotVerifiedForEver() {
        var queue = ReceiptQueue<Int>(room: 3)
        let taken = (0..<5).map { queue.add($0, of: lane("a"), node: "n", now: 0) }
        #expect(taken == [true, true, true, false, false])
        for node in 0..<4 { _ = queue.judged(lane("a"), node: "bad\(node)", valid: false, now: 0) }
        while queue.next() != nil {}
        let early = queue.add(9, of: lane("a"), node: "n", now: 1)
        let late = queue.add(9, of: lane("a"), node: "n", now: 5000)
        #expect(!early && late)
        #expect(queue.dropped == 3)
    }

    /// One broken machine: its receipts are no longer looked at, those of its lane's others are. Each time twice as long.
    @Test func aNodeOfInvalidReceiptsIsLeftOut() {
        var queue = ReceiptQueue<Int>()
        var taken: [Bool] = []
        for (number, node) in ["bad", "good", "bad"].enumerated() {
            _ = queue.add(number, of: lane("a"), node: node, now: 0)
        }
        #expect(queue.next()?.receipt == 0)
        #expect(queue.judged(lane("a"), node: "bad", valid: false, now: 0) == [2])
        #expect(queue.next()?.receipt == 1)
        #expect(queue.judged(lane("a"), node: "good", valid: true, now: 0).isEmpty)
        #expect(queue.next() == nil && queue.dropped == 1)
        for (node, now) in [("bad", 119.0), ("good", 119), ("bad", 121)] {
            taken.append(queue.add(1, of: lane("a"), node: node, now: now))
        }
        #expect(queue.judged(lane("a"), node: "bad", valid: false, now: 121) == [1])
        for now in [360.0, 362] { taken.append(queue.add(1, of: lane("a"), node: "bad", now: now)) }
        #expect(taken == [false, true, true, false, true])
    }
}

@Suite struct JobTests {
    private func job(_ id: String = "j", priority: Int? = nil) -> Job {
        Job(id: id, programBase64: "AA==", priority: priority)
    }

    private func execution(of decision: Admission) -> Execution? {
        switch decision {
        case .accept(let execution), .refuse(let execution), .cancel(let execution): execution
        default: nil
        }
    }

    @Test func admission() {
        let accepted = Admission.decide(job(), known: nil, program: .success("1d"), now: 3)
        let known = execution(of: accepted)
        #expect(known?.state == .accepted && known?.imageID == "1d" && known?.acceptedAt == 3)
        #expect(Admission.decide(job(), known: known, program: .success("1d"), now: 4) == .duplicate)
        if case .conflict = Admission.decide(job(priority: 9), known: known, program: .success("1d"), now: 4) {
        } else {
            Issue.record("other content")
        }
        let refused = Admission.decide(job(), known: nil, program: .failure(.init("no ELF")), now: 3)
        #expect(execution(of: refused)?.state == .refused && execution(of: refused)?.reason == "no ELF")
        let cancel = Job(id: "j", action: .cancel)
        #expect(
            execution(of: Admission.decide(cancel, known: known, program: .success(""), now: 5))?.state == .cancelled)
        #expect(Admission.decide(cancel, known: nil, program: .success(""), now: 5) == .nothingToCancel)
    }

    private let body = BodyReference(
        topic: "v", partition: 0, offsets: [0], length: 1, digest: String(repeating: "0", count: 64))

    private func accepted() -> JobProgress {
        var progress = JobProgress()
        progress.take(execution(of: Admission.decide(job(), known: nil, program: .success("1d"), now: 0))!)
        return progress
    }

    private func settled(_ index: Int, failure: String? = nil) -> Settlement {
        Settlement(
            task: TaskID(job: "j", index: index), receipt: failure == nil ? body : nil, failure: failure, lane: nil,
            node: nil)
    }

    @Test func aJobIsCompleteWhenItsRunHasEndedAndAllIsSettledInAnyOrder() {
        var progress = accepted()
        progress.take(settled(1))
        #expect(progress.outcome(now: 1) == nil)
        progress.take(RunEnd(job: "j", cycles: 2, segments: 2, journal: "", journalOpening: "", exit: nil))
        #expect(progress.outcome(now: 1) == nil)
        progress.take(settled(0))
        #expect(progress.outcome(now: 1) == .complete([body, body]))
        progress.runEndIsGone()
        #expect(progress.outcome(now: 1) == nil, "the run of an old job says nothing of this one's")
        progress.take(JobEnd(job: "j", status: .done))
        #expect(progress.outcome(now: 1) == nil)
    }

    @Test func aJobFailsWithItsRunItsSegmentsOrItsTime() {
        var progress = accepted()
        #expect(progress.outcome(now: 86_399) == nil)
        guard case .ended(.failed, _)? = progress.outcome(now: 86_401) else { Issue.record("deadline"); return }
        progress.take(settled(0, failure: "32 attempts"))
        guard case .ended(.failed, let reason)? = progress.outcome(now: 1) else { Issue.record("segment"); return }
        #expect(reason.contains("32 attempts"))
        var other = accepted()
        other.take(
            RunEnd(
                job: "j", cycles: 2, segments: 0, journal: nil, journalOpening: nil, exit: nil, failure: "cycle limit"))
        #expect(other.outcome(now: 1) == .ended(.failed, reason: "cycle limit"))
    }
}
