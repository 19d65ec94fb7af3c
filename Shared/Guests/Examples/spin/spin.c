// Runs for a given number of cycles, in registers only: the yardstick of the benchmarks.
//
// Input: cycles, a word; 90,000,000 when there is no input. Journal: cycles, the turns of the loop, and a word that has
// gone through as many steps of xorshift32 (Marsaglia, "Xorshift RNGs", 2003) from 1.
#include <sheaf.h>

enum {
    TURN = 8,        // instructions in a turn of the loop
    OVERHEAD = 200,  // about what the program takes beside the loop
};

int main(void) {
    uint32_t cycles = sheaf_input_remaining() != 0 ? sheaf_input_word() : 90000000;
    uint32_t turns = cycles > OVERHEAD ? (cycles - OVERHEAD) / TURN : 0;
    uint32_t state = 1;
    uint32_t left = turns;
    uint32_t shifted;
    // Written out so that a turn is eight instructions whatever the compiler.
    if (left != 0) {
        __asm__ volatile(
            "1:  slli %[shifted], %[state], 13\n"
            "    xor  %[state], %[state], %[shifted]\n"
            "    srli %[shifted], %[state], 17\n"
            "    xor  %[state], %[state], %[shifted]\n"
            "    slli %[shifted], %[state], 5\n"
            "    xor  %[state], %[state], %[shifted]\n"
            "    addi %[left], %[left], -1\n"
            "    bnez %[left], 1b\n"
            : [state] "+r"(state), [left] "+r"(left), [shifted] "=&r"(shifted));
    }
    sheaf_journal_word(cycles);
    sheaf_journal_word(turns);
    sheaf_journal_word(state);
    return 0;
}
