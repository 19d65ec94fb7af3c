import Machine
import ProofVectors
import Tables
import Testing
import Verification

/// Each message of every built-in record reaches the target under both theorems, and no record is stronger than it
/// need be.
struct SoundnessTests {
    static let system = MachineTables.standard.system
    static let records = ParameterRecord.classes.compactMap { ParameterRecord.builtIn(version: 1, stackLog: $0) }
    static let target = Double(ParameterRecord.securityTarget)

    @Test func everyClassHasARecord() {
        #expect(Self.records.map(\.stackLog) == Array(ParameterRecord.classes))
        #expect(Self.target == 128)
    }

    @Test(arguments: records, ProximityTheorem.allCases)
    func everyMessageReachesTheTarget(record: ParameterRecord, theorem: ProximityTheorem) {
        let soundness = Soundness(record: record, system: Self.system, theorem: theorem)
        for message in soundness.messages {
            #expect(message.bits >= Self.target, "2^\(record.stackLog), \(theorem): \(message.name)")
            #expect(!message.formula.isEmpty && !message.source.isEmpty)
        }
        let queries = soundness.messages.filter { $0.name.hasSuffix("queries") }
        #expect(queries.count == record.folds.count)
    }

    @Test(arguments: records) func noMessageOfTheWeakestHasABitTooMany(record: ParameterRecord) {
        #expect(Soundness.bits(record: record, system: Self.system) < Self.target + 1)
    }

    /// Also with other tables: a system of one table has fewer messages and rounds, and what it has is as strong.
    @Test(arguments: records) func smallSystemsAreNoWeaker(record: ParameterRecord) {
        let small = TableSystem([MachineTables.standard[.blake3]])
        #expect(Soundness.bits(record: record, system: small) >= Self.target)
    }

    @Test(arguments: records) func oneQueryLessIsTooFew(record: ParameterRecord) throws {
        for level in record.folds.indices {
            var queries = record.queries
            queries[level] -= 1
            let weaker = try record.with(queries: queries)
            #expect(
                Soundness.bits(record: weaker, system: Self.system) < Self.target,
                "2^\(record.stackLog), level \(level)")
        }
    }

    @Test(arguments: records) func recordsHaveTheLeastQueries(record: ParameterRecord) {
        #expect(Soundness.leastQueries(for: record, system: Self.system) == record.queries)
    }

    /// A bit of grinding is worth a bit of queries. Where a query brings several bits, rounding up may have left one over;
    /// at the first level it never does.
    @Test(arguments: records) func oneGrindingBitLessIsTooFew(record: ParameterRecord) throws {
        for level in record.folds.indices {
            var grinding = record.grinding
            grinding[level] -= 1
            let weaker = try record.with(grinding: grinding)
            let bits = Soundness.bits(record: weaker, system: Self.system)
            #expect(bits < Soundness.bits(record: record, system: Self.system) || level > 0)
            if level == 0 { #expect(bits < Self.target, "2^\(record.stackLog)") }
            // No rounding leaves more than a query's bits.
            grinding[level] -= record.rates[level] / 2 + 1
            #expect(Soundness.bits(record: try record.with(grinding: grinding), system: Self.system) < Self.target)
        }
    }

    /// The design's table (proof-system.md, section 1): queries at 20 bits of grinding, and without any.
    @Test(arguments: [
        (20, [218, 73, 44]), (22, [219, 73, 44, 31]), (23, [219, 73, 44, 31]), (24, [219, 73, 44, 28]),
        (26, [220, 73, 44, 31, 22]),
    ])
    func theDesignsTableIsReproduced(stackLog: Int, queries: [Int]) throws {
        let record = try #require(Self.records.first { $0.stackLog == stackLog })
        let ground = try record.with(grinding: record.folds.map { _ in 20 })
        #expect(Soundness.leastQueries(for: ground, system: Self.system) == queries)
    }

    @Test func withoutGrindingThereWouldBe259Queries() throws {
        let record = try #require(Self.records.first { $0.stackLog == 22 })
        let idle = try record.with(grinding: record.folds.map { _ in 0 })
        #expect(Soundness.leastQueries(for: idle, system: Self.system)?.first == 259)
    }

    /// The greatest class with the queries of a smaller one falls short.
    @Test func queriesOfOneClassAreNotThoseOfAll() throws {
        let record = try #require(Self.records.last)
        let before = try record.with(queries: [220, 73, 44, 31, 22], grinding: record.folds.map { _ in 20 })
        #expect(Soundness.bits(record: before, system: Self.system) < Self.target)
    }

    /// No draw of the transcript is forgotten and none is invented: the messages are the draws that the verifier makes, of
    /// the widths that it makes them in.
    @Test(arguments: ["five steps", "few queries"]) func messagesAreTheDrawsOfTheTranscript(name: String) throws {
        let vector = try vector(name)
        let (record, system) = (vector.statement.record, vector.statement.system)
        let schedule = try Verifier(system).trace(vector.statement, proof: vector.proof).schedule
        let draws = schedule.compactMap { event in
            if case .drawn(let count, let bytesEach) = event { (count: count, bytesEach: bytesEach) } else { nil }
        }
        // Before the queries of a level come the empty draw and the index that grinding brings to zero.
        var expected: [String] = []
        for message in Soundness(record: record, system: system, theorem: .bchks25).messages {
            if message.name.hasSuffix("queries") { expected += ["0", "1 index"] }
            expected.append(width(of: message.name, record: record, system: system))
        }
        #expect(draws.map { $0.count == 0 ? "0" : $0.bytesEach == 4 ? "\($0.count) index" : "\($0.count)" } == expected)
    }

    private func vector(_ name: String) throws -> VectorCase {
        try #require(try VectorCases.honest.first { $0.name == name })
    }

    private func width(of name: String, record: ParameterRecord, system: TableSystem) -> String {
        let parts = name.split(separator: ":").map { String($0.drop { $0 == " " }) }
        let level = parts[0].hasPrefix("level ") ? Int(parts[0].dropFirst(6)) ?? 0 : 0
        switch parts.last {
        case "kappa and tau": return "\(system.constraintLog + max(record.rowLog - 3, 0))"
        case "rho": return "6"
        case "out of domain": return "\(record.stackLog - record.folds[...level].reduce(0, +))"
        case "grinding and queries": return "\(record.queries[level]) index"
        default: return "1"
        }
    }
}
