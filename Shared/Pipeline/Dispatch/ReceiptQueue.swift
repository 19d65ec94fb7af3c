/// Receipts that wait to be verified: lanes take turns, and each has a bounded share of the room and of the trust, so that
/// a flood of rubbish costs its sender and nobody else.
public struct ReceiptQueue<Receipt: Sendable>: Sendable {
    private struct Share: Sendable {
        var waiting: [(node: String, receipt: Receipt)] = []
        var credit: LaneCredit
        /// By node; each costs the lane credit, so there are few.
        var exclusions: [String: Exclusion] = [:]
    }

    private var shares: [LaneName: Share] = [:]
    /// Lanes with something to verify, the one whose turn it is first.
    private var turns: [LaneName] = []
    /// How many receipts of one lane wait at most; what comes beyond is dropped and counted.
    public let room: Int
    public private(set) var dropped = 0

    public init(room: Int = 64) {
        self.room = room
    }

    public var isEmpty: Bool { turns.isEmpty }

    /// How many receipts of a lane wait.
    public func waiting(of lane: LaneName) -> Int { shares[lane]?.waiting.count ?? 0 }

    /// False if the receipt was dropped: the lane has no credit left, its node is left out, or too much waits already.
    public mutating func add(_ receipt: Receipt, of lane: LaneName, node: String, now: Double) -> Bool {
        var share = shares[lane] ?? Share(credit: LaneCredit(at: now))
        let isLeftOut = now < (share.exclusions[node]?.until ?? 0)
        guard share.credit.mayWork(now), !isLeftOut, share.waiting.count < room else {
            dropped += 1
            return false
        }
        if share.waiting.isEmpty { turns.append(lane) }
        share.waiting.append((node, receipt))
        shares[lane] = share
        return true
    }

    public mutating func next() -> (lane: LaneName, receipt: Receipt)? {
        guard !turns.isEmpty else { return nil }
        let lane = turns.removeFirst()
        guard var share = shares[lane], !share.waiting.isEmpty else { return next() }
        let receipt = share.waiting.removeFirst().receipt
        if !share.waiting.isEmpty { turns.append(lane) }
        shares[lane] = share
        return (lane, receipt)
    }

    /// Takes down what a receipt was found to be.
    ///
    /// - Returns: what else of its node waited, and is not looked at any more: nothing if the receipt is valid.
    public mutating func judged(_ lane: LaneName, node: String, valid: Bool, now: Double) -> [Receipt] {
        var share = shares[lane] ?? Share(credit: LaneCredit(at: now))
        defer { shares[lane] = share }
        share.credit.record(valid ? .validReceipt : .invalidReceipt, now: now)
        guard !valid else { return [] }
        share.exclusions = share.exclusions.filter { !$0.value.isForgotten(now) }
        share.exclusions[node, default: Exclusion()].extend(from: now)
        let passedOver = share.waiting.filter { $0.node == node }.map(\.receipt)
        share.waiting.removeAll { $0.node == node }
        dropped += passedOver.count
        return passedOver
    }
}
