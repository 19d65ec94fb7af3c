import BinaryFields
import Hashing
import Tables
import Verification

/// A prover written down from docs/protocol.md, with whole arrays and sums over all of their entries. On it stand cheating
/// provers: each changes one step, and goes on as well as it can.
///
/// It takes rows up to the end of their runs, whatever stands in them beyond the height.
class NaiveProver {
    let statement: Statement
    let system: TableSystem
    let layout: Layout
    let rows: [[[UInt32]]]
    let stack: [E]
    let commitment: NaiveCommitment
    var transcript: ProverTranscript
    /// What the verifier is left with, as it follows what is sent.
    var claim = E.zero

    var gamma = E.zero
    var zeta: [E] = []
    var kappa: [E] = []
    var tau: [E] = []
    /// The Lagrange weights of z.
    var bitWeights: [E] = []
    var pairPoint: [E] = []
    var phi = E.zero
    var rowPoint: [E] = []
    /// Ã, B̃, W̃ and Ũ_T, and L, as they are.
    var a = E.zero
    var b = E.zero
    var weight = E.zero
    var tableWeights: [E] = []
    var linear = E.zero
    /// v_A and v_B as they were sent.
    var sentOperands = (a: E.zero, b: E.zero)
    var columnPoint: [E] = []
    var bitPoint: [E] = []
    /// Λ̃ at this point, and w̃(g*, u, r*).
    var form = E.zero
    var bits: [E] = []
    var rho: [E] = []
    var stackPoint: [E] = []
    /// At this point all weights of step 6 and the array in clear.
    var weights = E.zero
    var clear = E.zero

    init(_ statement: Statement, rows: [[[UInt32]]]) throws {
        self.statement = statement
        system = statement.system
        layout = try Layout(statement)
        self.rows = rows
        var stack = [E](repeating: .zero, count: 1 << layout.stackLog)
        for table in system.tables.indices {
            for (row, words) in rows[table].enumerated() {
                for (j, word) in words.enumerated() {
                    let pair = system.columnPairs[table] + j / 2
                    stack[layout.offset(ofPair: pair, table: table) + row].c0 |= UInt64(word) << UInt64(32 * (j % 2))
                }
            }
        }
        self.stack = stack
        let record = statement.record
        commitment = NaiveCommitment(stack, folds: record.folds[0], rate: record.rates[0], entryBytes: 8)
        transcript = ProverTranscript(state: statement.transcriptState(layout))
    }

    func prove() -> [UInt8] {
        transcript.send(root(of: commitment, level: 0))
        proveMessages()
        let messages = claim + .one
        proveConstraints()
        proveRows(messages)
        proveColumns()
        switchRing()
        open()
        proveWeight()
        return transcript.proof
    }

    // MARK: What cheats change

    /// The two products, for an empty point, or the children sent at the end of a layer with this point.
    func children(_ point: [E], _ even: E, _ odd: E) -> (E, E) { (even, odd) }
    /// P on the coset.
    func onCoset(_ values: [E]) -> [E] { values }
    /// v_A and v_B.
    func operands() -> (a: E, b: E) { (a, b) }
    /// The factors of A, B and C in step 4.
    func operandScales(_ lambda: E) -> [E] { [lambda, lambda.squared(), weight] }
    /// ŝ
    func sentBits() -> [E] { bits }
    /// The array that level `level` commits to, or is sent in clear after the last, from what the level before has left.
    func array(_ folded: [E], weight: [E], level: Int) -> [E] { folded }
    func root(of commitment: NaiveCommitment, level: Int) -> Digest { commitment.tree.root }
    /// The extension of what level `level` commits to, out of the domain.
    func outside(_ value: E, level: Int) -> E { value }
    func joinsOutside(level: Int) -> Bool { true }
    func grind(bits: Int, level: Int) { transcript.grind(bits: bits) }
    /// A column that is opened, to be folded to the entry of the following array's codeword.
    func column(_ column: [E], byRow: [E], entry: E, level: Int) -> [E] { column }
    func joinsQueries(level: Int) -> Bool { true }
    /// Ω(y*)
    func sentWeight(_ value: E) -> E { value }

