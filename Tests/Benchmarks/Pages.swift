import BinaryFields
import Foundation
import Machine
import Proving
import Statements
import Tables
import Verification

/// `sheaf-bench pages [PAGES [RUNS]]`: so many pages of 1 KiB (64 at first), scattered over 4 GiB, opened under a root, and
/// opened and updated with a word each. One thread, processor time, the least of RUNS runs.
enum PagesBenchmark {
    static func run(_ arguments: [String]) throws {
        let count = arguments.first.flatMap { Int($0) } ?? 64
        let runs = arguments.dropFirst().first.flatMap { Int($0) } ?? 5
        guard (1...4096).contains(count), runs > 0 else { return print("PAGES is 1 to 4096, RUNS at least 1") }
        let used = Threads.count
        Threads.count = 1
        defer { Threads.count = used }
        print(Measurement.machine, "\(InstructionSet.current)")
        print("                 compressions  class   prove ms   ms a page   proof bytes   verify ms")
        for (name, writes) in [("openings", false), ("updates", true)] {
            let example = try statement(pages: count, writes: writes)
            let witness = try example.witness()
            var (best, proof) = (Double.infinity, [UInt8]())
            for _ in 0..<runs {
                let start = Measurement.processorSeconds()
                proof = try Prover(statement: example.statement, witness: witness).prove()
                best = min(best, Measurement.processorSeconds() - start)
            }
            let (verifier, stated) = (Verifier(PageStatement.system), example.statement)
            try verifier.verify(stated, proof: proof)
            let verifying = Measurement.nanoseconds { try? verifier.verify(stated, proof: proof) }
            print(
                "\(count) \(name)".padding(toLength: 16, withPad: " ", startingAt: 0)
                    + String(
                        format: "%13d   2^%d %10.1f %11.3f %13d %11.2f", example.heights[0], example.record.stackLog,
                        best * 1e3, best * 1e3 / Double(count), proof.count, verifying * 1e-6))
        }
    }

    private static func statement(pages count: Int, writes: Bool) throws -> PageStatement {
        let step = UInt32(MemoryMap.pageCount / count)
        let pages = (0..<UInt32(count)).map { i in
            PageStatement.Page(
                index: i * step + i % 3 % step, words: (0..<256).map { i &* 0x9E37_79B9 ^ $0 &* 0x85EB_CA6B })
        }
        return try PageStatement(
            pages: pages,
            accesses: pages.map { page in
                PageStatement.Access(
                    page: page.index, word: 8, old: page.words[8], new: writes ? ~page.words[8] : page.words[8])
            })
    }
}
