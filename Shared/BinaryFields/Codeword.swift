import CKernels

/// The encoding of an array's rows, side by side: an interleaved codeword of `AdditiveCode`.
///
///     column y:   word y of row 0, word y of row 1, …      width words, one after the other: a leaf
///
/// Rows in which an array that ends early has nothing are zero, at the end of each column: they are neither encoded nor
/// stored.
///
/// Row u of an array of 2^(folds + m) elements is its u-th block of 2ᵐ; an element of E is three words, c0, c1, c2, each of
/// which is a row of its own, as the code is linear over K. So the little-endian words of a column are the bytes of its
/// elements.
public final class Codeword: Sendable {
    /// Words a column.
    public let width: Int
    /// Words of a column that are stored, the first ones.
    public let stored: Int
    /// Columns, log2.
    public let log: Int
    /// Column y at y · stored.
    public let words: KVector

    /// Encodes at rate 2^−rate. `finished` is called, from many threads, for ranges of columns that make up all of them, each
    /// as soon as it is done and lies in a near cache: the place to hash them.
    ///
    /// - Parameters:
    ///   - array: 2^(folds + m) elements; fewer stand for an array that is zero beyond its end.
    ///   - variables: folds + m.
    ///   - folds: the array has 2^folds rows.
    /// - Precondition: m and m + rate are within the limits of `AdditiveCode`.
    public convenience init(
        encoding array: KSpan, variables: Int, folds: Int, rate: Int,
        finished: @Sendable (Codeword, Range<Int>) -> Void = { _, _ in }
    ) {
        self.init(planes: 1, count: array.count, folds: folds, messageLog: variables - folds, rate: rate)
        let planes = [UnsafePointer(array.pointer)]
        withExtendedLifetime(array) { fill(from: planes, count: array.count, rate: rate, finished) }
    }

    /// The same for an array of E: 3 · 2^folds words a column.
    public convenience init(
        encoding array: ESpan, variables: Int, folds: Int, rate: Int,
        finished: @Sendable (Codeword, Range<Int>) -> Void = { _, _ in }
    ) {
        self.init(planes: 3, count: array.count, folds: folds, messageLog: variables - folds, rate: rate)
        let planes = (0..<3).map { UnsafePointer(array.planes.base + $0 * array.planes.stride) }
        withExtendedLifetime(array) { fill(from: planes, count: array.count, rate: rate, finished) }
    }

    private init(planes: Int, count: Int, folds: Int, messageLog: Int, rate: Int) {
        precondition(messageLog >= 0 && rate >= 0, "fewer entries than rows")
        precondition(messageLog <= AdditiveCode.messageLogLimit && messageLog + rate <= AdditiveCode.wordLogLimit)
        precondition(count <= 1 << (folds + messageLog), "\(count) elements for 2^\(folds + messageLog)")
        width = planes << folds
        stored = planes * max((count + (1 << messageLog) - 1) >> messageLog, 1)
        log = messageLog + rate
        words = KVector(unset: stored << log)
    }

    /// The words of a column.
    public func column(_ index: Int) -> [UInt64] {
        (0..<width).map { $0 < stored ? words[index * stored + $0].bits : 0 }
    }

