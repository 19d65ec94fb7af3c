import Hashing
import Tables

extension RowWriter {
    @inline(__always) mutating func digest(_ digest: Digest) {
        for i in 0..<8 { word(digest.words[i]) }
    }

    mutating func node(_ node: PageTrace.Node, isAfter: Bool) {
        bits(UInt32(node.level), 5)
        bits(node.index, 23)
        digest(node.own)
        digest(node.left)
        digest(node.right)
        if !isAfter { bits(node.isClean ? 1 : 0, 1) }
        bits(Hints.step(UInt32(node.level)), 3)
        finish()
    }

    mutating func leaf(_ leaf: PageTrace.Leaf) {
        bits(leaf.place, 29)
        digest(leaf.digest)
        finish()
    }

    mutating func page(_ page: Segment.Page, before: Digest?, after: Digest?) {
        bits(page.index, 22)
        if before != nil { bits(UInt32(page.kind.rawValue), 1) }
        if let before { digest(before) }
        if let after { digest(after) }
        finish()
    }

    mutating func zeroBlock(_ page: Segment.Page, j: Int) {
        bits(page.index, 22)
        bits(UInt32(j), 4)
        finish()
    }

    /// - Parameters:
    ///   - words: 16 words.
    ///   - times: of their last accesses, where the row closes the block.
    mutating func block(
        _ page: Segment.Page, j: Int, _ words: UnsafePointer<UInt32>, times: UnsafePointer<UInt32>?
    ) {
        let j = UInt32(j)
        bits(page.index, 22)
        bits(UInt32(page.kind.rawValue), 1)
        bits(j, 4)
        for i in 0..<16 { word(words[i]) }
        var (first, last) = (~j & 1, j & 1)
        for i in UInt32(1)..<4 {
            first &= ~j >> i
            last &= j >> i
            bits(first, 1)
            bits(last, 1)
        }
        if let times {
            for i in 0..<16 { bits(times[i], 25) }
        }
        finish()
    }

    mutating func registers(before: [UInt32], _ hart: Hart, digests: (Digest, Digest)) {
        for i in 1..<32 { word(before[i]) }
        for i in 1..<32 { word(hart.values[i]) }
        digest(digests.0)
        digest(digests.1)
        word(hart.values[Hart.base])
        for i in 0..<Hart.registerCount {
            if i == Hart.sink { word(hart.values[i]) }
            bits(hart.tokens[i], 28)
        }
        finish()
    }
}
