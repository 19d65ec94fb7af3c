// malloc and its family.
//
// The heap is far larger than any guest needs, and what a proof pays for is pages touched, not addresses used. So blocks
// are never merged: each has one of a few sizes, freed blocks wait in a list for their size and are the first to be
// given again (their pages are touched already), and new ones are cut from the top.
//
//      16 k - 4      16 k                            16 (k + n) - 4
//     | header      | payload, 16 n - 4 bytes       | header of the next block
//
// The header of a block is 4 * class. posix_memalign beyond 16 bytes puts a second header before the payload that it
// gives: 4 * distance + 1, the distance in bytes back to the payload of the block around it.
#include <sheaf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

extern uint8_t _heap_start[];
extern uint8_t _heap_end[];

enum {
    SMALL = 64,              // classes 0 to 63 have (class + 1) units of 16 bytes
    CLASSES = SMALL + 4 * 22  // the others have four sizes for each power of two, up to the whole heap
};

struct freed {
    struct freed *next;
};

static struct freed *lists[CLASSES];
static uintptr_t top;  // the first header that was never given; 16 k - 4, or 0 before the first block

static size_t units_of(unsigned class) {
    if (class < SMALL) {
        return class + 1;
    }
    unsigned step = class - SMALL;
    return (size_t)(5 + step % 4) << (4 + step / 4);  // 80, 96, 112, 128, 160, ...
}

static unsigned class_for(size_t units) {
    if (units <= SMALL) {
        return (unsigned)units - 1;
    }
    unsigned bits = 31 - (unsigned)__builtin_clz((unsigned)units - 1);  // 2^bits < units <= 2^(bits + 1), bits >= 6
    unsigned quarter = (unsigned)((units - 1) >> (bits - 2)) & 3;
    return SMALL + 4 * (bits - 6) + quarter;
}

static uint32_t *header_of(void *payload) { return (uint32_t *)payload - 1; }

static void *block_around(void *payload) {
    uint32_t header = *header_of(payload);
    return header & 1 ? (uint8_t *)payload - (header >> 2) : payload;
}

static _Noreturn void out_of_memory(void) {
    sheaf_print("out of memory\n");
    sheaf_halt(SHEAF_EXIT_OUT_OF_MEMORY);
}

void *malloc(size_t size) {
    if (size > (size_t)(_heap_end - _heap_start)) {
        out_of_memory();
    }
    unsigned class = class_for((size + 4 + 15) / 16);
    struct freed *block = lists[class];
    if (block != NULL) {
        lists[class] = block->next;
        return block;
    }
    if (top == 0) {
        top = (uintptr_t)_heap_start + 12;
    }
    size_t bytes = 16 * units_of(class);
    if (bytes > (uintptr_t)_heap_end - top) {
        out_of_memory();
    }
    uint32_t *header = (uint32_t *)top;
    top += bytes;
    *header = 4 * class;
    return header + 1;
}

void free(void *payload) {
    if (payload == NULL) {
        return;
    }
    struct freed *block = block_around(payload);
    unsigned class = *header_of(block) >> 2;
    block->next = lists[class];
    lists[class] = block;
}

void *calloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        out_of_memory();
    }
    uintptr_t fresh = top == 0 ? (uintptr_t)_heap_start + 12 : top;
    void *block = malloc(bytes);
    // What lies above the old top was never written and is zero.
    return (uintptr_t)block > fresh ? block : memset(block, 0, bytes);
}

void *realloc(void *payload, size_t size) {
    if (payload == NULL) {
        return malloc(size);
    }
    uint8_t *block = block_around(payload);
    size_t room = 16 * units_of(*header_of(block) >> 2) - 4 - (size_t)((uint8_t *)payload - block);
    if (size <= room) {
        return payload;
    }
    void *moved = malloc(size);
    memcpy(moved, payload, room);
    free(payload);
    return moved;
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    if (alignment <= 16) {
        *result = malloc(size);
        return 0;
    }
    if (size > (size_t)(_heap_end - _heap_start) - alignment) {
        out_of_memory();
    }
    uint8_t *block = malloc(size + alignment);
    uint8_t *aligned = (uint8_t *)(((uintptr_t)block + alignment - 1) & ~(uintptr_t)(alignment - 1));
    if (aligned != block) {
        *header_of(aligned) = 4 * (uint32_t)(aligned - block) + 1;
    }
    *result = aligned;
    return 0;
}

void *aligned_alloc(size_t alignment, size_t size) {
    void *block;
    posix_memalign(&block, alignment, size);
    return block;
}
