import Foundation
import Hashing
import Machine
import Proving
import Tables
import Verification

/// Milliseconds to verify a proof of 2^k BLAKE3 compressions: under a system of the compression's table alone, and under
/// all tables of the machine.
///
///     sheaf-bench verification [K, 14 by default]
enum VerificationBenchmark {
    static func run(_ arguments: [String]) throws {
        let heightLog = arguments.first.flatMap { Int($0) } ?? 14
        let machine = MachineTables.standard
        let compression = machine[.blake3]
        print("system                 class  bytes     prove s  prepare ms  verify ms")
        try measure("compressions", [compression, mirror(of: compression)], height: 1 << heightLog)
        let others = machine.system.tables.filter { $0 != compression }
        try measure("machine's tables", [compression, mirror(of: compression)] + others, height: 1 << heightLog)
    }

    /// Pulls what the table pushes and pushes what it pulls, row by row: the two balance.
    private static func mirror(of table: Table) -> Table {
        func copies(_ messages: [Message], from first: Int) -> [Message] {
            messages.indices.map { i in
                let words = (0..<4).map { Operand(word: 4 * (first + i) + $0) }
                return Message(words[0], words[1], words[2], words[3])
            }
        }
        return Table(
            name: "mirror", width: 4 * (table.pushes.count + table.pulls.count), constraints: [],
            pushes: copies(table.pulls, from: table.pushes.count), pulls: copies(table.pushes, from: 0))
    }

    private static func measure(_ name: String, _ tables: [Table], height: Int) throws {
        let system = TableSystem(tables)
        let heights = [height, height] + tables.dropFirst(2).map { _ in 0 }
        let needed = Layout(system: system, heights: heights, stackLog: 0, rowLog: 0).neededStackLog
        guard let record = ParameterRecord.builtIn(version: 1, stackLog: max(needed, 16)) else { return }
        let statement = Statement(
            record: record, system: system, heights: heights, boundary: Boundary(pushed: [], pulled: []))
        let witness = Witness(try Layout(statement))
        let rows = compressions(tables[0])
        for r in 0..<height {
            let row = rows[r % rows.count]
            let sent = (tables[0].pushes + tables[0].pulls).flatMap { $0.words.map { $0.value(on: row) } }
            for (j, word) in row.enumerated() { witness[table: 0, row: r, word: j] = word }
            for (j, word) in sent.enumerated() { witness[table: 1, row: r, word: j] = word }
        }
        let clock = ContinuousClock()
        var proof: [UInt8] = []
        let proving = try clock.measure { proof = try Prover(statement: statement, witness: witness).prove() }
        var verifier = Verifier(system)
        let preparing = clock.measure { verifier = Verifier(system) }
        var best = Duration.seconds(1)
        for _ in 0..<20 {
            let time = try clock.measure { try verifier.verify(statement, proof: proof) }
            best = min(best, time)
        }
        func milliseconds(_ time: Duration) -> Double { time / .milliseconds(1) }
        print(
            name.padding(toLength: 22, withPad: " ", startingAt: 0), "2^\(record.stackLog) ", proof.count, "  ",
            String(
                format: "%7.1f %11.2f %10.2f", milliseconds(proving) / 1000, milliseconds(preparing),
                milliseconds(best)))
    }

    /// A few rows of different inputs.
    private static func compressions(_ table: Table) -> [[UInt32]] {
        let order = HintOrder(of: table)
        return (0..<8).map { seed in
            var row = [UInt32](repeating: 0, count: table.width)
            for field in table.fields where field.origin == .given {
                let value = UInt32(
                    truncatingIfNeeded: (seed + 1) &* 0x9E37_79B9 ^ field.name.utf8.reduce(0) { $0 &* 31 &+ Int($1) })
                let mask = field.width == 32 ? .max : UInt32(1) << UInt32(field.width) - 1
                // j may not be its greatest value, which has no successor.
                for piece in field.pieces {
                    let bits = (value & mask & ~1) >> UInt32(piece.low) & UInt32((UInt64(1) << UInt64(piece.count)) - 1)
                    row[piece.word] |= bits << UInt32(piece.offset)
                }
            }
            order.solve(&row)
            return row
        }
    }
}
