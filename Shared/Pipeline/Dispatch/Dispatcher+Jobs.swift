// A job that is changed is taken out of `jobs` meanwhile: two references to it would copy all its tasks.

extension Dispatcher {
    mutating func take(_ execution: Execution) {
        guard execution.state == .accepted else {
            forget(job: execution.job)
            return
        }
        var job = jobs[execution.job] ?? JobState()
        guard !job.ended else { return }
        jobs[execution.job] = nil
        job.priority = execution.priority
        job.redundancy = execution.redundancy
        job.acceptedAt = execution.acceptedAt
        job.active = true
        jobs[execution.job] = job
        offerToIdleNodes()
    }

    mutating func take(_ message: TaskMessage) {
        var job = jobs[message.task.job] ?? JobState()
        guard !job.ended, !job.settled.contains(message.task), job.open[message.task] == nil else { return }
        jobs[message.task.job] = nil
        var task = TaskState(message: message)
        if let record = records.removeValue(forKey: message.task) { restore(record, into: &task, of: &job) }
        job.open[message.task] = task
        if task.running == 0 { job.wait(message.task) }
        jobs[message.task.job] = job
        offerToIdleNodes()
    }

    /// A job that ended, by whatever way, holds nothing any more.
    mutating func forget(job id: String) {
        guard var job = jobs[id] else {
            jobs[id] = JobState(ended: true)
            return
        }
        for task in job.open.values.sorted(by: { $0.message.task < $1.message.task }) {
            for copy in task.copies { takeBack(task.message.task, from: copy.key, drop: true) }
            actions.append(.forget(task.message.task))
        }
        job = JobState(ended: true)
        jobs[id] = job
    }

    // MARK: After a restart

    mutating func restore(_ settlement: Settlement) {
        let id = settlement.task
        records[id] = nil
        close(id)
        guard jobs[id.job]?.ended != true else { return }
        jobs[id.job, default: JobState()].settled.insert(id)
    }

    /// Nobody works on the task any more.
    mutating func close(_ id: TaskID) {
        guard var job = jobs.removeValue(forKey: id.job) else { return }
        if let task = job.open.removeValue(forKey: id) {
            job.stopWaiting(id)
            job.runningCopies -= task.running
            for copy in task.copies { nodes[copy.key]?.assigned.remove(id) }
        }
        jobs[id.job] = job
    }

    mutating func restore(_ record: DispatchRecord) {
        if let lane = record.lane { lanes[lane.lane] = lane.credit }
        guard let saved = record.task else { return }
        guard var job = jobs[saved.task.job], var task = job.open[saved.task] else {
            records[saved.task] = saved
            return
        }
        jobs[saved.task.job] = nil
        job.runningCopies -= task.running
        task.copies = []
        restore(saved, into: &task, of: &job)
        job.open[saved.task] = task
        if task.running > 0 { job.stopWaiting(saved.task) } else { job.wait(saved.task) }
        jobs[saved.task.job] = job
    }

    /// Copies that ran go on; their deadlines start afresh, and none expires before the dispatcher has caught up.
    private func restore(_ saved: DispatchRecord.Task, into task: inout TaskState, of job: inout JobState) {
        task.attempt = saved.attempt
        task.lanesThatHadIt = Set(saved.lanes)
        task.copies = saved.copies.map {
            Copy(key: NodeKey(lane: $0.lane, node: $0.node), started: now, sent: now, deadline: .infinity)
        }
        job.runningCopies += task.running
    }

    mutating func catchUp() {
        caughtUp = true
        records.removeAll()
        for id in jobs.keys.sorted() {
            for (taskID, task) in jobs[id]?.open ?? [:] {
                for place in task.copies.indices {
                    let copy = task.copies[place]
                    // A node that is still there says so within moments; until then it counts as seen now.
                    if nodes[copy.key] == nil {
                        nodes[copy.key] = NodeState(
                            ready: Ready(
                                node: copy.key.node, partition: 0, maximumStackLog2: 0, cyclesPerSecond: 0, holds: [],
                                free: 0),
                            seen: now)
                    }
                    nodes[copy.key]?.assigned.insert(taskID)
                    let deadline = now + allowance(copy.key, task.message, ahead: 0)
                    jobs[id]?.open[taskID]?.copies[place].deadline = deadline
                }
            }
        }
        offerToIdleNodes()
    }

    func allowance(_ key: NodeKey, _ message: TaskMessage, ahead: Int) -> Double {
        deadlines.allowance(
            lane: key.lane, stackLog2: message.stackLog2, cycles: message.cycles,
            cyclesPerSecond: nodes[key]?.ready.cyclesPerSecond ?? 0, ahead: ahead, settings: settings)
    }
}
