import Execution
import Machine
import Oracles
import Testing

private typealias A = Assembler

/// Faults are endings like others: the program counter stays at the instruction, nothing of it is done.
@Suite struct FaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let code: [UInt32]
        let fault: FaultCode
        /// Instructions that complete before.
        let before: Int
        var pc: UInt32?
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "illegal: zero", code: [A.addi(5, 0, 1), 0], fault: .illegalInstruction, before: 1),
        Case(name: "illegal: ones", code: [0xFFFF_FFFF], fault: .illegalInstruction, before: 0),
        Case(name: "fence.i", code: [0x0000_100F], fault: .illegalInstruction, before: 0),
        Case(name: "csrrw", code: [0x3052_9073], fault: .illegalInstruction, before: 0),
        Case(name: "mret", code: [0x3020_0073], fault: .illegalInstruction, before: 0),
        Case(name: "ecall with rd", code: [0x0000_00F3], fault: .illegalInstruction, before: 0),
        Case(name: "slli by 32", code: [0x0200_1013], fault: .illegalInstruction, before: 0),
        Case(name: "atomic", code: [0x1000_202F], fault: .illegalInstruction, before: 0),
        Case(name: "ebreak", code: [A.addi(5, 0, 1), A.ebreak], fault: .breakpoint, before: 1),
        Case(name: "lw + 1", code: A.li(3, dataBase) + [A.lw(5, 3, 1)], fault: .misalignedLoad, before: 2),
        Case(name: "lw + 2", code: A.li(3, dataBase) + [A.lw(5, 3, 2)], fault: .misalignedLoad, before: 2),
        Case(name: "lh + 1", code: A.li(3, dataBase) + [A.i(3, 1, 5, 3, 1)], fault: .misalignedLoad, before: 2),
        Case(name: "lhu + 3", code: A.li(3, dataBase) + [A.i(3, 5, 5, 3, 3)], fault: .misalignedLoad, before: 2),
        Case(
            name: "lw + 2, page touched", code: A.li(3, dataBase) + [A.lw(5, 3, 0), A.lw(5, 3, 2)],
            fault: .misalignedLoad, before: 3),
        Case(name: "sw + 3", code: A.li(3, dataBase) + [A.sw(5, 3, 3)], fault: .misalignedStore, before: 2),
        Case(name: "sh + 1", code: A.li(3, dataBase) + [A.s(1, 3, 5, 1)], fault: .misalignedStore, before: 2),
        Case(
            name: "sw + 2, page stored", code: A.li(3, dataBase) + [A.sw(5, 3, 0), A.sw(5, 3, 2)],
            fault: .misalignedStore, before: 3),
        Case(name: "sw to code", code: A.li(3, codeBase) + [A.sw(5, 3, 0)], fault: .storeToCode, before: 2),
        Case(name: "sb to code", code: A.li(3, codeBase) + [A.s(0, 3, 5, 1)], fault: .storeToCode, before: 2),
        Case(
            name: "sw to code that was loaded", code: A.li(3, codeBase) + [A.lw(5, 3, 0), A.sw(5, 3, 0)],
            fault: .storeToCode, before: 3),
        Case(
            name: "misaligned store to code", code: A.li(3, codeBase) + [A.sw(5, 3, 1)], fault: .misalignedStore,
            before: 2),
        Case(name: "call 3", code: A.call(3), fault: .unknownCall, before: 1),
        Case(name: "call -1", code: A.call(-1), fault: .unknownCall, before: 1),
        Case(
            name: "jump to data", code: A.li(3, dataBase) + [A.jalr(1, 3, 0)], fault: .notExecutable, before: 3,
            pc: dataBase),
        Case(
            name: "jalr to 2 mod 4", code: A.li(3, codeBase) + [A.jalr(1, 3, 6)], fault: .misalignedFetch, before: 3,
            pc: codeBase + 6),
        Case(name: "branch to 2 mod 4", code: [A.b(0, 0, 0, 6)], fault: .misalignedFetch, before: 1, pc: codeBase + 6),
        Case(name: "jal to 2 mod 4", code: [A.j(1, -2)], fault: .misalignedFetch, before: 1, pc: codeBase - 2),
        Case(
            name: "off the end of code", code: [UInt32](repeating: A.addi(5, 5, 1), count: 256), fault: .notExecutable,
            before: 256, pc: codeBase + 1024),
    ]

    @Test(arguments: cases) func faults(example: Case) throws {
        let run = try run(program(example.code))
        #expect(run.exit == .faulted(example.fault))
        #expect(run.cycles == UInt64(example.before + 1), "the fault is a cycle")
        #expect(run.programCounter == example.pc ?? codeBase + UInt32(4 * example.before))
    }

    @Test func nothingOfAFaultingInstructionIsDone() throws {
        let load = try run(program(A.li(3, dataBase) + A.li(5, 99) + [A.lw(5, 3, 2)]))
        #expect(load.registers[5] == 99)
        let store = try run(program(A.li(3, codeBase) + A.li(5, 99) + [A.sw(5, 3, 0)]))
        #expect(store.word(at: codeBase) == A.li(3, codeBase)[0])
        // A jump to a misaligned address has completed, where the manual's text has the jump itself fault.
        let jump = try run(program(A.li(3, codeBase) + [A.jalr(1, 3, 6)]))
        #expect(jump.registers[1] == codeBase + 12)
    }

    @Test func codeMayBeReadAsData() throws {
        let run = try run(program(A.li(3, codeBase) + [A.lw(10, 3, 8), A.addi(0, 0, 0)] + A.halt))
        #expect(run.exit == .halted(code: A.lw(10, 3, 8)))
    }
}
