import Execution
import Machine

/// What `sheaf bench segments` runs when no program is named: a walk over 1 MiB of words that never ends, with the mix of
/// compiled code. As segments grow by a power of two, so do the pages that they touch, and every one of them changes:
/// paging costs the most that it can.
///
///     unsigned *first = (unsigned *)0x80000, *last = first + (1 << 18) - 4, x = 1;
///     for (;;)
///         for (unsigned *p = first; p < last; p++) {
///             x ^= x << 13, x ^= x >> 17, x ^= x << 5;
///             unsigned a = p[0], b = p[1];
///             if (a < b) p[0] = b, p[1] = a ^ x;
///             else p[1] = b + x;
///             if ((x & 63) == 0) p[3] = a * b;
///         }
enum BenchProgram {
    static let program: Program = {
        let pageWords = MemoryMap.pageWords
        let code = instructions + [UInt32](repeating: 0, count: pageWords - instructions.count)
        var pages = [Program.Page(index: codeBase >> MemoryMap.pageShift, kind: .code, words: code)]
        var word: UInt32 = 1
        for page in 0..<dataPages {
            let words = (0..<pageWords).map { _ in
                word = word &* 1_664_525 &+ 1_013_904_223
                return word
            }
            pages.append(Program.Page(index: dataBase >> MemoryMap.pageShift + page, kind: .data, words: words))
        }
        return Program(entry: codeBase, pages: pages)
    }()

    private static let codeBase: UInt32 = 0x1_0000
    private static let dataBase: UInt32 = 0x8_0000
    private static let dataPages: UInt32 = 1024

    /// The walk as clang compiles it (-O2, RV32IM).
    private static let instructions: [UInt32] = [
        0x0010_0593,  //       addi  a1, zero, 1
        0x0018_0537,  //       lui   a0, 384
        0xFF05_0513,  //       addi  a0, a0, -16
        0x0008_06B7,  // round: lui  a3, 128
        0x0006_A603,  //       lw    a2, 0(a3)
        0x0100_006F,  //       jal   zero, word
        0x0007_8613,  // next: addi  a2, a5, 0
        0x0008_0693,  //       addi  a3, a6, 0
        0xFEA8_76E3,  //       bgeu  a6, a0, round
        0x00D5_9713,  // word: slli  a4, a1, 13
        0x00B7_45B3,  //       xor   a1, a4, a1
        0x0046_A703,  //       lw    a4, 4(a3)
        0x0115_D793,  //       srli  a5, a1, 17
        0x00B7_C5B3,  //       xor   a1, a5, a1
        0x0055_9793,  //       slli  a5, a1, 5
        0x00B7_C5B3,  //       xor   a1, a5, a1
        0x00E6_7863,  //       bgeu  a2, a4, else
        0x00E6_A023,  //       sw    a4, 0(a3)
        0x00B6_47B3,  //       xor   a5, a2, a1
        0x0080_006F,  //       jal   zero, store
        0x00B7_07B3,  // else: add   a5, a4, a1
        0x0046_8813,  // store: addi a6, a3, 4
        0x03F5_F893,  //       andi  a7, a1, 63
        0x00F8_2023,  //       sw    a5, 0(a6)
        0xFA08_9CE3,  //       bne   a7, zero, next
        0x02C7_0633,  //       mul   a2, a4, a2
        0x00C6_A623,  //       sw    a2, 12(a3)
        0xFADF_F06F,  //       jal   zero, next
    ]
}
