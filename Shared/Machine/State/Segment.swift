import Hashing

/// A piece of a run that can be proved on its own: from it alone, without the program or the rest of memory, its
/// cycles are reproduced.
public struct Segment: Sendable, Hashable {
    /// Version of the encoding.
    public static let version: UInt32 = 1
    /// Limits that a segment may have, as powers of two of cycles.
    public static let limits = 13...24

    /// A page that the segment touches.
    public struct Page: Sendable, Hashable {
        /// Address / 1024; below 2^22.
        public var index: UInt32
        public var kind: PageKind

        public init(index: UInt32, kind: PageKind) {
            self.index = index
            self.kind = kind
        }
    }

    /// Number of the segment in its run, from 0.
    public var index: UInt32
    /// The limit of the run's segments is 2^limitLog cycles; 13 to 24.
    public var limitLog: Int
    /// Cycles of the run before this segment.
    public var firstCycle: UInt64
    /// Cycles of this segment: 1 to 2^limitLog.
    public var cycles: UInt32
    /// State before the first cycle.
    public var before: MachineState
    /// State after the last one.
    public var after: MachineState
    /// Pages that are executed from, loaded from or stored to, by rising index. None only when a
    /// fetch at a misaligned address is all that happens.
    public var pages: [Page]
    /// Words of these pages before the segment, 256 for each.
    public var contents: [UInt32]
    /// Digests that open the pages under the root before, in the order of `MemoryTree.opening(of:)`.
    public var opening: [Digest]
    /// Words of private input that the segment takes, in order.
    public var inputs: [UInt32]
    /// How the segment ends.
    public var exit: Exit

    public init(
        index: UInt32, limitLog: Int, firstCycle: UInt64, cycles: UInt32, before: MachineState, after: MachineState,
        pages: [Page], contents: [UInt32], opening: [Digest], inputs: [UInt32], exit: Exit
    ) {
        self.index = index
        self.limitLog = limitLog
        self.firstCycle = firstCycle
        self.cycles = cycles
        self.before = before
        self.after = after
        self.pages = pages
        self.contents = contents
        self.opening = opening
        self.inputs = inputs
        self.exit = exit
    }

    /// The 256 words of page number `position` of `pages`, before the segment.
    public func content(of position: Int) -> ArraySlice<UInt32> {
        contents[MemoryMap.pageWords * position..<MemoryMap.pageWords * (position + 1)]
    }

    /// The tree of the touched pages, checked against the root before the segment.
    ///
    /// Of a segment without pages the tree is empty, without a root. Throws `SegmentError.openingLength` or
    /// `.memoryRoot` when pages and opening do not belong to that root.
    public func openedTree() throws(SegmentError) -> PartialMemoryTree {
        let digests = MemoryHash.pages(contents, kinds: pages.map(\.kind))
        let tree = try PartialMemoryTree(pages: pages.map(\.index), digests: digests, opening: opening)
        if let root = tree.root, root != before.memoryRoot {
            throw .memoryRoot(expected: before.memoryRoot, got: root)
        }
        return tree
    }
}

/// What is wrong with bytes that claim to be a segment, or with a segment that claims to be part of a run.
public enum SegmentError: Error, Sendable, Hashable {
    /// The first four bytes are not `SHSG`.
    case notASegment
    /// Written by another version.
    case version(expected: UInt32, got: UInt32)
    /// The bytes end before the field does.
    case truncated(field: String, needed: Int, left: Int)
    /// Bytes follow the last field.
    case trailingBytes(Int)
    /// A field has a value that no segment has.
    case field(String, value: UInt64)
    /// Page indices do not rise.
    case pageOrder(previous: UInt32, next: UInt32)
    /// The pages need another number of digests.
    case openingLength(expected: Int, got: Int)
    /// Pages and opening hash to another root than the state before names.
    case memoryRoot(expected: Digest, got: Digest)
}

extension SegmentError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notASegment: "not a segment: the first four bytes are not SHSG"
        case .version(let expected, let got):
            "segment of version \(got), this program reads version \(expected)"
        case .truncated(let field, let needed, let left):
            "segment ends early: \(field) needs \(needed) bytes, \(left) are left"
        case .trailingBytes(let count): "\(count) bytes after the end of the segment"
        case .field(let name, let value): "segment field \(name) cannot be \(value)"
        case .pageOrder(let previous, let next): "page \(next) stands after page \(previous)"
        case .openingLength(let expected, let got): "the pages need \(expected) digests to be opened, got \(got)"
        case .memoryRoot(let expected, let got):
            "pages and digests hash to \(got.hex), the state before has the root \(expected.hex)"
        }
    }
}
