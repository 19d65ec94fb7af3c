import Execution
import Machine
import Oracles
import Testing

/// The emulator on the same guests, with the inputs that are too long for the machine of the tests.
@Suite struct EmulatorTests {
    @Test("The emulator runs every example to its journal on all of its inputs", arguments: ExampleTests.names)
    func journals(name: String) throws {
        let oracle = try #require(exampleOracles.first { $0.name == name })
        let program = try Program(elf: BuiltGuests.example(name).bytes)
        for (input, bytes) in try oracle.inputs(examples: BuiltGuests.examples) {
            let run = try PlainRun(program: program, input: InputStream(bytes: bytes))
            var printed: [UInt8] = []
            while run.exit == .running, run.cycles < 1 << 28 {
                printed += run.run()
            }
            #expect(run.exit == .halted(code: 0), "\(input)")
            #expect(run.journal == (try oracle.journal(of: bytes)), "\(input)")
            #expect(printed.isEmpty)
        }
    }

    @Test("Without an input spin runs 90 million cycles")
    func spinAlone() throws {
        let program = try Program(elf: BuiltGuests.example("spin").bytes)
        let run = try PlainRun(program: program, input: .empty)
        while run.exit == .running, run.cycles < 1 << 28 {
            _ = run.run()
        }
        #expect(run.exit == .halted(code: 0))
        #expect(run.journal == SpinOracle.journal(of: []))
        #expect((89_999_800...90_000_000).contains(run.cycles))
    }

    @Test(
        "The emulator agrees with the machine of the page on the kits' guests, to the cycle",
        arguments: [("kit", 1), ("kit", 2), ("kit", 3), ("kit", 4), ("kit", 5), ("kit", 8), ("swift", 0), ("swift", 1)]
            as [(String, UInt32)])
    func agrees(name: String, kind: UInt32) throws {
        let file = try BuiltGuests.program(name)
        let input = littleEndian(kind) + (0..<2500).map { UInt8(truncatingIfNeeded: 7 * $0) }
        let machine = GuestMachine(file, input: input)
        let end = machine.run()
        let run = try PlainRun(program: try Program(elf: file.bytes), input: InputStream(bytes: input))
        var printed: [UInt8] = []
        while run.exit == .running, run.cycles < 1 << 26 {
            printed += run.run()
        }
        switch end {
        case .halted(let code): #expect(run.exit == .halted(code: code))
        case .fault(let code): #expect(run.exit.status == 2 && run.exit.code == code)
        case .stopped: Issue.record("it did not end")
        }
        #expect(run.cycles == machine.cycles)
        #expect(run.journal == machine.journal)
        #expect(printed == machine.printed)
    }
}
