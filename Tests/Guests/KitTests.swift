import Guests
import Oracles
import Testing

/// The C and Swift kits, by guests that use every part of them (Programs/).
@Suite struct KitTests {
    private func run(_ program: String, _ kind: UInt32, _ rest: [UInt8] = []) throws -> (GuestMachine, GuestMachine.End)
    {
        let machine = GuestMachine(try BuiltGuests.program(program), input: littleEndian(kind) + rest)
        let end = machine.run()
        return (machine, end)
    }

    @Test("memcpy, memmove, memset, memcmp at all alignments")
    func memory() throws {
        #expect(try run("kit", 1).1 == .halted(0))
    }

    @Test("Blocks keep their content and their alignment")
    func allocator() throws {
        #expect(try run("kit", 2).1 == .halted(0))
    }

    @Test("Printing goes round the ring", arguments: [0, 1, 1019, 1020, 1021, 5000])
    func printing(count: Int) throws {
        let text = (0..<count).map { $0 % 700 == 699 ? UInt8(ascii: "\n") : UInt8(32 + $0 % 90) }
        let (machine, end) = try run("kit", 3, text)
        #expect(end == .halted(0))
        #expect(machine.printed == text)
    }

    @Test("read_input and write_output", arguments: [0, 1, 4, 5, 999])
    func echo(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: 3 * $0) }
        let (machine, end) = try run("kit", 4, bytes)
        #expect(end == .halted(0))
        #expect(machine.journal == bytes + bytes)
    }

    @Test("The input in pieces of every size", arguments: [0, 1, 2, 3, 1000, 2003])
    func stream(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: 5 * $0) }
        let (machine, end) = try run("kit", 8, bytes)
        #expect(end == .halted(0))
        #expect(machine.journal == bytes)
    }

    @Test("What cannot go on ends with the kit's exit code")
    func exits() throws {
        let (assertion, end) = try run("kit", 5)
        #expect(end == .halted(134))
        let message = String(decoding: assertion.printed, as: UTF8.self)
        #expect(message.hasSuffix("assertion failed: sheaf_input_remaining() == 77\n"))
        let (full, fullEnd) = try run("kit", 6)
        #expect(fullEnd == .halted(121))
        #expect(full.journal.count == 1_048_572)
        #expect(try run("kit", 7).1 == .halted(120))
    }

    @Test("A program in Swift with classes, generics, errors, closures and a dictionary")
    func swift() throws {
        let rest: [UInt8] = [9] + (1...8) + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] + [200, 3, 200, 200]
        let (machine, end) = try run("swift", 0, rest)
        #expect(end == .halted(42))
        var expected = Array(rest.prefix(21))
        expected += [3] + littleEndian(UInt32(1)) + [200] + littleEndian(UInt32(3))
        expected += littleEndian(UInt16(55), UInt16(26)) + [1, 5, 107]
        expected += littleEndian(UInt64(0x0807_0605_0403_0201) / 3 & ~127 | UInt64(swiftThird & 127))
        #expect(machine.journal == expected + Array("end".utf8))
        #expect(String(decoding: machine.printed, as: UTF8.self) == "words: 3, remaining: 0\n")
    }

    private var swiftThird: UInt64 { UInt64((Double(UInt64(0x0807_0605_0403_0201)) / 3).rounded(.down)) }

    @Test("A failed precondition in Swift is an illegal instruction")
    func trap() throws {
        #expect(try run("swift", 1).1 == .fault(2))
    }
}