    // MARK: Sumchecks

    /// Binds bits of a sum of sums.
    func rounds(_ count: Int, _ sums: inout [NaiveSum], degree: Int) -> [E] {
        var point: [E] = []
        for _ in 0..<count {
            var s = sums.map(\.round).reduce([.zero, .zero, .zero, .zero]) { zip($0, $1).map { $0 + $1 } }
            s.removeLast(3 - degree)
            transcript.send([s[0]] + s[2...])
            s[1] = s[2...].reduce(claim, +)
            let challenge = transcript.draw()
            claim = evaluate(s, at: challenge)
            for index in sums.indices { sums[index].bind(at: challenge) }
            point.insert(challenge, at: 0)
        }
        return point
    }

    func rounds(_ count: Int, _ left: inout [E], _ right: inout [E]) -> [E] {
        var sums = [NaiveSum(left, right)]
        let point = rounds(count, &sums, degree: 2)
        (left, right) = (sums[0].weight, sums[0].c)
        return point
    }

    // MARK: 1. Messages

    /// γ + x0 + x1·Y to the power 2^k, or (x0 + x1·Y)^(2^k) without constants where no row counts.
    private func factor(_ message: Message, _ words: [UInt32], counts: Bool) -> E {
        let m = message.words.map { UInt64(value($0, words, counts: counts)) }
        let element = E(m[0] | m[1] << 32, m[2] | m[3] << 32, 0)
        return (counts ? gamma + element : element).frobenius(message.power)
    }

    private func value(_ operand: Operand, _ words: [UInt32], counts: Bool) -> UInt32 {
        operand.value(on: words) ^ (counts ? 0 : operand.constant)
    }

    private func proveMessages() {
        gamma = transcript.draw()
        var leaves = [E](repeating: .one, count: 1 << layout.leafLog)
        for slot in system.slots {
            let message = system.message(in: slot)
            for row in 0..<statement.heights[slot.table] {
                let place = (slot.side.rawValue << layout.rowLog | row) << system.slotLog | slot.number
                leaves[place] = factor(message, rows[slot.table][row], counts: true)
            }
        }
        var layers = [leaves]
        while leaves.count > 2 {
            leaves = (0..<leaves.count / 2).map { leaves[2 * $0] * leaves[2 * $0 + 1] }
            layers.append(leaves)
        }
        let products = children([], leaves[0], leaves[1])
        transcript.send([products.0, products.1])
        zeta = transcript.draw(1)
        claim = extend([products.0, products.1], at: zeta)
        for layer in layers.dropLast().reversed() { proveLayer(layer) }
    }

    private func proveLayer(_ nodes: [E]) {
        var even = (0..<nodes.count / 2).map { nodes[2 * $0] }
        var odd = (0..<nodes.count / 2).map { nodes[2 * $0 + 1] }
        var point: [E] = []
        for k in zeta.indices.reversed() {
            var (difference, leading) = (E.zero, E.zero)
            for (x, weight) in eqTable(Array(zeta[..<k])).enumerated() {
                let y = x + 1 << k
                difference += weight * (even[x] * odd[x] + even[y] * odd[y])
                leading += weight * (even[x] + even[y]) * (odd[x] + odd[y])
            }
            transcript.send([difference, leading])
            let challenge = transcript.draw()
            claim = evaluate([claim + zeta[k] * difference, difference + leading, leading], at: challenge)
            (even, odd) = (bound(even, at: challenge), bound(odd, at: challenge))
            point.insert(challenge, at: 0)
        }
        let sent = children(zeta, even[0], odd[0])
        transcript.send([sent.0, sent.1])
        let joined = transcript.draw(1)
        claim = extend([sent.0, sent.1], at: joined)
        zeta = joined + point
    }

