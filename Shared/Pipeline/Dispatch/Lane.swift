/// What a lane has earned: it decides whether it gets work and how much of what it sends is looked at.
///
/// A lane starts with some credit, so that newcomers work at once, and wins back what it lost only slowly, so that one
/// that fails over and over costs the others little.
public struct LaneCredit: Codable, Hashable, Sendable {
    /// Below one, a lane gets no work.
    public private(set) var points: Double
    /// When `points` was true: seconds since 1970.
    public private(set) var at: Double

    public static let start = 60.0
    public static let most = 100.0
    /// Points that come back in a second: a lane that lost all waits a minute for its next task.
    public static let recovery = 1.0 / 60

    public init(at now: Double) {
        points = Self.start
        at = now
    }

    public enum Deed: Sendable {
        case validReceipt
        /// Another copy was faster, or the deadline has passed.
        case late
        /// A node fell silent with work in its hands.
        case silent
        /// Wrong claim, bad proof, malformed: nobody does this by accident.
        case invalidReceipt

        var points: Double {
            switch self {
            case .validReceipt: 1
            case .late: -8
            case .silent: -4
            case .invalidReceipt: -15
            }
        }
    }

    public mutating func record(_ deed: Deed, now: Double) {
        points = min(Self.most, max(-Self.most, current(now) + deed.points))
        at = now
    }

    /// The points at a time, with what came back since.
    public func current(_ now: Double) -> Double {
        points >= 1 ? points : min(1, points + max(0, now - at) * Self.recovery)
    }

    public func mayWork(_ now: Double) -> Bool { current(now) >= 1 }
}

/// That a node is left out after an invalid receipt: it gets no work, and what it hands in is not looked at.
///
/// So one broken machine costs its lane's credit once, and not with every task.
struct Exclusion: Sendable {
    /// How long the first one lasts: seconds. Each further one lasts twice as long, up to a day.
    static let first = 120.0
    /// How long it is remembered after its end: seconds.
    static let memory = 3600.0

    private(set) var times = 0
    private(set) var until = 0.0

    mutating func extend(from now: Double) {
        until = now + min(86_400, Self.first * Double(1 << min(times, 10)))
        times += 1
    }

    func isForgotten(_ now: Double) -> Bool { now > until + Self.memory }
}

/// How long a proof of a class takes: a running mean and deviation, as TCP estimates round trips (RFC 6298).
struct Estimate: Hashable, Sendable {
    private(set) var mean = 0.0
    private(set) var deviation = 0.0
    private(set) var samples = 0

    mutating func add(_ seconds: Double) {
        if samples == 0 {
            mean = seconds
            deviation = seconds / 2
        } else {
            deviation += (abs(seconds - mean) - deviation) / 4
            mean += (seconds - mean) / 8
        }
        samples += 1
    }

    /// What is hardly ever exceeded.
    var upper: Double { mean + 4 * deviation }
}

/// When a copy is late. Deadlines run from dispatch, follow what was measured for the class and the lane, and are not
/// stored.
struct Deadlines: Sendable {
    private struct Key: Hashable, Sendable {
        let lane: LaneName
        let stackLog2: Int
    }

    private var ofLane: [Key: Estimate] = [:]
    private var ofClass: [Int: Estimate] = [:]

    mutating func measured(lane: LaneName, stackLog2: Int, seconds: Double) {
        ofLane[Key(lane: lane, stackLog2: stackLog2), default: Estimate()].add(seconds)
        ofClass[stackLog2, default: Estimate()].add(seconds)
    }

    /// Seconds from dispatch. `ahead`: how many tasks the node has to finish first.
    func allowance(
        lane: LaneName, stackLog2: Int, cycles: UInt64, cyclesPerSecond: Double, ahead: Int,
        settings: Dispatcher.Settings
    ) -> Double {
        let own = ofLane[Key(lane: lane, stackLog2: stackLog2)], all = ofClass[stackLog2]
        let expected: Double
        if let own, let all {
            // A lane that is always slow must not make itself longer deadlines without end.
            expected = min(own.upper, 4 * all.upper)
        } else if let all {
            expected = 2 * all.upper
        } else if cyclesPerSecond > 0 {
            expected = 2 * Double(cycles) / cyclesPerSecond
        } else {
            return settings.unknownAllowance * Double(1 + ahead)
        }
        return settings.leastAllowance + settings.allowanceFactor * expected * Double(1 + ahead)
    }
}
