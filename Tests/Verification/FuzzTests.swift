import Foundation
import Hashing
import Oracles
import ProofVectors
import Tables
import Testing
import Verification

/// The verifier is total: any bytes under any statement give a verdict, and bytes other than the proof's are refused.
struct FuzzTests {
    /// Thousands; millions with SHEAF_HEAVY=1.
    static let heavy = ProcessInfo.processInfo.environment["SHEAF_HEAVY"] == "1"

    @Test func everyByteOfAProofMatters() throws {
        let vector = try #require(try VectorCases.honest.first { $0.name == "few queries" })
        let verifier = Verifier(vector.statement.system)
        var random = SeededGenerator(seed: 1)
        for position in vector.proof.indices {
            var changed = vector.proof
            changed[position] ^= 1 << UInt8(random.next() % 8)
            #expect(throws: VerificationError.self, "byte \(position)") {
                try verifier.verify(vector.statement, proof: changed)
            }
        }
    }

    @Test(arguments: 0..<4) func mutatedProofsAreRefused(seed: UInt64) throws {
        print("mutated proofs: seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let vectors = try VectorCases.honest
        let verifiers = Dictionary(
            vectors.map { ($0.statement.system.digest, Verifier($0.statement.system)) }, uniquingKeysWith: { $1 })
        for _ in 0..<(FuzzTests.heavy ? 200_000 : 1_000) {
            let vector = vectors[Int(random.next() % UInt64(vectors.count))]
            let other = vectors[Int(random.next() % UInt64(vectors.count))]
            let proof = mutated(vector.proof, other.proof, &random)
            guard proof != vector.proof else { continue }
            let verifier = try #require(verifiers[vector.statement.system.digest])
            #expect(throws: VerificationError.self, "seed \(seed), \(vector.name)") {
                try verifier.verify(vector.statement, proof: proof)
            }
        }
    }

    /// Statements that no prover would make: heights of any size, too few, too many; any boundary.
    @Test(arguments: 0..<4) func mutatedStatementsAreRefused(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let vectors = try VectorCases.honest
        for _ in 0..<(FuzzTests.heavy ? 20_000 : 250) {
            let vector = vectors[Int(random.next() % UInt64(vectors.count))]
            var heights = vector.statement.heights
            let table = Int(random.next() % UInt64(heights.count))
            switch random.next() % 5 {
            case 0: heights[table] = Int(truncatingIfNeeded: random.next())
            case 1: heights[table] = 1 << Int(random.next() % 63)
            case 2: heights[table] ^= 1 << Int(random.next() % 8)
            case 3: heights.append(Int(random.next() % 4))
            default: heights.remove(at: table)
            }
            guard heights != vector.statement.heights else { continue }
            let statement = Statement(
                record: vector.statement.record, system: vector.statement.system, heights: heights,
                boundary: vector.statement.boundary, claim: vector.statement.claim)
            #expect(throws: VerificationError.self, "seed \(seed), \(vector.name), heights \(heights)") {
                try Verifier(vector.statement.system).verify(statement, proof: vector.proof)
            }
        }
    }

    /// Proofs that are right up to the opening, of records under which the next thing to read would have 2^36 bytes: the
    /// array in clear, or a column. They end there, and no room is made for what they do not bring: the process may take 256
    /// MiB more and no byte beyond.
    @Test func whatAProofDoesNotBringCostsNothing() async {
        await #expect(processExitsWith: .success) {
            let system = TableSystem([Table(name: "silent", width: 1, constraints: [], pushes: [], pulls: [])])
            let verifier = Verifier(system)
            let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).prefix { $0 != " " }
            let most = rlim_t(try #require(Int(pages)) * 4096 + 256 << 20)
            var limit = rlimit(rlim_cur: most, rlim_max: most)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
            for folds in [1, 31] {
                let record = try ParameterRecord(
                    version: 1, stackLog: 32, rowLog: 5, folds: [folds], rates: [1], queries: [1 << 16], grinding: [0],
                    heightLimit: 24)
                let statement = Statement(
                    record: record, system: system, heights: [1], boundary: Boundary(pushed: [], pulled: []))
                // Products and children are ones, all else is zero.
                let (one, zero) = ([UInt8(1)] + [UInt8](repeating: 0, count: 23), [UInt8](repeating: 0, count: 24))
                var proof = [UInt8](repeating: 0, count: 32) + one + one
                for layer in 1..<1 + record.rowLog {
                    for _ in 0..<2 * layer { proof += zero }
                    proof += one + one
                }
                proof += [UInt8](repeating: 0, count: 50_000)
                let error = try #require(throws: VerificationError.self) {
                    try verifier.verify(statement, proof: proof)
                }
                guard case .transcript(.endsEarly(let expected, _)) = error else {
                    Issue.record("\(error)")
                    return
                }
                try #require(expected >= 1 << 34)
            }
        }
    }

    /// A verifier is one of its tables.
    @Test func aStatementOfOtherTablesIsRefused() throws {
        let (toy, random) = (try VectorSystem.load("toy")[0], try VectorSystem.load("random")[0])
        #expect(throws: VerificationError.tables(expected: random.system.digest, got: toy.system.digest)) {
            try Verifier(random.system).verify(toy.cases[0].statement, proof: toy.cases[0].proof)
        }
    }

    private func mutated(_ proof: [UInt8], _ other: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var result = proof
        let place = Int(random.next() % UInt64(proof.count))
        let end = min(place + Int(random.next() % 100) + 1, proof.count)
        switch random.next() % 8 {
        case 0: result[place] ^= 1 << UInt8(random.next() % 8)
        case 1: result[place] = UInt8(truncatingIfNeeded: random.next())
        case 2: result.removeLast(proof.count - place)
        case 3: result.removeSubrange(place..<end)
        case 4: result.insert(contentsOf: proof[place..<end], at: place)
        case 5: result.replaceSubrange(place..<end, with: repeatElement(0, count: end - place))
        case 6: result = Array(proof.prefix(place)) + other.dropFirst(place)
        default:  // two elements exchanged
            let (a, b) = (place / 24 * 24, Int(random.next() % UInt64(proof.count / 24)) * 24)
            for i in 0..<24 where a + i < result.count && b + i < result.count {
                result.swapAt(a + i, b + i)
            }
        }
        return result
    }
}
