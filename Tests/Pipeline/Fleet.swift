import Pipeline

/// Numbers that a seed repeats (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A simulated network: provers of several lanes with their own characters, a verifier, and the dispatcher under test.
///
/// Time is simulated; messages take `latency`. A node takes one task at a time and holds one more.
struct Fleet {
    enum Character {
        case honest
        /// Takes work and never hands anything in, but says that it lives.
        case idle
        /// Takes work and is never heard of again.
        case vanishing
        /// Hands in rubbish at once.
        case rubbish
        /// Needs this many times as long.
        case slow(Double)
    }

    struct Node {
        let lane: LaneName
        let name: String
        var character = Character.honest
        /// Seconds a task of one unit.
        var seconds = 1.0
        var holds: [TaskID] = []
        var busyUntil: Double?
        var joins = 0.0
        var gone = false
    }

    private enum Happening {
        case ready(Int)
        case finished(Int, TaskID, started: Double)
        case deliver(Int, Work)
        case control(Control)
        case tick
        case restart
    }

    private struct Entry {
        let time: Double
        let number: Int
        let what: Happening
    }

    var dispatcher = Dispatcher()
    var nodes: [Node]
    var latency = 0.01
    private(set) var now = 0.0
    private(set) var settlements: [TaskID: Settlement] = [:]
    private(set) var settledTwice = 0
    private(set) var sent = 0
    /// Seconds of proving that were spent on tasks, wasted ones included.
    private(set) var work = 0.0
    private(set) var events: [JobEvent] = []
    private(set) var finishedAt: [String: Double] = [:]
    /// What a restarted dispatcher would read: the compacted topics.
    private var executions: [String: Execution] = [:]
    private var tasks: [TaskID: TaskMessage] = [:]
    private var records: [String: DispatchRecord] = [:]
    private var open: [String: Int] = [:]
    private var queue = Heap()
    private var number = 0
    private var indices: [LaneName: [String: Int]] = [:]

    init(nodes: [Node], settings: Dispatcher.Settings = .init()) {
        self.nodes = nodes
        dispatcher = Dispatcher(settings: settings)
        for (index, node) in nodes.enumerated() {
            indices[node.lane, default: [:]][node.name] = index
            schedule(.ready(index), at: node.joins + Double(index) * 1e-6)
        }
        schedule(.tick, at: 1)
        apply(dispatcher.handle(.caughtUp, now: 0))
    }

    mutating func submit(_ job: String, segments: Int, redundancy: Int = 1, priority: Int = 5, stackLog2: Int = 20) {
        let execution = Execution(
            job: job, state: .accepted, contentDigest: "", program: .inline(base64: ""), input: .inline(base64: ""),
            imageID: "", limitLog2: 19, redundancy: redundancy, priority: priority, deadlineSeconds: 86400,
            cycleLimit: 1 << 36, acceptedAt: now)
        executions[job] = execution
        apply(dispatcher.handle(.execution(execution), now: now))
        open[job] = segments
        for index in 0..<segments {
            let message = TaskMessage(
                task: TaskID(job: job, index: index), claim: "00", body: body, stackLog2: stackLog2, cycles: 1 << 19)
            tasks[message.task] = message
            apply(dispatcher.handle(.task(message), now: now))
        }
    }

    mutating func cancel(_ job: String) {
        guard let execution = executions[job] else { return }
        executions[job] = execution.cancelled(reason: "test")
        open[job] = nil
        apply(dispatcher.handle(.execution(execution.cancelled(reason: "test")), now: now))
    }

    /// A dispatcher that dies now; another takes over after some seconds, from the topics.
    mutating func restart(after seconds: Double) {
        schedule(.restart, at: now + seconds)
        down = true
    }

    private var down = false

    /// Runs until all jobs are settled, or until a time.
    mutating func run(until end: Double = 1e6) {
        while open.values.contains(where: { $0 > 0 }), let next = queue.first, next.time <= end, let entry = queue.pop()
        {
            now = entry.time
            happen(entry.what)
        }
    }

    private let body = BodyReference(
        topic: "sheaf.segments", partition: 0, offsets: [0], length: 1, digest: String(repeating: "0", count: 64))

    private mutating func schedule(_ what: Happening, at time: Double) {
        number += 1
        queue.push(Entry(time: time, number: number, what: what))
    }

