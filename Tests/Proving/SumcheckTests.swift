import BinaryFields
import Hashing
import Oracles
import Proving
import Testing

/// Pieces of the prover alone, against evaluations from their definition.
struct SumcheckTests {
    private static let state = Digest(words: [1, 2, 3, 4, 5, 6, 7, 8])

    /// Arrays of any length up to 2^variables, zero beyond: each message is that of the definition, and in the end both
    /// arrays are their extensions at the point.
    @Test(arguments: [
        (0, 1, 1), (1, 1, 2), (3, 8, 5), (5, 32, 32), (5, 0, 7), (11, 2048, 1500), (13, 5000, 8192), (13, 8192, 4096),
    ])
    func products(variables: Int, leftCount: Int, rightCount: Int) throws {
        var random = SeededGenerator(seed: UInt64(variables + 100 * leftCount))
        var (left, right) = (random.point(leftCount), random.point(rightCount))
        var sumcheck = ProductSumcheck(left: EVector(left), right: EVector(right), variables: variables)
        var transcript = ProverTranscript(state: Self.state)
        sumcheck.prove(rounds: variables, &transcript)
        left += [E](repeating: .zero, count: 1 << variables - leftCount)
        right += [E](repeating: .zero, count: 1 << variables - rightCount)
        var verifier = VerifierTranscript(state: Self.state, proof: transcript.proof)
        for round in 0..<variables {
            let half = left.count / 2
            let (atZero, leading) = (0..<half).reduce((E.zero, E.zero)) { sums, x in
                (
                    sums.0 + left[x] * right[x],
                    sums.1 + (left[x] + left[x + half]) * (right[x] + right[x + half])
                )
            }
            #expect(try verifier.read(2) == [atZero, leading], "round \(round)")
            let challenge = verifier.draw()
            left = (0..<half).map { left[$0] + challenge * (left[$0] + left[$0 + half]) }
            right = (0..<half).map { right[$0] + challenge * (right[$0] + right[$0 + half]) }
            #expect(sumcheck.point[variables - 1 - round] == challenge)
        }
        try verifier.finish()
        #expect(sumcheck.leftSpan.elements == left.prefix(sumcheck.leftSpan.count).map { $0 })
        #expect(sumcheck.leftSpan.count == 1 || left[0].isZero)
        #expect(sumcheck.rightSpan.count == 1 && sumcheck.rightSpan[0] == right[0])
    }

    /// Columns of any heights: the two products are right, each layer's claim follows from the one before it, and the last
    /// one is the extension of the leaves.
    @Test(arguments: [
        (rows: 0, slots: 0, heights: [[1], [1]]), (0, 1, [[1, 1], [1]]), (3, 0, [[8], [5]]), (3, 0, [[0], [7]]),
        (3, 2, [[8, 1, 0, 5], [4, 4, 4]]), (4, 3, [[16, 3, 9, 1, 2], []]), (4, 1, [[], []]),
        (12, 2, [[4096, 1500, 2047], [1025, 3000, 1024, 1]]), (12, 1, [[1, 2049], [4000]]),
    ])
    func grandProducts(rows: Int, slots: Int, heights: [[Int]]) throws {
        for madeTwice in 0...2 { try grandProduct(rows: rows, slots: slots, heights: heights, madeTwice: madeTwice) }
    }

    private func grandProduct(rows: Int, slots: Int, heights: [[Int]], madeTwice: Int) throws {
        var random = SeededGenerator(seed: UInt64(rows + 10 * slots + (heights[0].first ?? 0)))
        let columns = heights.map { side in side.map { random.point($0) } }
        var tree = GrandProduct(
            stored: columns.map { $0.map { EVector($0) } }, slotVariables: slots, rowVariables: rows,
            madeTwice: madeTwice)
        let products = columns.map { $0.joined().reduce(E.one, *) }
        #expect(tree.products == products)
        var transcript = ProverTranscript(state: Self.state)
        let (point, claim) = tree.prove(&transcript)

        var leaves: [E] = []
        for side in columns {
            for row in 0..<1 << rows {
                for slot in 0..<1 << slots {
                    leaves.append(slot < side.count && row < side[slot].count ? side[slot][row] : .one)
                }
            }
        }
        #expect(claim == extend(leaves, at: point))

        var verifier = VerifierTranscript(state: Self.state, proof: transcript.proof)
        #expect(try verifier.read(2) == products)
        var (expected, place) = (E.zero, [verifier.draw()])
        expected = extend(products, at: place)
        for layer in 1...max(rows + slots, 1) where rows + slots > 0 {
            var bound: [E] = []
            for k in (0..<layer).reversed() {
                let message = try verifier.read(2)
                let atZero = expected + place[k] * message[0]
                let challenge = verifier.draw()
                expected = evaluate([atZero, message[0] + message[1], message[1]], at: challenge)
                bound.insert(challenge, at: 0)
            }
            let children = try verifier.read(2)
            #expect(children[0] * children[1] == expected, "layer \(layer)")
            let child = verifier.draw()
            expected = children[0] + child * (children[0] + children[1])
            place = [child] + bound
        }
        try verifier.finish()
        #expect(place == point && expected == claim)
    }
}
