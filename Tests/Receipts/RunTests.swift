import BinaryFields
import Execution
import Machine
import Oracles
import ProverService
import Receipts
import Testing

private typealias A = Assembler

/// Runs of every kind of ending, proved and verified.
@Suite struct RunTests {
    @Test func aRunOfThreeSegments() throws {
        let run = try Runs.summed()
        #expect(run.receipts.count == 3)
        let proved = try verify(receipt: run.encoded[...], imageID: run.imageID)
        #expect(proved.imageID == run.imageID && proved.exit == .halted(code: 5) && proved.segments == 3)
        #expect(proved.journal == [12, 0, 0, 0], "3 + 4 + 5; beyond its end the input is zeros")
        #expect(proved.cycles == run.segments.reduce(0) { $0 + UInt64($1.cycles) })
        #expect(proved.securityBits == 128)
    }

    struct Ending: Sendable, CustomTestStringConvertible {
        let name: String
        let code: [UInt32]
        let exit: Exit
        let cycles: UInt64
        var testDescription: String { name }

        init(_ name: String, _ code: [UInt32], _ exit: Exit, cycles: UInt64) {
            self.name = name
            self.code = code
            self.exit = exit
            self.cycles = cycles
        }
    }

    static let endings = [
        Ending("does nothing", [A.ecall], .halted(code: 0), cycles: 1),
        Ending("halts with a code", A.li(10, 0xDEAD_BEEF) + A.halt, .halted(code: 0xDEAD_BEEF), cycles: 4),
        Ending("illegal instruction", [0], .faulted(.illegalInstruction), cycles: 1),
        Ending("breakpoint", [A.ebreak], .faulted(.breakpoint), cycles: 1),
        Ending(
            "jump to data", A.li(3, ExecutableFile.dataBase) + [A.jalr(1, 3, 0)], .faulted(.notExecutable), cycles: 4),
        Ending("jump to half a word", [A.j(1, 6)], .faulted(.misalignedFetch), cycles: 2),
        Ending("misaligned load", [A.lw(5, 0, 2)], .faulted(.misalignedLoad), cycles: 1),
        Ending("misaligned store", [A.sw(5, 0, 1)], .faulted(.misalignedStore), cycles: 1),
        Ending(
            "store to code", A.li(3, ExecutableFile.codeBase) + [A.sw(5, 3, 0)], .faulted(.storeToCode), cycles: 3),
        Ending("call of no meaning", A.call(9), .faulted(.unknownCall), cycles: 2),
    ]

    @Test(arguments: endings) func everyEnding(ending: Ending) throws {
        let run = try ProvedRun(ending.code)
        let proved = try verify(receipt: run.encoded[...], imageID: run.imageID)
        #expect(proved.exit == ending.exit && proved.cycles == ending.cycles && proved.segments == 1)
        #expect(proved.journal.isEmpty)
    }

    /// Each instruction at corner operands: there are rows of every table whose instructions end no run.
    @Test func everyInstruction() throws {
        let corners: [UInt32] = [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF]
        var code = A.li(3, ExecutableFile.dataBase)
        for a in corners {
            for b in corners {
                code += A.li(5, a) + A.li(6, b)
                for funct3 in 0..<8 { code += [A.r(0, funct3, 7, 5, 6), A.r(1, funct3, 8, 5, 6)] }
                code += [A.r(32, 0, 7, 5, 6), A.r(32, 5, 7, 5, 6)]
                for funct3 in [0, 1, 4, 5, 6, 7] { code += [A.b(funct3, 5, 6, 8), A.addi(9, 9, 1)] }
            }
            code += [A.sw(5, 3, 0), A.s(0, 3, 5, 5), A.s(1, 3, 5, 10)]
            for funct3 in [0, 1, 2, 4, 5] { code.append(A.i(3, funct3, 7, 3, 0)) }
            for funct3 in [0, 2, 3, 4, 6, 7] { code.append(A.i(0x13, funct3, 7, 5, -2048)) }
            code += [A.i(0x13, 1, 7, 5, 31), A.i(0x13, 5, 7, 5, 31), A.i(0x13, 5, 7, 5, 1024 | 31)]
        }
        code += [A.fence, A.u(0x17, 7, 0x1000), A.j(1, 4), A.u(0x17, 7, 0), A.jalr(1, 7, 8)] + A.call(1) + A.call(2)
        let run = try ProvedRun(code + [A.addi(10, 9, 0)] + A.halt, inputs: [9])
        let proved = try verify(receipt: run.encoded[...], imageID: run.imageID)
        // Not taken: one of beq and bne, one of blt and bge, one of bltu and bgeu, for each of 25 pairs.
        #expect(proved.exit == .halted(code: 75))
        let faults: Set<TableKind> = [.faultCall, .faultPC, .faultFetch, .faultAlign, .faultStore]
        for kind in TableKind.allCases where kind.isCycle && !faults.contains(kind) {
            #expect(run.receipts.contains { $0.heights[kind.rawValue] > 0 }, "no row of \(kind)")
        }
    }

    /// A journal that takes three pages of its window, and one that says it fills the window.
    @Test func longJournals() throws {
        let start =
            A.li(13, MemoryMap.journalBase) + A.li(14, 2500)
            + [A.sw(14, 13, 0), A.addi(5, 13, 0), A.addi(6, 0, 625)]
        let loop = [A.addi(5, 5, 4), A.sw(6, 5, 0), A.addi(6, 6, -1)]
        let long = try ProvedRun(start + loop + [A.b(1, 6, 0, -12)] + A.halt)
        let expected = (1...625).reversed().flatMap { word -> [UInt8] in [UInt8(word & 255), UInt8(word >> 8), 0, 0] }
        #expect(long.journal.pages.count == 3)
        #expect(try verify(receipt: long.encoded[...]).journal == expected)

        let lie = A.li(13, MemoryMap.journalBase) + [A.addi(14, 0, -1), A.sw(14, 13, 0)]
        let whole = try ProvedRun(lie + A.halt)
        #expect(
            try verify(receipt: whole.encoded[...]).journal == [UInt8](repeating: 0, count: MemoryMap.journalCapacity))
    }

    /// The receipts of `summed` were made with all threads on the set in use. One test for all sets: what is in use is
    /// known to the whole process.
    @Test func theSameBytesEverywhere() throws {
        let run = try Runs.summed(), used = InstructionSet.current
        defer {
            Threads.count = Threads.available
            InstructionSet.select(used)
        }
        for set in InstructionSet.available {
            #expect(InstructionSet.select(set))
            for threads in 1...3 {
                Threads.count = threads
                let receipt = try SegmentProver().prove(run.segments[1])
                #expect(receipt.encoded() == run.receipts[1].encoded(), "\(set), \(threads) threads")
            }
        }
    }

    /// A prover refuses what it could not prove, before it proves.
    @Test func aSegmentOfAnotherClaimIsNotProved() throws {
        let run = try Runs.summed()
        #expect(throws: SegmentProverError.otherClaim) {
            try SegmentProver().prove(
                segment: run.segments[0].encoded(), claim: SegmentClaim(run.segments[1]).encoded())
        }
        var changed = run.segments[0]
        changed.after.registers[6] ^= 1
        #expect(throws: TraceError.self) { try SegmentProver().prove(changed) }
    }
}
