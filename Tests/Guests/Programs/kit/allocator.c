// Blocks of many sizes live and die in an order from a generator; each is filled with its own byte and must keep it. Exit
// code 0, or the number of what was wrong.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"

enum { BLOCKS = 64, TURNS = 1500 };

static struct {
    uint8_t *bytes;
    size_t size;
    uint8_t value;
} blocks[BLOCKS];

static uint32_t state = 1;

static uint32_t next(uint32_t below) {
    state = state * 1664525 + 1013904223;
    return (uint32_t)((uint64_t)state * below >> 32);
}

static int holds(const uint8_t *bytes, size_t size, uint8_t value) {
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != value) {
            return 0;
        }
    }
    return 1;
}

int check_allocator(void) {
    for (unsigned turn = 0; turn < TURNS; turn++) {
        unsigned place = next(BLOCKS);
        if (blocks[place].bytes != NULL && !holds(blocks[place].bytes, blocks[place].size, blocks[place].value)) {
            return 1;
        }
        size_t size = next(8) == 0 ? next(9000) : next(200);
        uintptr_t alignment = 16;
        uint8_t *bytes;
        switch (next(4)) {
        case 0:
            bytes = calloc(1, size);
            if (!holds(bytes, size, 0)) {
                return 2;
            }
            free(blocks[place].bytes);
            break;
        case 1: {
            size_t kept = blocks[place].size < size ? blocks[place].size : size;
            bytes = realloc(blocks[place].bytes, size);
            if (!holds(bytes, kept, blocks[place].value)) {
                return 3;
            }
            alignment = 1;
            break;
        }
        case 2: {
            void *result;
            alignment = (uintptr_t)16 << next(8);
            if (posix_memalign(&result, alignment, size) != 0) {
                return 4;
            }
            bytes = result;
            free(blocks[place].bytes);
            break;
        }
        default:
            free(blocks[place].bytes);
            bytes = malloc(size);
        }
        if ((uintptr_t)bytes % alignment != 0) {
            return 5;
        }
        blocks[place].bytes = bytes;
        blocks[place].size = size;
        blocks[place].value = (uint8_t)turn;
        memset(bytes, (int)turn, size);
    }
    return 0;
}
