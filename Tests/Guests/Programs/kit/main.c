#include <assert.h>
#include <sheaf.h>
#include <stdlib.h>
#include <zkvm_io.h>

#include "checks.h"

static int constructed;

__attribute__((constructor)) static void construct(void) { constructed = 1; }

static void echo(void) {
    const uint8_t *bytes, *again;
    size_t size, same;
    read_input(&bytes, &size);
    read_input(&again, &same);
    if (bytes != again || size != same || sheaf_input_remaining() != 0) {
        sheaf_halt(1);
    }
    write_output(bytes, size);
    write_output(bytes, size);
}

static void stream(void) {
    uint8_t piece[64];
    for (size_t size = 0; sheaf_input_remaining() != 0; size = (size + 1) % 64) {
        sheaf_journal_write(piece + size % 4, sheaf_input_read(piece + size % 4, size % 60));
        if (sheaf_input_remaining() >= 4) {
            sheaf_journal_word(sheaf_input_word());
        }
    }
}

int main(void) {
    assert(constructed);
    switch (sheaf_input_word()) {
    case ARITHMETIC: check_arithmetic(); return 0;
    case MEMORY: return check_memory();
    case ALLOCATOR: return check_allocator();
    case PRINT:
        while (sheaf_input_remaining() != 0) {
            uint8_t byte = sheaf_input_byte();
            sheaf_print_bytes(&byte, 1);
        }
        return 0;
    case ECHO: echo(); return 0;
    case ABORT: assert(sheaf_input_remaining() == 77);
    case JOURNAL_FULL:
        for (;;) {
            sheaf_journal_word(1);
        }
    case OUT_OF_MEMORY:
        for (;;) {
            malloc(300000000);
        }
    case STREAM: stream(); return 0;
    default: return 99;
    }
}
