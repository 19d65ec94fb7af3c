// The journal window: 1 MiB at 0xC0000000. Word 0 is the journal's length in bytes, the bytes follow.
#include <sheaf.h>
#include <string.h>

static volatile uint32_t *const length = (volatile uint32_t *)0xC0000000u;
static uint8_t *const bytes = (uint8_t *)0xC0000004u;

static uint8_t *reserve(size_t count) {
    uint32_t used = *length;
    if (count > SHEAF_JOURNAL_CAPACITY - used) {
        sheaf_print("the journal is full\n");
        sheaf_halt(SHEAF_EXIT_JOURNAL_FULL);
    }
    *length = used + (uint32_t)count;
    return bytes + used;
}

void sheaf_journal_write(const void *from, size_t count) { memcpy(reserve(count), from, count); }

void sheaf_journal_word(uint32_t word) {
    uint8_t *to = reserve(4);
    if (((uintptr_t)to & 3) == 0) {
        *(uint32_t *)to = word;
    } else {
        memcpy(to, &word, 4);
    }
}
