import Execution
import Foundation
import Guests
import Machine
import Oracles
import Receipts
import Synchronization
import Testing

/// Every example guest proved and verified at several limits, down to segments that hold a fraction of a call.
@Suite struct ExampleProofTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let limitLog: Int
        var testDescription: String { "\(name) at 2^\(limitLog)" }
    }

    static let cases = exampleOracles.flatMap { oracle in
        (isHeavy ? Array(13...20) : oracle.name == "ledger" ? [16, 20] : [13, 15, 17]).map {
            Case(name: oracle.name, limitLog: $0)
        }
    }

    @Test(arguments: cases) func isProvedAndVerified(example: Case) throws {
        let oracle = try #require(exampleOracles.first { $0.name == example.name })
        let program = try ProvableExamples.program(example.name), input = try Self.input(oracle)
        let plain = try PlainRun(program: program, input: InputStream(bytes: input))
        while plain.exit == .running { _ = plain.run() }
        let run = try ProvedRun(program, input: InputStream(bytes: input), limitLog: example.limitLog)
        let proved = try verify(receipt: run.encoded[...], imageID: program.imageID)
        #expect(proved.journal == (try oracle.journal(of: input)))
        #expect(proved.exit == .halted(code: 0) && proved.cycles == plain.cycles)
        #expect(proved.segments >= Int(plain.cycles) >> example.limitLog)
        if example.limitLog == 13 { #expect(proved.segments > 3, "an input that is worth cutting") }
    }

    /// About a hundred thousand cycles; the whole inputs of the build with SHEAF_HEAVY=1.
    private static func input(_ oracle: any ExampleOracle.Type) throws -> [UInt8] {
        func words(_ values: [UInt32]) -> [UInt8] {
            values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        }
        func random(_ count: Int) -> [UInt32] {
            var generator = SeededGenerator(seed: 9)
            return (0..<count).map { _ in UInt32(truncatingIfNeeded: generator.next()) }
        }
        if oracle.name == "spin" { return words([isHeavy ? 1_000_000 : 100_000]) }
        if !isHeavy {
            switch oracle.name {
            case "fibonacci": return words([900])
            case "json":
                let member = #"{"name":"sheaf","parts":[1,2,null,true,{"deep":["\u00e9","x"]}],"count":1234}"#
                return Array(("[" + Array(repeating: member, count: 30).joined(separator: ", ") + "]").utf8)
            case "matrix": return words([16] + random(2 * 16 * 16))
            case "sha256": return words(random(1500))
            case "sort": return words(random(1200))
            default: break
            }
        }
        return try oracle.inputs(examples: ProvableExamples.directory)[0].bytes
    }
}

/// The example guests, each built once.
private enum ProvableExamples {
    private static let programs = Mutex<[String: Program]>([:])

    static var directory: URL {
        get throws {
            try Kits.locate().directory.deletingLastPathComponent()
                .appendingPathComponent("Examples", isDirectory: true)
        }
    }

    static func program(_ name: String) throws -> Program {
        if let program = programs.withLock({ $0[name] }) { return program }
        let elf = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).elf")
        defer { try? FileManager.default.removeItem(at: elf) }
        try GuestBuild(source: directory.appendingPathComponent(name, isDirectory: true), kits: Kits.locate())
            .build(to: elf)
        let program = try Program(elf: [UInt8](Data(contentsOf: elf)))
        programs.withLock { $0[name] = program }
        return program
    }
}
