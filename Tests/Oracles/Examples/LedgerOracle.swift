import Foundation

/// The whole ledger: every account and every node of the tree, where the guest has only those that the batch touches.
public enum LedgerOracle: ExampleOracle {
    public static let name = "ledger"

    private static let depth = 8
    private static let accounts = 1 << depth

    private struct State {
        var balances: [UInt64]
        var seals: [[UInt8]]

        func levels() -> [[[UInt8]]] {
            var levels = [zip(balances, seals).map { SHA256Oracle.hash(Words.bigEndian($0) + $1) }]
            while let level = levels.last, level.count > 1 {
                levels.append(
                    stride(from: 0, to: level.count, by: 2).map { SHA256Oracle.hash(level[$0] + level[$0 + 1]) })
            }
            return levels
        }
    }

    /// A ledger of 256 accounts and a batch of eight orders among a few of them: one is paid from more than there is, one
    /// comes with a wrong secret.
    private static func scenario() -> (State, orders: [[UInt8]]) {
        var generator = SeededGenerator(seed: 4)
        var state = State(
            balances: (0..<accounts).map { _ in UInt64.random(in: 1000..<1_000_000, using: &generator) },
            seals: (0..<accounts).map { SHA256Oracle.hash(Array("account \($0) gives no order".utf8)) })
        let busy = (0..<accounts).shuffled(using: &generator).prefix(7)
        var plan: [(from: Int, to: Int, amount: UInt64)] = []
        for _ in 0..<8 {
            let pair = busy.shuffled(using: &generator)
            plan.append((pair[0], pair[1], UInt64.random(in: 1..<1000, using: &generator)))
        }
        plan[5].amount = 100_000_000

        // A seal is the hash of the order that it stands for, so the last orders are written first.
        var orders: [[UInt8]] = []
        for (number, order) in plan.enumerated().reversed() {
            let secret = SHA256Oracle.hash(Array("the secret of order \(number)".utf8))
            let text =
                Words.bigEndian(UInt32(order.from)) + Words.bigEndian(UInt32(order.to))
                + Words.bigEndian(order.amount) + state.seals[order.from] + secret
            state.seals[order.from] = SHA256Oracle.hash(text)
            orders.insert(text, at: 0)
        }
        orders[2][79] ^= 1
        return (state, orders)
    }

    public static func inputs(examples: URL) -> [(name: String, bytes: [UInt8])] {
        let (state, orders) = scenario()
        let levels = state.levels()
        let named = Set(orders.flatMap { [number($0, at: 0), number($0, at: 4)] }).sorted()
        var siblings: [[UInt8]] = []
        var open = named
        for level in levels.dropLast() {
            siblings += open.filter { !open.contains($0 ^ 1) }.map { level[$0 ^ 1] }
            open = Set(open.map { $0 / 2 }).sorted()
        }
        var bytes = Words.bigEndian(UInt32(depth)) + Words.bigEndian(UInt32(named.count))
        for index in named {
            bytes += Words.bigEndian(UInt32(index)) + Words.bigEndian(state.balances[index]) + state.seals[index]
        }
        bytes += Words.bigEndian(UInt32(siblings.count)) + siblings.joined()
        bytes += Words.bigEndian(UInt32(orders.count)) + orders.joined()
        return [(name, bytes)]
    }

    /// `input` gives the orders; the accounts are those of the scenario.
    public static func journal(of input: [UInt8]) -> [UInt8] {
        var (state, _) = scenario()
        var place = 8 + 44 * number(input, at: 4)
        place += 4 + 32 * number(input, at: place)
        let count = number(input, at: place)
        let orders = (0..<count).map { Array(input[place + 4 + 80 * $0..<place + 84 + 80 * $0]) }

        let before = state.levels()[depth][0]
        var (accepted, refused, moved) = (UInt32(0), UInt32(0), UInt64(0))
        for order in orders {
            let (from, to) = (number(order, at: 0), number(order, at: 4))
            let amount = order[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            if SHA256Oracle.hash(order) == state.seals[from], from != to, amount <= state.balances[from] {
                state.balances[from] -= amount
                state.balances[to] += amount
                state.seals[from] = Array(order[16..<48])
                accepted += 1
                moved += amount
            } else {
                refused += 1
            }
        }
        return before + state.levels()[depth][0] + SHA256Oracle.hash(Array(orders.joined()))
            + Words.bigEndian(accepted) + Words.bigEndian(refused) + Words.bigEndian(moved)
    }

    private static func number(_ bytes: [UInt8], at place: Int) -> Int {
        Int(bytes[place..<place + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }
}
