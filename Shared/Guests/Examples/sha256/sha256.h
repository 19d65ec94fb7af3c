#ifndef SHA256_H
#define SHA256_H

#include <stdint.h>

// The state of SHA-256 between blocks (FIPS 180-4, 5.3.3).
struct sha256 {
    uint32_t state[8];
};

void sha256_begin(struct sha256 *hash);

// One block of 16 big-endian words, already in the machine's order (FIPS 180-4, 6.2.2).
void sha256_block(struct sha256 *hash, const uint32_t block[16]);

#endif
