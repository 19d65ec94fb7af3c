extension Dispatcher {
    mutating func offerToIdleNodes() {
        guard caughtUp, !hungry.isEmpty, jobs.values.contains(where: { $0.active && !$0.open.isEmpty }) else { return }
        for key in hungry.sorted() { offer(to: key) }
    }

    /// Fills the free places of one node.
    mutating func offer(to key: NodeKey) {
        hungry.remove(key)
        guard caughtUp, places(key) > 0 else { return }
        if mayWork(key) {
            while places(key) > 0, let task = pick(for: key) { give(task, to: key, again: false) }
        }
        if places(key) > 0 { hungry.insert(key) }
    }

    /// Whether a node may have work: its lane has credit, and it is not left out.
    func mayWork(_ key: NodeKey) -> Bool {
        lanes[key.lane]?.mayWork(now) == true && !isLeftOut(key)
    }

    func isLeftOut(_ key: NodeKey) -> Bool { now < (exclusions[key]?.until ?? 0) }

    /// How many tasks more a node can take: what it said, less what is on its way to it.
    private func places(_ key: NodeKey) -> Int {
        guard let node = nodes[key], !node.ready.leaving else { return 0 }
        return node.ready.free - node.assigned.subtracting(node.ready.holds).count
    }

    mutating func give(_ id: TaskID, to key: NodeKey, again: Bool) {
        guard var job = jobs[id.job], var task = job.open[id], let node = nodes[key] else { return }
        jobs[id.job] = nil
        let ahead = node.assigned.subtracting([id]).count
        let deadline = now + allowance(key, task.message, ahead: ahead)
        if let place = task.copies.firstIndex(where: { $0.key == key }) {
            task.copies[place].sent = now
        } else {
            task.copies.append(Copy(key: key, started: now, sent: now, deadline: deadline, ahead: ahead))
            task.lanesThatHadIt.insert(key.lane)
            job.runningCopies += 1
            job.stopWaiting(id)
        }
        job.open[id] = task
        jobs[id.job] = job
        if node.assigned.isEmpty { nodes[key]?.pace.begin(now) }
        nodes[key]?.assigned.insert(id)
        send(
            Work(
                node: key.node, order: .prove, task: id, body: task.message.body, stackLog2: task.message.stackLog2,
                claim: task.message.claim, attempt: task.attempt), to: key)
        guard !again else { return }
        save(id)
        actions.append(
            .event(
                JobEvent(
                    job: id.job, time: now, what: .proving, task: id, lane: key.lane, node: key.node,
                    cycles: task.message.cycles)))
    }

    /// The task that a node should do next.
    private func pick(for key: NodeKey) -> TaskID? {
        guard let node = nodes[key] else { return nil }
        let fair = jobs.filter { $0.value.active && !$0.value.open.isEmpty }.sorted { left, right in
            if left.value.priority != right.value.priority { return left.value.priority > right.value.priority }
            return (left.value.runningCopies, left.value.acceptedAt, left.key)
                < (right.value.runningCopies, right.value.acceptedAt, right.key)
        }
        func fits(_ task: TaskState) -> Bool {
            task.message.stackLog2 <= node.ready.maximumStackLog2 && !task.copies.contains { $0.key == key }
        }
        if let unstarted = unstarted(among: fair.map(\.value), for: key, fits) {
            let waiting = fair.reduce(0) { $0 + $1.value.waiting.count }
            return isBetterLeft(unstarted, by: key, waiting: waiting) ? nil : unstarted.message.task
        }
        let workingLanes = Set(nodes.keys.lazy.filter(mayWork).map(\.lane))
        for (_, job) in fair where job.redundancy > 1 {
            let candidates = job.open.values.filter { task in
                let running = task.running
                guard running > 0, running < job.redundancy, fits(task) else { return false }
                let busyLanes = Set(task.copies.lazy.filter { !$0.late }.map(\.key.lane))
                return !busyLanes.contains(key.lane) || workingLanes.isSubset(of: busyLanes)
            }
            if let best = candidates.min(by: { ($0.running, $0.message.task) < ($1.running, $1.message.task) }) {
                return best.message.task
            }
        }
        return nil
    }

    /// The first task that waits: one that the node's lane never had, or one that no other lane can take.
    private func unstarted(
        among jobs: [JobState], for key: NodeKey, _ fits: (TaskState) -> Bool
    ) -> TaskState? {
        var second: TaskState?
        for job in jobs {
            for id in job.waiting.reversed() {
                guard let task = job.open[id], fits(task) else { continue }
                if !task.lanesThatHadIt.contains(key.lane) { return task }
                if second == nil, !anotherLaneCanTake(task) { second = task }
            }
        }
        return second
    }

    /// Whether a lane that never had the task, that may work and has a node for it, is there.
    private func anotherLaneCanTake(_ task: TaskState) -> Bool {
        nodes.contains { key, node in
            !task.lanesThatHadIt.contains(key.lane) && mayWork(key)
                && node.ready.maximumStackLog2 >= task.message.stackLog2 && !node.ready.leaving
        }
    }
}
