/// What an account holds. Its leaf in the tree is the hash of both.
final class Account {
    let index: UInt32
    var balance: UInt64
    /// The hash of the one order that may move this account's money next.
    var seal: Digest

    init(index: UInt32, balance: UInt64, seal: Digest) {
        self.index = index
        self.balance = balance
        self.seal = seal
    }

    /// Ten words, so that no leaf is a node, which has sixteen.
    func leaf<Hash: WordHash>(_: Hash.Type) -> Digest {
        var words: [UInt32] = [UInt32(truncatingIfNeeded: balance >> 32), UInt32(truncatingIfNeeded: balance)]
        seal.append(to: &words)
        return Hash.hash(words)
    }
}

/// An order to move money, as its owner wrote it down when the account's seal was set.
///
/// The seal is the hash of the whole order. The owner's secret is a part of it, so nobody can guess an order before it is
/// shown, and nobody can find another order with the same hash after. Each order carries the seal of the next.
struct Order {
    let from: UInt32
    let to: UInt32
    let amount: UInt64
    /// The order as it is hashed: from, to, amount, next seal, secret; 20 words.
    let words: [UInt32]

    static let wordCount = 20

    init(words: [UInt32]) {
        self.words = words
        from = words[0]
        to = words[1]
        amount = UInt64(words[2]) << 32 | UInt64(words[3])
    }

    var nextSeal: Digest {
        var seal = [8 of UInt32](repeating: 0)
        for place in 0..<8 {
            seal[place] = words[4 + place]
        }
        return Digest(seal)
    }
}

/// The part of the ledger that a batch touches.
struct Ledger<Hash: WordHash> {
    let depth: UInt32
    /// By rising index.
    let accounts: [Account]

    enum Outcome {
        case accepted
        case refused
        /// The order names an account of the tree that was not given: the batch cannot be judged.
        case unknown
    }

    func account(_ index: UInt32) -> Account? {
        var low = 0
        var high = accounts.count
        while low < high {
            let middle = (low + high) / 2
            if accounts[middle].index < index {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < accounts.count && accounts[low].index == index ? accounts[low] : nil
    }

    /// Carries an order out, or leaves the ledger as it is.
    func apply(_ order: Order) -> Outcome {
        guard order.from >> depth == 0, order.to >> depth == 0, order.from != order.to else {
            return .refused
        }
        guard let payer = account(order.from), let payee = account(order.to) else {
            return .unknown
        }
        let (balance, overflow) = payee.balance.addingReportingOverflow(order.amount)
        guard Hash.hash(order.words) == payer.seal, order.amount <= payer.balance, !overflow else {
            return .refused
        }
        payer.balance -= order.amount
        payer.seal = order.nextSeal
        payee.balance = balance
        return .accepted
    }

    var leaves: [(index: UInt32, digest: Digest)] {
        accounts.map { ($0.index, $0.leaf(Hash.self)) }
    }
}
