import Tables

extension RowWriter {
    /// The row between two epochs; `epoch` is the one that ends.
    mutating func epoch(_ epoch: UInt32, pc: UInt32) {
        bits(epoch, 17)
        bits(pc >> 1, 31)
        bits(Hints.step(epoch), 15)
        finish()
    }

    mutating func refresh(_ r: RefreshRecord) {
        let old = r.token >> 11
        bits(r.epoch, 17)
        bits(old, 17)
        bits(r.token >> 2, 9)
        bits(r.token, 2)
        bits(r.number, 6)
        word(r.value)
        bits(Hints.borrows(old, r.epoch), 16)
        finish()
    }
}