    /// Calls `body` with the stored words of a range of columns, which are valid until it returns.
    public func withColumns<R>(_ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt64>) throws -> R) rethrows -> R {
        let span = words[range.lowerBound * stored..<range.upperBound * stored]
        return try withExtendedLifetime(words) {
            try body(UnsafeBufferPointer(start: UnsafePointer(span.pointer), count: span.count))
        }
    }

    /// In two passes, so that no layer walks through all of memory alone:
    ///
    /// 1. tiles: the columns at v, v + 2^low, v + 2 · 2^low, … for a few neighbouring v are gathered from the rows into a buffer
    ///    that fits the second cache; the upper layers are done there, once for each coset of the message's domain;
    /// 2. blocks of 2^low columns, one after the other in memory, which fit the second cache too: the lower layers.
    private func fill(
        from planes: [UnsafePointer<UInt64>], count: Int, rate: Int,
        _ finished: @Sendable (Codeword, Range<Int>) -> Void
    ) {
        let rows = Rows(planes: planes, count: count, length: 1 << (log - rate), number: stored / planes.count)
        let tiling = Tiling(width: stored, messageLog: log - rate)
        parallel(tiling.tiles, grain: 1) { range in
            let buffer = KVector(unset: 2 * tiling.tileWords)
            for tile in range { fillTile(tile, of: tiling, from: rows, rate: rate, buffer) }
        }
        parallel(1 << (log - tiling.low), grain: 1) { blocks in
            for block in blocks {
                let first = block << tiling.low
                let start = words.base + first * stored
                sheaf_ntt_layers(start, stored, 0, UInt32(tiling.low), UInt64(first), Self.twiddles.base)
                finished(self, first..<first + 1 << tiling.low)
            }
        }
    }

    /// Writes the columns of a tile, of every coset, after the upper layers.
    private func fillTile(_ tile: Int, of tiling: Tiling, from rows: Rows, rate: Int, _ buffer: KVector) {
        let message = log - rate
        let first = tile * tiling.columns
        let group = tiling.columns * stored  // neighbouring words of the tile
        let (gathered, copy) = (buffer.base, buffer.base + tiling.tileWords)
        sheaf_ntt_gather(
            gathered, rows.starts.map { $0.map { $0 + first } }, stored, tiling.positions, 1 << tiling.low,
            tiling.columns)
        for coset in 0..<1 << rate {
            let isLast = coset + 1 == 1 << rate  // what was gathered is not needed any more
            let layered = isLast ? gathered : copy
            if !isLast { layered.update(from: gathered, count: tiling.tileWords) }
            sheaf_ntt_layers(
                layered, group, UInt32(tiling.low), UInt32(message - tiling.low), UInt64(coset) << UInt64(message),
                Self.twiddles.base)
            for position in 0..<tiling.positions {
                let column = coset << message + position << tiling.low + first
                (words.base + column * stored).update(from: layered + position * group, count: group)
            }
        }
    }

    /// How a codeword of one coset is cut.
    private struct Tiling {
        /// Columns a block, log2.
        let low: Int
        /// Blocks, each of which has a position in every tile.
        let positions: Int
        /// Neighbouring columns a tile takes from each block.
        let columns: Int
        let tiles: Int
        let tileWords: Int

        init(width: Int, messageLog: Int) {
            low = (0...messageLog).last { 8 * width << $0 <= Codeword.cacheBytes } ?? 0
            positions = 1 << (messageLog - low)
            var columns = min(8, 1 << low)
            while columns > 1 && 8 * width * positions * columns > Codeword.cacheBytes / 2 { columns /= 2 }
            self.columns = columns
            tiles = (1 << low) / columns
            tileWords = positions * columns * width
        }
    }

    /// Where the rows of the array begin, read only while it lives; nil where they are zero. `@unchecked Sendable`: nothing
    /// writes to the array meanwhile.
    private struct Rows: @unchecked Sendable {
        private(set) var starts: [UnsafePointer<UInt64>?] = []
        /// The row in which the array ends, with zeros behind.
        private var copies: [KVector] = []

        init(planes: [UnsafePointer<UInt64>], count: Int, length: Int, number: Int) {
            for row in 0..<number {
                let stored = min(max(count - row * length, 0), length)
                for plane in planes {
                    switch stored {
                    case length: starts.append(plane + row * length)
                    case 0: starts.append(nil)
                    default:
                        let copy = KVector(length)
                        copy.base.update(from: plane + row * length, count: stored)
                        copies.append(copy)
                        starts.append(UnsafePointer(copy.base))
                    }
                }
            }
        }
    }

    /// What a block may occupy: half of a second cache.
    private static let cacheBytes = 1 << 19

    /// The tables of ntt.h.
    private static let twiddles: KVector = {
        let digits = Int(SHEAF_NTT_DIGITS)
        let table = KVector(AdditiveCode.messageLogLimit * digits * 16)
        for d in 0..<AdditiveCode.messageLogLimit {
            for place in 0..<digits {
                for digit in 0..<16 {
                    table[(d * digits + place) * 16 + digit] = AdditiveCode.normal(d, at: digit << (4 * place))
                }
            }
        }
        return table
    }()
}