    private var rowPart: [E] { Array(zeta[system.slotLog..<zeta.count - 1]) }

    func weight(of slot: Slot) -> E {
        let side = zeta[zeta.count - 1]
        return eqTable(Array(zeta[..<system.slotLog]))[slot.number] * (slot.side == .pulled ? side : .one + side)
    }

    // MARK: 2. Constraints, 3. Rows

    /// W, A, B and C at some Z on all pairs and rows, index i << n | r.
    private func constraintSum(_ weights: [E]) -> NaiveSum {
        let (byPair, byRow) = (eqTable(kappa), eqTable(tau))
        let zeros = [E](repeating: .zero, count: byPair.count * byRow.count)
        var sum = NaiveSum(weight: zeros, a: zeros, b: zeros, c: zeros)
        for (table, kind) in system.tables.enumerated() {
            for (number, constraint) in kind.constraints.enumerated() {
                let (i, half) = (system.constraintPairs[table] + number / 2, number % 2)
                for (row, words) in rows[table].enumerated() {
                    let (place, counts) = (i << layout.rowLog | row, row < statement.heights[table])
                    if counts { sum.weight[place] = byPair[i] * byRow[row] }
                    func add(_ operand: Operand, to array: inout [E]) {
                        let word = value(operand, words, counts: counts)
                        for bit in 0..<32 where word >> UInt32(bit) & 1 == 1 {
                            array[place] += weights[32 * half + bit]
                        }
                    }
                    add(constraint.a, to: &sum.a)
                    add(constraint.b, to: &sum.b)
                    add(constraint.c, to: &sum.c)
                }
            }
        }
        return sum
    }

    private func proveConstraints() {
        let drawn = transcript.draw(system.constraintLog + max(layout.rowLog - 3, 0))
        kappa = Array(drawn[..<system.constraintLog])
        tau = UnivariateDomain.fixedTau.prefix(layout.rowLog).map { E($0) } + drawn[system.constraintLog...]
        let values = UnivariateDomain.coset.points.map { point in
            let sum = constraintSum(lagrange(.domain, E(point)))
            return sum.weight.indices.reduce(E.zero) { $0 + sum.weight[$1] * (sum.a[$1] * sum.b[$1] + sum.c[$1]) }
        }
        let sent = onCoset(values)
        transcript.send(sent)
        let z = transcript.draw()
        bitWeights = lagrange(.domain, z)
        claim = vanishing(z) * UnivariateDomain.inverseOnCoset * innerProduct(lagrange(.coset, z), sent)
    }

    private func proveRows(_ messages: E) {
        var sums = [constraintSum(bitWeights)]
        pairPoint = rounds(system.constraintLog, &sums, degree: 3)
        phi = transcript.draw()
        claim += phi * messages
        sums += messageSums()
        rowPoint = rounds(layout.rowLog, &sums, degree: 3)
        (a, b, weight) = (sums[0].a[0], sums[0].b[0], sums[0].weight[0])
        tableWeights = sums.dropFirst().map { $0.weight[0] }
        linear = sums.dropFirst().reduce(weight * sums[0].c[0]) { $0 + $1.weight[0] * $1.c[0] }
        let sent = operands()
        transcript.send([sent.a, sent.b])
        claim += weight * sent.a * sent.b
        sentOperands = sent
    }

    /// For each table U_T and φ·D_T.
    private func messageSums() -> [NaiveSum] {
        let byRow = eqTable(rowPart)
        return system.tables.indices.map { table in
            let height = statement.heights[table]
            var form = [E](repeating: .zero, count: byRow.count)
            for slot in system.slots where slot.table == table {
                let message = system.message(in: slot)
                for (row, words) in rows[table].enumerated() {
                    let factor = factor(message, words, counts: row < height)
                    form[row] += phi * weight(of: slot) * (row < height ? factor + .one : factor)
                }
            }
            return NaiveSum(byRow.indices.map { $0 < height ? byRow[$0] : .zero }, form)
        }
    }
}
