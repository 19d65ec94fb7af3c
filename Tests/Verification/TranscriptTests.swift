import BinaryFields
import Hashing
import ProofVectors
import Tables
import Testing
import Verification

/// Rules 1 and 9: everything that shapes a proof, and everything sent, is hashed before the next challenge. The schedule
/// itself is pinned by the vectors.
struct TranscriptTests {
    @Test func everyPartOfAStatementChangesTheFirstState() throws {
        let statements = try variants(of: vector("five steps").statement)
        var states: [Digest: String] = [:]
        for (name, statement) in statements {
            let state = statement.transcriptState(try Layout(statement))
            #expect(states[state] == nil, "\(name) and \(states[state] ?? "") begin alike")
            states[state] = name
        }
        #expect(states.count == statements.count)
    }

    @Test func everyPartOfAStatementIsNeededByTheProof() throws {
        let vector = try vector("five steps")
        for (name, statement) in try variants(of: vector.statement).dropFirst() {
            #expect(throws: VerificationError.self, "\(name)") {
                try Verifier(statement.system).verify(statement, proof: vector.proof)
            }
        }
    }

    /// The verifier's schedule says when an item is hashed; here each byte that it absorbs changes all draws that follow,
    /// and no draw before.
    @Test func everySentItemChangesEveryLaterDraw() throws {
        let vector = try vector("few queries")
        let schedule = try Verifier(vector.statement.system).trace(vector.statement, proof: vector.proof).schedule
        let state = try #require(vector.state)
        let honest = draws(schedule, state, vector.proof)
        var position = 0
        for (place, event) in schedule.enumerated() {
            guard case .absorbed(let count) = event else {
                if case .unabsorbed(let count) = event { position += count }
                continue
            }
            for byte in [position, position + count - 1] {
                var changed = vector.proof
                changed[byte] ^= 0x10
                let others = draws(schedule, state, changed)
                let before = schedule[..<place].count { $0.isDraw }
                #expect(Array(honest[..<before]) == Array(others[..<before]))
                // The empty draw before grinding shows in its successors only.
                #expect(zip(honest[before...], others[before...]).allSatisfy { $0.isEmpty || $0 != $1 })
            }
            position += count
        }
        #expect(position == vector.proof.count)
    }

    /// Over many proofs, each of the 192 bits of each challenge takes both values.
    @Test func challengesTakeTheirWholeRange() throws {
        var seen: [String: (ones: E, zeros: E)] = [:]
        for vector in try VectorCases.honest {
            let trace = try Verifier(vector.statement.system).trace(vector.statement, proof: vector.proof)
            let all = E(.max, .max, .max)
            let tau = trace.constraints.tau.dropFirst(UnivariateDomain.fixedTau.count)
            for (name, challenges) in [
                ("gamma", [trace.messages.gamma]), ("mu", trace.messages.point), ("kappa", trace.constraints.kappa),
                ("tau", Array(tau)), ("z", [trace.constraints.z]), ("pair rounds", trace.rows.pairPoint),
                ("phi", [trace.rows.phi]), ("row rounds", trace.rows.rowPoint), ("lambda", [trace.columns.lambda]),
                ("column rounds", trace.columns.columnPoint), ("bit rounds", trace.columns.bitPoint),
                ("rho", trace.stack.rho), ("fold rounds", trace.opening.point), ("beta", trace.opening.betas),
            ] {
                for challenge in challenges {
                    seen[name, default: (.zero, .zero)].ones = seen[name, default: (.zero, .zero)].ones | challenge
                    seen[name, default: (.zero, .zero)].zeros =
                        seen[name, default: (.zero, .zero)].zeros | (all + challenge)
                }
            }
        }
        for (name, bits) in seen {
            #expect(bits.ones == E(.max, .max, .max) && bits.zeros == E(.max, .max, .max), "\(name)")
        }
    }

    private func vector(_ name: String) throws -> VectorCase {
        try #require(try VectorCases.honest.first { $0.name == name })
    }

    /// What each draw of a schedule gives, by BLAKE3 alone.
    private func draws(_ schedule: [TranscriptEvent], _ state: Digest, _ proof: [UInt8]) -> [[UInt8]] {
        var (state, pending, rest, drawn) = (state, [UInt8](), proof[...], [[UInt8]]())
        for event in schedule {
            switch event {
            case .absorbed(let bytes):
                pending += rest.prefix(bytes)
                rest = rest.dropFirst(bytes)
            case .unabsorbed(let bytes):
                rest = rest.dropFirst(bytes)
            case .drawn(let count, let width):
                let output = Blake3.keyedHash(pending, key: state, length: 32 + count * width)
                state = Digest(bytes: output.prefix(32)) ?? .zero
                drawn.append(Array(output.dropFirst(32)))
                pending = []
            }
        }
        return drawn
    }

    /// A statement and others that differ from it in one part each.
    private func variants(of base: Statement) throws -> [(String, Statement)] {
        func with(
            record: ParameterRecord? = nil, tables: [Table]? = nil, heights: [Int]? = nil,
            pushed: [MessageWords]? = nil, pulled: [MessageWords]? = nil, claim: [CanonicalValue]? = nil
        ) -> Statement {
            Statement(
                record: record ?? base.record, system: tables.map { TableSystem($0) } ?? base.system,
                heights: heights ?? base.heights,
                boundary: Boundary(
                    pushed: pushed ?? base.boundary.pushed, pulled: pulled ?? base.boundary.pulled),
                claim: claim ?? base.claim)
        }
        func record(
            version: Int = 1, stack: Int = 0, rows: Int = 0, folds: [Int]? = nil, rates: [Int]? = nil,
            queries: [Int]? = nil, grinding: [Int]? = nil, limit: Int = 0
        ) throws -> ParameterRecord {
            let r = base.record
            return try ParameterRecord(
                version: version, stackLog: r.stackLog + stack, rowLog: r.rowLog + rows, folds: folds ?? r.folds,
                rates: rates ?? r.rates, queries: queries ?? r.queries, grinding: grinding ?? r.grinding,
                heightLimit: r.heightLimit + limit)
        }
        let (record0, tables) = (base.record, base.system.tables)
        var result: [(String, Statement)] = [
            ("the statement", base),
            ("version", with(record: try record(version: 2))), ("stackLog", with(record: try record(stack: 1))),
            ("rowLog", with(record: try record(rows: 1))),
            ("folds", with(record: try record(folds: [2, 3] + record0.folds.dropFirst(2)))),
            ("rates", with(record: try record(rates: [2] + record0.rates.dropFirst()))),
            ("queries", with(record: try record(queries: [9] + record0.queries.dropFirst()))),
            ("grinding", with(record: try record(grinding: [0] + record0.grinding.dropFirst()))),
            ("heightLimit", with(record: try record(limit: 1))),
            ("a message more pushed", with(pushed: base.boundary.pushed + [.zero])),
            ("a message more pulled", with(pulled: base.boundary.pulled + [.zero])),
            ("sides exchanged", with(pushed: base.boundary.pulled, pulled: base.boundary.pushed)),
            ("claim of a number", with(claim: [.number(0)])),
            ("claim of two", with(claim: [.number(0), .number(0)])),
            ("claim of one in a list", with(claim: [.list([.number(0)])])),
        ]
        for t in base.heights.indices {
            for step in [1, -1] where base.heights[t] + step >= 0 {
                var heights = base.heights
                heights[t] += step
                result.append(("height \(t) by \(step)", with(heights: heights)))
            }
        }
        for word in 0..<4 {
            for side in Side.allCases {
                var messages = base.boundary.messages(of: side)
                messages[0][word] ^= 1 << 31
                result.append(
                    (
                        "word \(word) of \(side)",
                        side == .pushed ? with(pushed: messages) : with(pulled: messages)
                    ))
            }
        }
        var wider = tables
        wider[1].width += 1
        var fewer = tables
        fewer[0].constraints.removeLast()
        var operand = tables
        operand[0].constraints[0].a.constant ^= 1
        var silent = tables
        silent[0].pushes.removeAll()
        var exchanged = tables
        (exchanged[1].pushes, exchanged[1].pulls) = (tables[1].pulls, tables[1].pushes)
        result += [
            ("wider", with(tables: wider)), ("a constraint fewer", with(tables: fewer)),
            ("another operand", with(tables: operand)), ("silent", with(tables: silent)),
            ("messages exchanged", with(tables: exchanged)), ("tables turned", with(tables: tables.reversed())),
        ]
        return result
    }
}

extension TranscriptEvent {
    fileprivate var isDraw: Bool {
        if case .drawn = self { true } else { false }
    }
}

extension E {
    fileprivate static func | (left: E, right: E) -> E {
        E(left.c0 | right.c0, left.c1 | right.c1, left.c2 | right.c2)
    }
}
