import Foundation
import Oracles
import Testing

@Suite struct ExampleTests {
    static let names = exampleOracles.map { $0.name }

    private func oracle(_ name: String) throws -> any ExampleOracle.Type {
        try #require(exampleOracles.first { $0.name == name })
    }

    @Test("Examples are RV32IM through and through", arguments: names)
    func instructions(name: String) throws {
        let file = try BuiltGuests.example(name)
        #expect(file.code.count > 50)
        // Compilers mark what is never reached by one word that is no instruction: a read of a control register.
        let others = file.code.filter { !GuestFile.isInstruction($0) }
        #expect(others.allSatisfy { $0 == 0xC000_1073 })
    }

    @Test("Examples write the journal that the host computes", arguments: names)
    func journal(name: String) throws {
        let oracle = try oracle(name)
        // A spin of another length than the benchmarks': the whole of it takes minutes here.
        let input = name == "spin" ? littleEndian(UInt32(1_234_567)) : try inputs(oracle)[0]
        let machine = GuestMachine(try BuiltGuests.example(name), input: input)
        #expect(machine.run() == .halted(0))
        #expect(machine.journal == (try oracle.journal(of: input)))
        #expect(machine.printed.isEmpty)
        if name == "spin" {
            #expect(abs(Int(machine.cycles) - 1_234_567) < 200)
        } else {
            #expect((500_000...2_000_000).contains(machine.cycles))
        }
    }

    private func inputs(_ oracle: any ExampleOracle.Type) throws -> [[UInt8]] {
        try oracle.inputs(examples: BuiltGuests.examples).map { $0.bytes }
    }

    @Test("SHA-256 pads every length, as FIPS 180-4 has it", arguments: [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 128])
    func padding(length: Int) throws {
        let input = (0..<length).map { UInt8(7 * $0 & 255) }
        let machine = GuestMachine(try BuiltGuests.example("sha256"), input: input)
        #expect(machine.run() == .halted(0))
        #expect(machine.journal == SHA256Oracle.hash(input))
    }

    @Test("The SHA-256 oracle gives the digest that is published for abc")
    func oracleVector() {
        let digest = SHA256Oracle.hash(Array("abc".utf8)).map { String(format: "%02x", $0) }.joined()
        #expect(digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test(
        "Fibonacci numbers at the ends of words", arguments: [0, 1, 2, 3, 47, 48, 93, 94, 186, 187, 1000] as [UInt32])
    func fibonacci(n: UInt32) throws {
        let input = littleEndian(n)
        let machine = GuestMachine(try BuiltGuests.example("fibonacci"), input: input)
        #expect(machine.run() == .halted(0))
        #expect(machine.journal == FibonacciOracle.journal(of: input))
    }

    @Test(
        "What is no JSON is refused with its reason",
        arguments: [
            ("", 2), ("[1", 2), ("[1,]", 1), ("{\"a\":1,\"a\":2}", 6), ("\"\\x\"", 3), ("\"\\ud800\"", 1), ("01", 5),
            ("-", 2), ("1.e5", 1), ("nul", 2), ("[] []", 5), (String(repeating: "[", count: 257), 4), ("\"\n\"", 1),
        ] as [(String, UInt32)])
    func refusals(text: String, code: UInt32) throws {
        let machine = GuestMachine(try BuiltGuests.example("json"), input: Array(text.utf8))
        #expect(machine.run() == .halted(code))
        #expect(machine.journal.isEmpty)
        #expect(String(decoding: machine.printed, as: UTF8.self).hasPrefix("not JSON at byte "))
    }

    @Test(
        "Canonical JSON",
        arguments: [
            ("null", "null"), (" [ ] ", "[]"), ("{}", "{}"), ("[-0.5e+7, 12 ]", "[-0.5e+7,12]"),
            (#"{"b":1,"a":{"":true},"ab":false}"#, #"{"a":{"":true},"ab":false,"b":1}"#),
            (#""\u00e9\ud83d\ude00\n\"\/""#, "\"é😀\\u000a\\\"/\""),
        ])
    func canonical(text: String, expected: String) throws {
        let machine = GuestMachine(try BuiltGuests.example("json"), input: Array(text.utf8))
        #expect(machine.run() == .halted(0))
        #expect(String(decoding: machine.journal.dropFirst(28), as: UTF8.self) == expected)
    }

    @Test("A ledger that does not open its root, or lacks an account, is no receipt")
    func brokenLedger() throws {
        let input = try inputs(LedgerOracle.self)[0]
        let file = try BuiltGuests.example("ledger")
        #expect(GuestMachine(file, input: Array(input.dropLast())).run() == .halted(1))
        #expect(GuestMachine(file, input: input + [0]).run() == .halted(1))
        // Another balance gives another root before, which is in the journal for the verifier to compare.
        var richer = input
        richer[19] ^= 1
        let machine = GuestMachine(file, input: richer)
        #expect(machine.run() == .halted(0))
        #expect(machine.journal.prefix(32) != LedgerOracle.journal(of: input).prefix(32)[...])
        // An order that names an account of the tree that was not opened.
        var stranger = input
        stranger[input.count - 80 + 3] ^= 0x80
        #expect([.halted(2), .halted(0)].contains(GuestMachine(file, input: stranger).run()))
    }
}
