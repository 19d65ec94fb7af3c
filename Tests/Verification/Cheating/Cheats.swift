import BinaryFields
import Hashing
import Tables
import Verification

/// Sends products that balance though the messages do not, and down to a layer children that fit the false claim. From this
/// layer on its claims are true: only there do children not have the product that they should.
final class Liar: NaiveProver {
    private let honestFrom: Int
    /// By how much the second child sent last is wrong.
    private var error = E.zero

    init(_ statement: Statement, rows: [[[UInt32]]], honestFrom: Int) throws {
        self.honestFrom = honestFrom
        try super.init(statement, rows: rows)
    }

    override func children(_ point: [E], _ even: E, _ odd: E) -> (E, E) {
        if point.isEmpty {
            let (pushed, pulled) = (product(.pushed), product(.pulled))
            error = odd + even * pushed * pulled.inverse()
        } else {
            error = point.count < honestFrom ? error * point[0] * even.inverse() : .zero
        }
        return (even, odd + error)
    }

    private func product(_ side: Side) -> E {
        statement.boundary.messages(of: side).reduce(.one) { product, words in
            let m = (0..<4).map { UInt64(words[$0]) }
            return product * (gamma + E(m[0] | m[1] << 32, m[2] | m[3] << 32, 0))
        }
    }
}

/// Says that no constraint is broken: P = 0.
class Denier: NaiveProver {
    override func onCoset(_ values: [E]) -> [E] { values.map { _ in .zero } }
}

/// A denier who sends a v_A or v_B with which the false claim fits, and goes on as if step 4 did not hold it to the rows.
final class Unbound: Denier {
    private let isFirst: Bool

    init(_ statement: Statement, rows: [[[UInt32]]], isFirst: Bool) throws {
        self.isFirst = isFirst
        try super.init(statement, rows: rows)
    }

    override func operands() -> (a: E, b: E) {
        // claim + W·v_A·v_B = L, as L truly is.
        let product = (claim + linear) * weight.inverse()
        return isFirst ? (product * b.inverse(), b) : (a, product * a.inverse())
    }

    override func operandScales(_ lambda: E) -> [E] {
        isFirst ? [.zero, lambda.squared(), weight] : [lambda, .zero, weight]
    }
}

/// A denier who sends ŝ that fit the false claim on the columns; what they claim of the stack is false.
class Twister: Denier {
    /// The bit whose ŝ is changed.
    private let bit: Int

    init(_ statement: Statement, rows: [[[UInt32]]], bit: Int = 0) throws {
        self.bit = bit
        try super.init(statement, rows: rows)
    }

    override func sentBits() -> [E] {
        let byBit = eqTable(bitPoint)
        var sent = bits
        sent[bit] += (claim + form * innerProduct(byBit, bits)) * (form * byBit[bit]).inverse()
        return sent
    }
}

/// A twister who, at a level, goes over to an array that has the value claimed of the stack. From there on all is true but
/// that this array is what the level before has left: the columns of that level say another one.
class Switcher: Twister {
    let level: Int

    init(_ statement: Statement, rows: [[[UInt32]]], level: Int) throws {
        self.level = level
        try super.init(statement, rows: rows)
    }

    override func array(_ folded: [E], weight: [E], level: Int) -> [E] {
        guard level == self.level else { return folded }
        var array = folded
        // Entry 0 is the constant of every codeword, so that all entries of the two differ.
        array[0] += (claim + innerProduct(weight, folded)) * weight[0].inverse()
        return array
    }
}

/// A switcher who goes on as if the queries of the level before were not claims on its array.
final class Unqueried: Switcher {
    override func joinsQueries(level: Int) -> Bool { level + 1 != self.level }
}

/// A switcher who opens columns that fold to entries of its array's codeword: they are not the ones committed to.
final class Fabricator: Switcher {
    override func column(_ column: [E], byRow: [E], entry: E, level: Int) -> [E] {
        guard level + 1 == self.level else { return column }
        let error = entry + innerProduct(byRow, column)
        var column = column
        guard level == 0 else {
            column[0] += error * byRow[0].inverse()
            return column
        }
        // Entries of K: three of them, by Cramer's rule in the coordinates of E over K.
        let minors = (0..<3).map { determinant([error, byRow[($0 + 1) % 3], byRow[($0 + 2) % 3]]) }
        let inverse = determinant(Array(byRow[..<3])).inverse()
        for row in 0..<3 { column[row] += E(minors[row] * inverse) }
        return column
    }

    private func determinant(_ columns: [E]) -> K {
        let m = columns.map { [K($0.c0), K($0.c1), K($0.c2)] }
        return (0..<3).reduce(.zero) { sum, i in
            let (j, k) = ((i + 1) % 3, (i + 2) % 3)
            return sum + m[0][i] * (m[1][j] * m[2][k] + m[1][k] * m[2][j])
        }
    }
}

/// Sends another root for a level than that of the columns that it opens.
final class Forger: NaiveProver {
    private let level: Int

    init(_ statement: Statement, rows: [[[UInt32]]], level: Int) throws {
        self.level = level
        try super.init(statement, rows: rows)
    }

    override func root(of commitment: NaiveCommitment, level: Int) -> Digest {
        level == self.level ? commitment.tree.layers[0][0] : commitment.tree.root
    }
}

/// Sends a false value out of the domain for a level's array, and goes on as if it were no claim on it.
final class Outsider: NaiveProver {
    private let level: Int

    init(_ statement: Statement, rows: [[[UInt32]]], level: Int) throws {
        self.level = level
        try super.init(statement, rows: rows)
    }

    override func outside(_ value: E, level: Int) -> E { level == self.level ? value + .one : value }
    override func joinsOutside(level: Int) -> Bool { level != self.level }
}

/// Sends, at a level, a nonce with one of the zero bits missing.
final class Idler: NaiveProver {
    private let level: Int

    init(_ statement: Statement, rows: [[[UInt32]]], level: Int) throws {
        self.level = level
        try super.init(statement, rows: rows)
    }

    override func grind(bits: Int, level: Int) {
        guard level == self.level else { return super.grind(bits: bits, level: level) }
        _ = transcript.draw(0)
        for nonce in UInt64(0)... {
            var next = transcript
            next.send(bytes: (0..<8).map { UInt8(truncatingIfNeeded: nonce >> (8 * $0)) })
            guard next.drawIndices(1, log: bits) == [1 << (bits - 1)] else { continue }
            transcript = next
            return
        }
    }
}

/// A twister who in the end sends the weight with which the false claim fits.
final class Weigher: Twister {
    override func sentWeight(_ value: E) -> E {
        // (sent + all other weights)·clear = claim
        claim * clear.inverse() + weights + value
    }
}
