import Hashing
import Oracles
import Testing

@Suite("Merkle trees")
struct MerkleTests {
    @Test("Roots and openings of the model, read back")
    func modelVectors() throws {
        for line in try VectorFile("merkle").lines {
            let opening = try Opening(line)
            var prover = ProverTranscript(state: .zero)
            let tree = MerkleTree(leaves: opening.columns.map { Blake3.hash($0, mode: Domain.leaf) })
            #expect(tree.root.hex == line[3])
            prover.open(tree, at: opening.indices) { opening.columns[$0] }
            #expect(prover.proof.count == Int(line[6]))
            #expect(Blake3.hash(prover.proof).hex == line[5])

            var verifier = VerifierTranscript(state: .zero, proof: prover.proof)
            let columns = try opening.read(from: &verifier, root: tree.root)
            try verifier.finish()
            #expect(columns.map { Array($0) } == opening.indices.map { opening.columns[$0] })
            #expect(verifier.drawBytes(1, width: 24) == prover.drawBytes(1, width: 24), "nothing opened is absorbed")
        }
    }

    @Test("Every layer is what hashing pair by pair gives", arguments: 0...9)
    func layers(depth: Int) {
        let leaves = (0..<1 << depth).map { Blake3.hash([UInt8($0 & 255), UInt8($0 >> 8)]) }
        let tree = MerkleTree(leaves: leaves)
        var layer = leaves.map(\.bytes)
        for level in 0...depth {
            #expect(tree.layers[level].map(\.bytes) == layer)
            layer = stride(from: 0, to: layer.count - 1, by: 2).map {
                Blake3.deriveKey(layer[$0] + layer[$0 + 1], context: "sheaf 1 node").bytes
            }
        }
        #expect(tree.depth == depth)
        #expect(tree.root == tree.layers[depth][0])
    }

    @Test("An opening with any byte changed, cut, or at other indices, is refused")
    func hostileOpenings() throws {
        let seed: UInt64 = 5_002
        var random = SeededGenerator(seed: seed)
        for line in try VectorFile("merkle").lines where (1...5).contains(try #require(Int(line[0]))) && line[1] == "24"
        {
            let opening = try Opening(line)
            var prover = ProverTranscript(state: .zero)
            let tree = MerkleTree(leaves: opening.columns.map { Blake3.hash($0, mode: Domain.leaf) })
            prover.open(tree, at: opening.indices) { opening.columns[$0] }
            for position in prover.proof.indices {
                var proof = prover.proof
                proof[position] ^= 1 << UInt8(random.next() % 8)
                #expect(throws: TranscriptError.self, "byte \(position) of \(line), seed \(seed)") {
                    var verifier = VerifierTranscript(state: .zero, proof: proof)
                    _ = try opening.read(from: &verifier, root: tree.root)
                }
                #expect(throws: TranscriptError.self, "cut at \(position) of \(line)") {
                    var verifier = VerifierTranscript(state: .zero, proof: Array(prover.proof[..<position]))
                    _ = try opening.read(from: &verifier, root: tree.root)
                }
            }
            for bit in 0..<opening.depth {
                var moved = opening
                moved.indices = opening.indices.map { $0 ^ 1 << bit }
                guard Set(moved.indices) != Set(opening.indices) else { continue }
                #expect(throws: TranscriptError.self, "bit \(bit) of the indices of \(line)") {
                    var verifier = VerifierTranscript(state: .zero, proof: prover.proof)
                    _ = try moved.read(from: &verifier, root: tree.root)
                }
            }
        }
    }

    @Test("A node is no leaf, a shallower or deeper tree no other")
    func domainsAndDepth() throws {
        let columns = (0..<4).map { [UInt8](repeating: UInt8($0), count: 64) }
        let leaves = columns.map { Blake3.hash($0, mode: Domain.leaf) }
        let tree = MerkleTree(leaves: leaves)
        let pretended = leaves[0].bytes + leaves[1].bytes  // the node above two leaves, given as a column
        #expect(throws: TranscriptError.self) {
            var verifier = VerifierTranscript(state: .zero, proof: pretended + tree.layers[1][1].bytes)
            _ = try verifier.readColumns(at: [0], root: tree.root, depth: 1, columnBytes: 64)
        }
        var prover = ProverTranscript(state: .zero)
        prover.open(tree, at: [2]) { columns[$0] }
        for depth in [1, 3] {
            #expect(throws: TranscriptError.self) {
                var verifier = VerifierTranscript(state: .zero, proof: prover.proof)
                _ = try verifier.readColumns(at: [0], root: tree.root, depth: depth, columnBytes: 64)
            }
        }
    }
}

/// A line of the model's vectors.
private struct Opening {
    let depth: Int
    let size: Int
    let columns: [[UInt8]]
    var indices: [Int]

    init(_ line: [String]) throws {
        let (depth, size) = (try #require(Int(line[0])), try #require(Int(line[1])))
        self.depth = depth
        self.size = size
        columns = (0..<1 << depth).map { Blake3.hash(Array("column \(line[2]) \($0)".utf8), length: size) }
        indices = try line[4].split(separator: ",").map { try #require(Int($0)) }
    }

    func read(from verifier: inout VerifierTranscript, root: Digest) throws -> [ArraySlice<UInt8>] {
        try verifier.readColumns(at: indices, root: root, depth: depth, columnBytes: size)
    }
}
