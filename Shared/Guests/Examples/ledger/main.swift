// A batch of transfers over a ledger that is known by the root of a Merkle tree: the work of a rollup.
//
// Input, in big-endian words: the tree's depth; the count of accounts that the batch names, and each of them by rising
// index (index, balance in two words, seal in eight); the count of siblings that open them, and those (eight words each);
// the count of orders, and those (from, to, amount in two words, next seal, secret). Journal: the root before, the root
// after, the hash of all orders, how many were accepted, how many refused, and the sum that was moved (two words), all
// big-endian. Exit codes: 1 the input is malformed or does not open the first root, 2 an account is missing.

import Guest

typealias Hash = SHA256

func word() -> UInt32 { Input.word().byteSwapped }

func digest() -> Digest {
    var words = [8 of UInt32](repeating: 0)
    for place in 0..<8 {
        words[place] = word()
    }
    return Digest(words)
}

/// Reads a list that is preceded by its count, `size` words for each element.
func list<Element>(of size: Int, _ element: () -> Element) -> [Element] {
    let count = Int(word())
    guard count <= Input.remaining / (4 * size) else {
        halt(1)
    }
    return (0..<count).map { _ in element() }
}

func write(_ digest: Digest) {
    for place in 0..<8 {
        Journal.write(digest.words[place].byteSwapped)
    }
}

let depth = word()
let accounts = list(of: 11) {
    Account(index: word(), balance: UInt64(word()) << 32 | UInt64(word()), seal: digest())
}
let opening = MerkleOpening<Hash>(depth: depth, siblings: list(of: 8, digest))
let orders = list(of: Order.wordCount) { Order(words: (0..<Order.wordCount).map { _ in word() }) }

let indicesRise = zip(accounts, accounts.dropFirst()).allSatisfy { $0.index < $1.index }
guard depth < 32, indicesRise, accounts.allSatisfy({ $0.index >> depth == 0 }), Input.remaining == 0 else {
    halt(1)
}
let ledger = Ledger<Hash>(depth: depth, accounts: accounts)
guard let before = opening.root(ledger.leaves) else {
    halt(1)
}

var accepted: UInt32 = 0
var refused: UInt32 = 0
var moved: UInt64 = 0
for order in orders {
    switch ledger.apply(order) {
    case .accepted:
        accepted += 1
        moved &+= order.amount
    case .refused:
        refused += 1
    case .unknown:
        halt(2)
    }
}
guard let after = opening.root(ledger.leaves) else {
    halt(1)
}

write(before)
write(after)
write(Hash.hash(orders.flatMap { $0.words }))
Journal.write(accepted.byteSwapped)
Journal.write(refused.byteSwapped)
Journal.write(moved.byteSwapped)
