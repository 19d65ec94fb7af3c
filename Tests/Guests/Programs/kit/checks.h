#ifndef CHECKS_H
#define CHECKS_H

// What the host asks for, by the first word of the input.
enum check {
    ARITHMETIC = 0,    // operations until the input ends; see arithmetic.c
    MEMORY = 1,        // memcpy and the others against loops over bytes
    ALLOCATOR = 2,     // blocks of many sizes, none overlapping
    PRINT = 3,         // prints the rest of the input
    ECHO = 4,          // the input by read_input, the output by write_output, twice
    ABORT = 5,         // a failed assertion
    JOURNAL_FULL = 6,  // writes until the journal is full
    OUT_OF_MEMORY = 7, // asks for more memory than there is
    STREAM = 8,        // reads the input in pieces of 0, 1, 2, ... bytes
};

void check_arithmetic(void);
int check_memory(void);
int check_allocator(void);

#endif
