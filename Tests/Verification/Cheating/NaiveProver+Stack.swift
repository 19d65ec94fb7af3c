import BinaryFields
import Hashing
import Tables

// Steps 4 to 7.
extension NaiveProver {
    /// Entries of runs: the column pair, where its run begins, how long it is.
    private var runs: [(pair: Int, offset: Int, length: Int)] {
        system.tables.indices.filter { statement.heights[$0] > 0 }.flatMap { table in
            system.columnPairs(of: table).map {
                ($0, layout.offset(ofPair: $0, table: table), 1 << layout.tables[table].log)
            }
        }
    }

    // MARK: 4. Columns

    func proveColumns() {
        let lambda = transcript.draw()
        let scales = operandScales(lambda)
        let byRow = eqTable(rowPoint)
        var columns = [E](repeating: .zero, count: 64 << system.columnLog)
        for run in runs {
            for row in 0..<run.length {
                let word = stack[run.offset + row].c0
                for bit in 0..<64 where word >> UInt64(bit) & 1 == 1 { columns[64 * run.pair + bit] += byRow[row] }
            }
        }
        var forms = linearForms(scales)
        // The true claim and the error of what was sent: constants, which the verifier adds, are in neither.
        claim += linear + innerProduct(forms, columns)
        claim += scales[0] * (sentOperands.a + a) + scales[1] * (sentOperands.b + b)
        columnPoint = rounds(system.columnLog, &forms, &columns)
        bits = columns
        bitPoint = rounds(6, &forms, &columns)
        form = forms[0]
    }

    /// The coefficient of each bit of each column pair in L + λ·v_A + λ²·v_B, index 64·g + u.
    private func linearForms(_ scales: [E]) -> [E] {
        let byPair = eqTable(pairPoint)
        var forms = [E](repeating: .zero, count: 64 << system.columnLog)
        func add(_ operand: Operand, table: Int, weight: (Int) -> E) {
            for position in 0..<32 {
                for source in operand.sources(at: position) {
                    forms[64 * system.columnPairs[table] + 32 * source.word + source.bit] += weight(position)
                }
            }
        }
        for (table, kind) in system.tables.enumerated() {
            for (number, constraint) in kind.constraints.enumerated() {
                let scale = byPair[system.constraintPairs[table] + number / 2]
                for (operand, factor) in zip([constraint.a, constraint.b, constraint.c], scales) {
                    add(operand, table: table) { scale * factor * bitWeights[32 * (number % 2) + $0] }
                }
            }
        }
        for slot in system.slots {
            let message = system.message(in: slot)
            let scale = phi * tableWeights[slot.table] * weight(of: slot)
            let units = [E.one, E(1 << 32, 0, 0), .y, E(0, 1 << 32, 0)]
            for (operand, unit) in zip(message.words, units) {
                add(operand, table: slot.table) { scale * (K(1 << UInt64($0)) * unit).frobenius(message.power) }
            }
        }
        return forms
    }

    // MARK: 5. Ring switch

    func switchRing() {
        let sent = sentBits()
        transcript.send(sent)
        rho = transcript.draw(6)
        claim = eqTable(rho).enumerated().reduce(.zero) { sum, power in
            sum + power.element * combineBits(sent.map { $0.frobenius(power.offset) })
        }
    }

    /// Ω
    private var stackWeights: [E] {
        let (byPower, byPair, byRow) = (eqTable(rho), eqTable(columnPoint), eqTable(rowPoint))
        var weights = [E](repeating: .zero, count: stack.count)
        for run in runs {
            for row in 0..<run.length {
                let factor = byPair[run.pair] * byRow[row]
                weights[run.offset + row] = byPower.enumerated().reduce(.zero) { sum, power in
                    sum + power.element * factor.frobenius(power.offset)
                }
            }
        }
        return weights
    }

    // MARK: 6. Opening

    func open() {
        let record = statement.record
        var (left, array, opened) = (stackWeights, stack, commitment)
        var variables = record.stackLog
        for (level, folds) in record.folds.enumerated() {
            stackPoint = rounds(folds, &left, &array) + stackPoint
            variables -= folds
            array = self.array(array, weight: left, level: level + 1)
            var joined: [(value: E, weights: [E])] = []
            let current = opened
            if level + 1 < record.folds.count {
                opened = NaiveCommitment(
                    array, folds: record.folds[level + 1], rate: record.rates[level + 1], entryBytes: 24)
                transcript.send(root(of: opened, level: level + 1))
                let point = transcript.draw(variables)
                let value = outside(extend(array, at: point), level: level + 1)
                transcript.send([value])
                if joinsOutside(level: level + 1) { joined.append((value, eqTable(point))) }
            } else {
                transcript.send(array)
            }
            grind(bits: record.grinding[level], level: level)
            let indices = transcript.drawIndices(record.queries[level], log: variables + record.rates[level])
            let byRow = eqTable(Array(stackPoint.prefix(folds)))
            var columns: [Int: [E]] = [:]
            for index in indices {
                let weights = codeWeights(index, variables: variables).map { E($0) }
                let column = column(
                    current.columns[index], byRow: byRow, entry: innerProduct(weights, array), level: level)
                columns[index] = column
                if joinsQueries(level: level) { joined.append((innerProduct(byRow, column), weights)) }
            }
            transcript.open(current.tree, at: indices) {
                NaiveCommitment.bytes(columns[$0] ?? [], entryBytes: current.entryBytes)
            }
            let beta = transcript.draw()
            var scale = beta
            for (value, weights) in joined {
                claim += scale * value
                for x in left.indices { left[x] += scale * weights[x] }
                scale *= beta
            }
        }
        stackPoint = rounds(variables, &left, &array) + stackPoint
        (weights, clear) = (left[0], array[0])
    }

    // MARK: 7. Weight

    func proveWeight() {
        let (byPower, byPair) = (eqTable(rho), eqTable(columnPoint))
        let (byRow, byEntry) = (eqTable(rowPoint), eqTable(stackPoint))
        var (left, right) = ([E](), [E]())
        for (k, power) in byPower.enumerated() {
            left += byPair.map { power * $0.frobenius(k) }
            var places = [E](repeating: .zero, count: byPair.count)
            for run in runs {
                places[run.pair] = (0..<run.length).reduce(.zero) {
                    $0 + byEntry[run.offset + $1] * byRow[$1].frobenius(k)
                }
            }
            right += places
        }
        let sent = sentWeight(innerProduct(left, right))
        transcript.send([sent])
        claim = sent
        _ = rounds(6 + system.columnLog, &left, &right)
    }
}
