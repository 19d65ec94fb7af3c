extension Dispatcher {
    /// A node's word: what it holds is compared with what it was given, then its free places are filled.
    mutating func take(_ ready: Ready, of lane: LaneName) {
        let key = NodeKey(lane: lane, node: ready.node)
        if lanes[lane] == nil { lanes[lane] = LaneCredit(at: now) }
        var node = nodes[key] ?? NodeState(ready: ready, seen: now)
        node.ready = ready
        node.seen = now
        nodes[key] = node
        let held = Set(ready.holds)
        for task in ready.holds where !node.assigned.contains(task) {
            send(Work(node: ready.node, order: .drop, task: task), to: key)
        }
        for task in node.assigned.sorted() where !held.contains(task) {
            if ready.leaving {
                release(task, from: key, deed: nil, reason: "the node left")
            } else if let copy = jobs[task.job]?.open[task]?.copies.first(where: { $0.key == key }) {
                if now - copy.sent >= settings.resend { give(task, to: key, again: true) }
            } else {
                nodes[key]?.assigned.remove(task)
            }
        }
        offer(to: key)
    }

    /// A verifier's verdict on what a node handed in.
    mutating func take(_ verdict: Control.Verdict, of key: NodeKey) {
        let id = verdict.task
        if lanes[key.lane] == nil { lanes[key.lane] = LaneCredit(at: now) }
        nodes[key]?.seen = now
        guard let receipt = verdict.receipt else {
            let reason = verdict.reason ?? "invalid"
            release(id, from: key, deed: nil, reason: "invalid receipt: \(reason)")
            // What it had handed in before it was left out costs no more.
            if !isLeftOut(key) {
                charge(key.lane, .invalidReceipt)
                exclude(key)
            }
            return
        }
        guard let task = jobs[id.job]?.open[id] else { return }  // settled before, or its job has ended
        if let copy = task.copies.first(where: { $0.key == key }) {
            deadlines.measured(lane: key.lane, stackLog2: task.message.stackLog2, seconds: now - copy.started)
            nodes[key]?.pace.didProve(cycles: task.message.cycles, now: now)
        }
        charge(key.lane, .validReceipt)
        actions.append(
            .event(
                JobEvent(
                    job: id.job, time: now, what: .verified, task: id, lane: key.lane, node: key.node,
                    cycles: task.message.cycles)))
        settle(Settlement(task: id, receipt: receipt, failure: nil, lane: key.lane, node: key.node))
        offer(to: key)
    }

    /// Leaves a node out for a while: what it has goes to others.
    private mutating func exclude(_ key: NodeKey) {
        exclusions[key, default: Exclusion()].extend(from: now)
        for task in nodes[key]?.assigned.sorted() ?? [] {
            send(Work(node: key.node, order: .drop, task: task), to: key)
            release(task, from: key, deed: nil, reason: "the node hands in what is invalid")
        }
    }

    /// Everything that only time brings: silence, deadlines, lanes that may work again.
    mutating func tick() {
        guard caughtUp else { return }
        for key in nodes.keys.sorted() {
            guard let node = nodes[key], now - node.seen > settings.silence else { continue }
            nodes[key] = nil
            hungry.remove(key)
            if !node.assigned.isEmpty { charge(key.lane, .silent) }
            for task in node.assigned.sorted() { release(task, from: key, deed: nil, reason: "the node fell silent") }
        }
        measureFleet()
        exclusions = exclusions.filter { !$0.value.isForgotten(now) }
        var overdue: [(TaskID, NodeKey)] = []
        for job in jobs.values {
            for (id, task) in job.open {
                for copy in task.copies where !copy.late && deadline(of: copy, task.message) < now {
                    overdue.append((id, copy.key))
                }
            }
        }
        for (task, key) in overdue.sorted(by: { ($0.0, $0.1) < ($1.0, $1.1) }) {
            release(task, from: key, deed: .late, reason: "late")
        }
        offerToIdleNodes()
    }

    /// What was measured since a copy was given out can only bring its deadline nearer.
    private func deadline(of copy: Copy, _ message: TaskMessage) -> Double {
        min(copy.deadline, copy.started + allowance(copy.key, message, ahead: copy.ahead))
    }

    // MARK: The ends of a copy

    /// A copy failed: the task waits again unless another copy runs, its attempt raised; too many and it fails its job.
    /// A late copy stays with its node, uncounted: it may still be the first.
    mutating func release(_ id: TaskID, from key: NodeKey, deed: LaneCredit.Deed?, reason: String) {
        guard var job = jobs[id.job], var task = job.open[id],
            let place = task.copies.firstIndex(where: { $0.key == key })
        else {
            nodes[key]?.assigned.remove(id)
            return
        }
        jobs[id.job] = nil
        let counted = !task.copies[place].late
        if deed == .late {
            task.copies[place].late = true
        } else {
            task.copies.remove(at: place)
            nodes[key]?.assigned.remove(id)
        }
        if counted {
            job.runningCopies -= 1
            task.attempt += 1
            actions.append(
                .event(
                    JobEvent(
                        job: id.job, time: now, what: .replayed, task: id, lane: key.lane, node: key.node,
                        reason: reason)))
        }
        if task.running == 0 { job.wait(id) }
        job.open[id] = task
        jobs[id.job] = job
        if let deed { charge(key.lane, deed) }
        if counted, task.attempt >= settings.attempts {
            settle(
                Settlement(
                    task: id, receipt: nil, failure: "\(task.attempt) attempts failed; the last: \(reason)", lane: nil,
                    node: nil))
        } else {
            save(id)
            offerToIdleNodes()
        }
    }

    /// The task is over: whoever still works on it is told to drop it.
    mutating func settle(_ settlement: Settlement) {
        let id = settlement.task
        guard var job = jobs[id.job], let task = job.open[id] else { return }
        jobs[id.job] = nil
        job.open[id] = nil
        job.stopWaiting(id)
        job.runningCopies -= task.running
        job.settled.insert(id)
        jobs[id.job] = job
        for copy in task.copies { takeBack(id, from: copy.key, drop: true) }
        actions.append(.settle(settlement))
        actions.append(.forget(id))
        actions.append(
            .event(
                JobEvent(
                    job: id.job, time: now, what: settlement.failure == nil ? .settled : .failed, task: id,
                    lane: settlement.lane,
                    node: settlement.node, cycles: task.message.cycles, reason: settlement.failure)))
    }

    mutating func takeBack(_ task: TaskID, from key: NodeKey, drop: Bool) {
        guard nodes[key]?.assigned.remove(task) != nil, drop else { return }
        send(Work(node: key.node, order: .drop, task: task), to: key)
    }

    mutating func charge(_ lane: LaneName, _ deed: LaneCredit.Deed) {
        var credit = lanes[lane] ?? LaneCredit(at: now)
        credit.record(deed, now: now)
        lanes[lane] = credit
        actions.append(.save(DispatchRecord(lane: .init(lane: lane, credit: credit))))
    }

    mutating func save(_ id: TaskID) {
        guard let task = jobs[id.job]?.open[id] else { return }
        let holders = task.copies.filter { !$0.late }.map {
            DispatchRecord.Holder(lane: $0.key.lane, node: $0.key.node)
        }
        actions.append(
            .save(
                DispatchRecord(
                    task: .init(task: id, attempt: task.attempt, copies: holders, lanes: task.lanesThatHadIt.sorted())))
        )
    }

    mutating func send(_ work: Work, to key: NodeKey) {
        guard let node = nodes[key] else { return }
        actions.append(.send(lane: key.lane, partition: node.ready.partition, work))
    }
}
