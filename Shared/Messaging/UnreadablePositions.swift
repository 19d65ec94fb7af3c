/// What to do about positions whose bytes cannot be decoded: a record that inflates beyond what the client takes would
/// stop its partition for ever. After two errors at one position, reading goes on behind it: one offset further, then
/// two, four, and so on until something can be read.
package struct UnreadablePositions {
    private struct Trouble {
        var offset: Int64
        var errors: Int
        var step: Int64
    }

    private var troubles: [TopicPartition: Trouble] = [:]

    package init() {}

    /// - Returns: the offsets to pass over, or nil to let the client try again.
    package mutating func failed(at offset: Int64, of partition: TopicPartition) -> Range<Int64>? {
        var trouble = troubles[partition] ?? Trouble(offset: offset, errors: 0, step: 1)
        if offset != trouble.offset { trouble = Trouble(offset: offset, errors: 0, step: trouble.step) }
        trouble.errors += 1
        guard trouble.errors >= 2 else {
            troubles[partition] = trouble
            return nil
        }
        let skipped = offset..<offset + trouble.step
        troubles[partition] = Trouble(offset: skipped.upperBound, errors: 0, step: trouble.step * 2)
        return skipped
    }

    /// A record of the partition was read: the trouble is over.
    package mutating func succeeded(_ partition: TopicPartition) {
        troubles[partition] = nil
    }
}
