import Execution
import Hashing
import Machine
import Oracles
import Receipts
import Testing

private typealias A = Assembler

/// Programs that are large in one way: in code, in the reach of their memory.
@Suite struct ExtentTests {
    /// 1.2 MB of code, each instruction executed once: more than the caches of instructions hold, and a segment that is
    /// mostly opened pages and code rows.
    @Test func moreCodeThanACache() throws {
        let turns = 100_000
        var code: [UInt32] = []
        var (x, y, z) = (UInt32(0), UInt32(0), UInt32(0))
        for turn in 0..<turns {
            let immediate = turn * 37 & 2047
            code += [A.addi(5, 5, immediate), A.r(0, 4, 6, 6, 5), A.r(0, 0, 10, 10, 6)]
            x &+= UInt32(immediate)
            y ^= x
            z &+= y
        }
        let program = Program(entry: ExecutableFile.codeBase, pages: Self.pages(of: code + A.halt))
        let run = try ProvedRun(program, limitLog: 20)
        let proved = try verify(receipt: run.encoded[...], imageID: program.imageID)
        #expect(proved.exit == .halted(code: z) && proved.cycles == UInt64(3 * turns + 2))
        #expect(run.receipts.reduce(0) { $0 + $1.heights[TableKind.code.rawValue] } >= 3 * turns + 2)
    }

    private static func pages(of code: [UInt32]) -> [Program.Page] {
        let size = MemoryMap.pageWords, first = ExecutableFile.codeBase >> MemoryMap.pageShift
        return stride(from: 0, to: code.count, by: size).map { start in
            let words = Array(code[start..<min(start + size, code.count)])
            return Program.Page(
                index: first + UInt32(start / size), kind: .code,
                words: words + [UInt32](repeating: 0, count: size - words.count))
        }
    }

    /// A word in each 64 MiB of the address space, its first and last words, those about its middle: written and read
    /// again. Paths share little more than the root.
    @Test func sparseMemory() throws {
        let spread = (1..<64).map { UInt32($0) << 26 | UInt32($0) << 2 }
        let addresses = [0, 0x7FFF_FFFC, 0x8000_0000, 0xFFFF_FFFC] + spread
        var code = [A.addi(10, 0, 0)], sum: UInt32 = 0
        for (number, address) in addresses.enumerated() {
            let value = 1 + UInt32(number)
            code += A.li(5, address) + A.li(6, value) + [A.lw(7, 5, 0), A.r(0, 0, 10, 10, 7), A.sw(6, 5, 0)]
            sum &+= value
        }
        for address in addresses { code += A.li(5, address) + [A.lw(7, 5, 0), A.r(0, 0, 10, 10, 7)] }
        let run = try ProvedRun(code + A.halt, limitLog: 17)
        let proved = try verify(receipt: run.encoded[...], imageID: run.imageID)
        #expect(proved.exit == .halted(code: sum), "all was zero, then what was stored")
        let pages = Set(addresses.map { $0 >> MemoryMap.pageShift }).count
        let codePages = run.segments[0].pages.filter { $0.kind == .code }.count
        #expect(run.segments.count == 1 && run.segments[0].pages.count == pages + codePages)
        #expect(run.receipts[0].heights[TableKind.pageZero.rawValue] == pages)
        // From the level on at which 64 paths part, each has nodes of its own.
        #expect(run.receipts[0].heights[TableKind.openNode.rawValue] > 64 * (MemoryMap.pageLevel - 8))
    }
}
