// The last tasks of a fleet of unequal nodes. Whoever pulls one last and is slow keeps all others waiting for as long as
// its proof takes; so it is left to those who will have done it, and all else that waits, before.

/// How fast a node is: by what it handed in that was valid, and never by its own word.
struct Pace: Sendable {
    /// Seconds a cycle.
    private var measured = Estimate()
    /// Since when it has been at the first of what it was given: when it was last heard to have done something, or when
    /// it was given something while it had nothing.
    private(set) var since = 0.0

    mutating func begin(_ now: Double) { since = now }

    mutating func didProve(cycles: UInt64, now: Double) {
        measured.add(max(0, now - since) / Double(max(1, cycles)))
        since = now
    }

    /// Cycles a second; 0 while nothing is known.
    var rate: Double { measured.mean > 0 ? 1 / measured.mean : 0 }

    /// Seconds for so many cycles; nil while nothing is known.
    func seconds(_ cycles: Double) -> Double? { measured.mean > 0 ? measured.mean * cycles : nil }
}

extension NodeState {
    /// When it will have done what it has, if its tasks have so many cycles each, and what one takes: seconds. Nil while
    /// nothing is known, and when it has taken more than twice its time for the first.
    func schedule(cycles: Double, now: Double) -> (free: Double, each: Double)? {
        guard let each = pace.seconds(cycles) else { return nil }
        if assigned.isEmpty { return (now, each) }
        guard now - pace.since <= 2 * each else { return nil }
        return (max(now, pace.since + Double(assigned.count) * each), each)
    }
}

extension Dispatcher {
    /// Whether a node had better leave a task to others: those whose pace is known will have done all that waits, with
    /// what they have, before this one would be done with it.
    ///
    /// A node counts only while it is bound to come for it: it has a place, or works, and not for longer than it should.
    /// So what is left to others is taken up again when they fail.
    ///
    /// - Complexity: O(1) while there is a backlog, O(nodes) for the last tasks.
    func isBetterLeft(_ task: TaskState, by key: NodeKey, waiting: Int) -> Bool {
        let cycles = Double(max(1, task.message.cycles))
        guard let own = nodes[key]?.schedule(cycles: cycles, now: now) else { return false }
        let end = own.free + own.each * settings.tailMargin
        guard (end - now) * fleetRate >= Double(waiting) * cycles else { return false }
        var done = 0.0
        for (other, node) in nodes where other != key {
            guard let (free, each) = node.schedule(cycles: cycles, now: now), free + each < end,
                !(node.assigned.isEmpty && node.ready.free == 0), !node.ready.leaving,
                node.ready.maximumStackLog2 >= task.message.stackLog2, mayWork(other)
            else { continue }
            done += ((end - free) / each).rounded(.down)
            if done >= Double(waiting) { return true }
        }
        return false
    }

    /// What all nodes together do: cycles a second. Taken at each tick; it bounds what they can have done by some time.
    mutating func measureFleet() {
        fleetRate = nodes.values.reduce(0) { $0 + $1.pace.rate }
    }
}
