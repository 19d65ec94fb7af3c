// SHA-256 of the input, whatever its length: the stream is hashed as it is read, in constant memory.
//
// Journal: the digest, 32 bytes.
#include <sheaf.h>

#include "sha256.h"

static uint32_t swapped(uint32_t word) {
    return word << 24 | (word << 8 & 0xFF0000) | (word >> 8 & 0xFF00) | word >> 24;
}

int main(void) {
    struct sha256 hash;
    uint32_t block[16];
    uint64_t bits = 8 * (uint64_t)sheaf_input_remaining();
    sha256_begin(&hash);
    while (sheaf_input_remaining() >= 64) {
        for (int i = 0; i < 16; i++) {
            block[i] = swapped(sheaf_input_word());
        }
        sha256_block(&hash, block);
    }

    // The last bytes, one bit, zeros, and the length in bits (FIPS 180-4, 5.1.1); words beyond the input read as zero.
    unsigned last = (unsigned)sheaf_input_remaining();
    for (int i = 0; i < 16; i++) {
        block[i] = swapped(sheaf_input_word());
    }
    block[last / 4] |= 0x80000000u >> 8 * (last % 4);
    if (last >= 56) {
        sha256_block(&hash, block);
        for (int i = 0; i < 14; i++) {
            block[i] = 0;
        }
    }
    block[14] = (uint32_t)(bits >> 32);
    block[15] = (uint32_t)bits;
    sha256_block(&hash, block);

    for (int i = 0; i < 8; i++) {
        sheaf_journal_word(swapped(hash.state[i]));
    }
    return 0;
}