    private mutating func happen(_ what: Happening) {
        switch what {
        case .tick:
            if !down { apply(dispatcher.handle(.tick, now: now)) }
            schedule(.tick, at: now + 1)
        case .restart:
            down = false
            dispatcher = Dispatcher(settings: dispatcher.settings)
            for record in records.keys.sorted() { apply(dispatcher.handle(.record(records[record]!), now: now)) }
            for job in executions.keys.sorted() { apply(dispatcher.handle(.execution(executions[job]!), now: now)) }
            for settlement in settlements.values { apply(dispatcher.handle(.settlement(settlement), now: now)) }
            for task in tasks.keys.sorted() { apply(dispatcher.handle(.task(tasks[task]!), now: now)) }
            apply(dispatcher.handle(.caughtUp, now: now))
        case .control(let control):
            // A dispatcher that is down leaves its input on the topic, where the next one finds it.
            if down {
                schedule(.control(control), at: now + 0.5)
            } else {
                apply(dispatcher.handle(.control(control), now: now))
            }
        case .ready(let index):
            guard !nodes[index].gone else { return }
            sayReady(index)
            schedule(.ready(index), at: now + 3)
        case .deliver(let index, let work):
            receive(work, at: index)
        case .finished(let index, let task, let started):
            finish(index, task, started: started)
        }
    }

    private mutating func sayReady(_ index: Int) {
        let node = nodes[index]
        let ready = Ready(
            node: node.name, partition: 0, maximumStackLog2: 23, cyclesPerSecond: 0, holds: node.holds,
            free: max(0, 2 - node.holds.count))
        schedule(.control(Control(lane: node.lane, ready: ready)), at: now + latency)
    }

    private mutating func receive(_ work: Work, at index: Int) {
        if case .vanishing = nodes[index].character {
            nodes[index].gone = true
            return
        }
        guard !nodes[index].gone else { return }
        if work.order == .drop {
            let wasFirst = nodes[index].holds.first == work.task
            nodes[index].holds.removeAll { $0 == work.task }
            if wasFirst {
                nodes[index].busyUntil = nil
                begin(index)
            }
            sayReady(index)
            return
        }
        guard !nodes[index].holds.contains(work.task) else { return }
        nodes[index].holds.append(work.task)
        begin(index)
    }

    private mutating func begin(_ index: Int) {
        guard nodes[index].busyUntil == nil, let task = nodes[index].holds.first else { return }
        var seconds = nodes[index].seconds
        switch nodes[index].character {
        case .idle: return
        case .rubbish: seconds = 0.001
        case .slow(let factor): seconds *= factor
        case .honest, .vanishing: break
        }
        nodes[index].busyUntil = now + seconds
        schedule(.finished(index, task, started: now), at: now + seconds)
    }

    private mutating func finish(_ index: Int, _ task: TaskID, started: Double) {
        let node = nodes[index]
        work += now - started
        guard node.holds.first == task, node.busyUntil == now, !node.gone else { return }
        nodes[index].holds.removeFirst()
        nodes[index].busyUntil = nil
        var valid = true
        if case .rubbish = node.character { valid = false }
        let verdict = Control.Verdict(task: task, receipt: valid ? body : nil, reason: valid ? nil : "rubbish")
        schedule(.control(Control(lane: node.lane, node: node.name, verdict: verdict)), at: now + latency)
        begin(index)
        sayReady(index)
    }

    private mutating func apply(_ actions: [Dispatcher.Action]) {
        for action in actions {
            switch action {
            case .send(let lane, _, let work):
                sent += 1
                if let index = indices[lane]?[work.node] { schedule(.deliver(index, work), at: now + latency) }
            case .settle(let settlement):
                if settlements[settlement.task] != nil { settledTwice += 1 }
                settlements[settlement.task] = settlement
                open[settlement.task.job]? -= 1
                if open[settlement.task.job] == 0 { finishedAt[settlement.task.job] = now }
            case .save(let record): records[record.key] = record
            case .forget(let task): records[task.description] = nil
            case .event(let event): events.append(event)
            }
        }
    }

    /// A binary heap by time, then by age.
    private struct Heap {
        private var entries: [Entry] = []

        var first: Entry? { entries.first }

        private func before(_ left: Int, _ right: Int) -> Bool {
            (entries[left].time, entries[left].number) < (entries[right].time, entries[right].number)
        }

        mutating func push(_ entry: Entry) {
            entries.append(entry)
            var child = entries.count - 1
            while child > 0, before(child, (child - 1) / 2) {
                entries.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        }

        mutating func pop() -> Entry? {
            guard let first = entries.first else { return nil }
            let last = entries.removeLast()
            if !entries.isEmpty {
                entries[0] = last
                var parent = 0
                while true {
                    var least = parent
                    for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count && before(child, least) {
                        least = child
                    }
                    if least == parent { break }
                    entries.swapAt(parent, least)
                    parent = least
                }
            }
            return first
        }
    }
}

func lane(_ name: String) -> LaneName { LaneName(name)! }

func provers(_ count: Int, of name: String, character: Fleet.Character = .honest, seconds: Double = 1) -> [Fleet.Node] {
    (0..<count).map { Fleet.Node(lane: lane(name), name: "\(name)-\($0)", character: character, seconds: seconds) }
}
