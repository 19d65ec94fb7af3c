// Private input: the first word is the length in bytes, the bytes follow as little-endian words, zero padded.
#include <sheaf.h>
#include <stdbool.h>

static bool begun;
static size_t remaining;  // bytes not yet given
static uint32_t held;     // what is left of the last word, in its low bytes
static unsigned kept;     // bytes in `held`, 0 to 3

static inline void begin(void) {
    if (!begun) {
        begun = true;
        remaining = sheaf_call_read_input();
    }
}

size_t sheaf_input_remaining(void) {
    begin();
    return remaining;
}

// Not in line: four copies in `sheaf_input_word` fill half a page, and a segment pays for every page of code it executes.
__attribute__((noinline)) uint8_t sheaf_input_byte(void) {
    begin();
    if (remaining == 0) {
        return 0;
    }
    if (kept == 0) {
        held = sheaf_call_read_input();
        kept = 4;
    }
    uint8_t byte = (uint8_t)held;
    held >>= 8;
    kept -= 1;
    remaining -= 1;
    return byte;
}

uint32_t sheaf_input_word(void) {
    begin();
    if (kept == 0 && remaining >= 4) {
        remaining -= 4;
        return sheaf_call_read_input();
    }
    uint32_t word = sheaf_input_byte();
    word |= (uint32_t)sheaf_input_byte() << 8;
    word |= (uint32_t)sheaf_input_byte() << 16;
    return word | (uint32_t)sheaf_input_byte() << 24;
}

size_t sheaf_input_read(void *to, size_t count) {
    begin();
    if (count > remaining) {
        count = remaining;
    }
    uint8_t *next = to;
    uint8_t *end = next + count;
    if (kept == 0 && ((uintptr_t)next & 3) == 0) {
        uint32_t __attribute__((may_alias)) *word = to;
        size_t words = count / 4;
        for (size_t i = 0; i < words; i++) {
            word[i] = sheaf_call_read_input();
        }
        remaining -= 4 * words;
        next += 4 * words;
    }
    while (next != end) {
        *next++ = sheaf_input_byte();
    }
    return count;
}
