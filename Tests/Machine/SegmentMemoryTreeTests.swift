import Hashing
import Machine
import Testing

/// Roots printed by machine_model.py's `Tree`, a program of its own, for pages with the content below.
struct RootVector: Sendable, CustomTestStringConvertible {
    let pages: [UInt32]
    let code: Set<UInt32>
    let root: String
    var testDescription: String { "pages \(pages)" }

    static let all = [
        RootVector(
            pages: [], code: [], root: "8c3ccb52944faa49d8b693736a477750144548d371b8d19c7892dc1649419fa1"),
        RootVector(
            pages: [64], code: [], root: "4f1beb6e3481b8feca7496577eec72b0cb37894b8c046f58c47c33156fcbcae8"),
        RootVector(
            pages: [64], code: [64], root: "01f802cc3c4f54382b95b69722dafc34458dbaa9cad927c984e7f0bf8af0cf1e"),
        RootVector(
            pages: [0, 4_194_303], code: [0], root: "bcc42d7c86883ed760ffd13855fbcc6ea46ce1e8386ebae23f26cfadc524d36b"),
        RootVector(
            pages: [62, 63, 64, 65, 127, 128, 129], code: [62, 63],
            root: "fab6262b96df71ca16e7e37ec75b4275c9d6c94d586b5f250f3c070f1b4bd684"),
        RootVector(
            pages: [64, 65, 200, 4096, 300_000, 720_895, 786_432, 851_968], code: [64, 65],
            root: "c06e680e897f08077b776290eb20b8e69d35c7751422ebada9f0eb3a157b6402"),
    ]

    var kinds: [PageKind] { pages.map { code.contains($0) ? .code : .data } }
    var contents: [UInt32] {
        pages.flatMap { page in
            (0..<UInt32(256)).map { page &* 2_654_435_761 &+ $0 &* 40_503 &+ (page ^ $0) &* 977 }
        }
    }
    var digests: [(index: UInt32, digest: Digest)] {
        Array(zip(pages, MemoryHash.pages(contents, kinds: kinds)))
    }
}

@Suite struct SegmentMemoryTreeTests {
    @Test func emptyDigests() {
        #expect(
            MemoryTree.empty[23].hex == "192faec936a3393ada2dfa6e7e3e961437d3672db3b4361396c9711ca1c72e66")
        #expect(
            MemoryTree.empty[22].hex == "53ca949c6be366612b109332a61101879d975575b657ecd0e2bb6b8bdcee83cb")
        #expect(MemoryTree().root.hex == RootVector.all[0].root)
    }

    @Test func registerDigests() {
        var state = MachineState(entry: 0, memoryRoot: MemoryTree().root)
        #expect(
            state.registerDigest.hex == "7c170734832672261b6e3764a82fdd2344341f81db46574a5b2508b2e2cc3f59")
        state.registers = (0..<32).map { $0 * 0x0101_0101 }
        #expect(
            state.registerDigest.hex == "5512bd23c392274507a14fda259ce21f639fd7c2f94744b3edf8b993a2597ff9")
    }

    @Test func anEmptyCodePageIsNotAnEmptyPage() {
        var tree = MemoryTree()
        let zeros = [UInt32](repeating: 0, count: 256)
        tree.update([(64, MemoryHash.pages(zeros, kinds: [.code])[0])])
        #expect(tree.root.hex == "3c2d23b7ef9336356abaedae55803a61d61109164069afc0ef012e460234955a")
        tree.update([(64, MemoryHash.pages(zeros, kinds: [.data])[0])])
        #expect(tree.root == MemoryTree().root)
    }

    @Test(arguments: RootVector.all) func rootsOfTheModel(vector: RootVector) {
        var tree = MemoryTree()
        tree.update(vector.digests)
        #expect(tree.root.hex == vector.root)
        var oneByOne = MemoryTree()
        for page in vector.digests.reversed() { oneByOne.update([page]) }
        #expect(oneByOne.root == tree.root)
    }

    @Test(arguments: RootVector.all) func pagesOpenUnderTheirRoot(vector: RootVector) throws {
        var tree = MemoryTree()
        tree.update(vector.digests)
        // Touched: every second page, and one that was always empty.
        let touched = (vector.pages.enumerated().filter { $0.offset % 2 == 0 }.map(\.element) + [5000]).sorted()
        let digests = touched.map { tree.digest(level: 23, index: $0) }
        var partial = try PartialMemoryTree(pages: touched, digests: digests, opening: tree.opening(of: touched))
        #expect(partial.root == tree.root)
        for level in 1...23 {
            for index in partial.ancestors(level: level) {
                for side in level == 1 ? [index] : [index, index ^ 1] {
                    #expect(partial.digest(level: level, index: side) == tree.digest(level: level, index: side))
                }
            }
        }
        let changes = touched.map { ($0, Digest(words: SIMD8(repeating: $0))) }
        partial.update(changes)
        tree.update(changes)
        #expect(partial.root == tree.root)
    }

    @Test func anOpeningIsBound() throws {
        let vector = RootVector.all[4]
        var tree = MemoryTree()
        tree.update(vector.digests)
        let touched: [UInt32] = [62, 65, 128]
        let digests = touched.map { tree.digest(level: 23, index: $0) }
        let opening = tree.opening(of: touched)
        for position in opening.indices {
            var wrong = opening
            wrong[position].words[3] ^= 1
            let partial = try PartialMemoryTree(pages: touched, digests: digests, opening: wrong)
            #expect(partial.root != tree.root)
        }
        for wrong in [Array(opening.dropLast()), opening + [opening[0]]] {
            #expect(throws: SegmentError.openingLength(expected: opening.count, got: wrong.count)) {
                try PartialMemoryTree(pages: touched, digests: digests, opening: wrong)
            }
        }
    }

    @Test func anImageIsItsEntryAndItsMemory() {
        let root = MemoryTree().root
        let image = ImageIdentity.digest(entry: 0x1_0000, memoryRoot: root)
        #expect(image != ImageIdentity.digest(entry: 0x1_0004, memoryRoot: root))
        #expect(image != ImageIdentity.digest(entry: 0x1_0000, memoryRoot: MemoryTree.empty[2]))
        #expect(image.hex == "9575851ccc9cee4fcaf5f8fd73299e789104e78938066384047b50abc1d81b1a")
    }
}
