// The guest interface of Sheaf for C: calls, private input, journal, printing. docs/guests.md is the specification.
//
// A guest is an ordinary C program with `int main(void)`. It reads its private input, computes, writes the public
// journal and returns an exit code: 0 says that all went well.
#ifndef SHEAF_H
#define SHEAF_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Exit codes of the kit itself; a guest's own are best kept below 100.
#define SHEAF_EXIT_OUT_OF_MEMORY 120
#define SHEAF_EXIT_JOURNAL_FULL 121
#define SHEAF_EXIT_ABORT 134

// The journal window holds a length word and at most this many bytes.
#define SHEAF_JOURNAL_CAPACITY 0xFFFFCu

// MARK: Calls

// Call 0: the run ends with this code. Printed bytes that are not yet shown are shown first.
_Noreturn void sheaf_halt(uint32_t code);

// Call 1: the next raw word of private input; 0 when none is left. It moves the same stream as the functions below,
// which count on having seen the first word: use the one or the others.
static inline uint32_t sheaf_call_read_input(void) {
    register uint32_t number __asm__("a7") = 1;
    register uint32_t word __asm__("a0");
    __asm__ volatile("ecall" : "=r"(word) : "r"(number));
    return word;
}

// Call 2: cycles (instructions) since the run began, modulo 2^32.
static inline uint32_t sheaf_cycle_count(void) {
    register uint32_t number __asm__("a7") = 2;
    register uint32_t count __asm__("a0");
    __asm__ volatile("ecall" : "=r"(count) : "r"(number));
    return count;
}

// MARK: Private input, a stream of bytes that is read once

// Bytes that are left to read.
size_t sheaf_input_remaining(void);

// Reads at most `count` bytes and says how many were left to give.
size_t sheaf_input_read(void *to, size_t count);

// The next four bytes as a little-endian word; bytes beyond the end are zero. One call when the position is a
// multiple of four.
uint32_t sheaf_input_word(void);

// The next byte, 0 beyond the end.
uint8_t sheaf_input_byte(void);

// MARK: The journal, the public output

// Appends bytes. A journal beyond its capacity ends the run with SHEAF_EXIT_JOURNAL_FULL.
void sheaf_journal_write(const void *bytes, size_t count);

// Appends a word, little-endian.
void sheaf_journal_word(uint32_t word);

// MARK: Printing, shown by the executor and no part of any proof

void sheaf_print(const char *text);
void sheaf_print_bytes(const void *bytes, size_t count);
void sheaf_print_number(uint32_t number);

#ifdef __cplusplus
}
#endif
#endif
