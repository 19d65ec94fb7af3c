import BinaryFields
import Hashing

/// Step 7: what the weight of step 5 is at the point of step 6, a public function: the sum over k and g, index
/// k << columnLog | g, of eq(ρ, k)·eq(g*, g)^(2^k) times eq(run g, high part of y)·eq(r*^(2^k), low part of y).
package enum WeightSumcheck {
    package static func prove(
        _ trace: Trace, rho: [E], columnPoint: [E], rowPoint: [E], stackPoint: [E],
        _ transcript: inout ProverTranscript
    ) {
        let columnLog = columnPoint.count
        let (left, right) = (EVector(64 << columnLog), EVector(64 << columnLog))
        let selectors = selectors(trace, stackPoint)
        let logs = Set(trace.tables.filter { trace.height($0) > 0 }.map { trace.layout.tables[$0].log })
        let weights = eqTable(rho)
        parallel(weights.count, grain: 4) { powers in
            for k in powers {
                let place = k << columnLog
                let (columns, rows) = (columnPoint.map { $0.frobenius(k) }, rowPoint.map { $0.frobenius(k) })
                eqTable(columns, scale: weights[k], into: left[place..<place + 1 << columnLog])
                let lows = Dictionary(
                    uniqueKeysWithValues: logs.map { log in
                        let low = rows.indices.map { $0 < log && $0 < stackPoint.count ? stackPoint[$0] : .zero }
                        return (log, eq(rows, low))
                    })
                for (pair, selector, log) in selectors { right[place + pair] = selector * (lows[log] ?? .zero) }
            }
        }
        transcript.send([innerProduct(left.span, right.span)])
        var sumcheck = ProductSumcheck(left: left, right: right, variables: 6 + columnLog)
        sumcheck.prove(rounds: 6 + columnLog, &transcript)
    }

    /// eq of the run's place and of the coordinates that number runs of its length.
    private static func selectors(_ trace: Trace, _ point: [E]) -> [(pair: Int, selector: E, log: Int)] {
        trace.tables.flatMap { table in
            let log = trace.layout.tables[table].log
            return trace.runs(of: table).map { ($0.pair, eq(Array(point[log...]), index: $0.offset >> log), log) }
        }
    }
}
