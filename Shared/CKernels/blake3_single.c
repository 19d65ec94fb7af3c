#include "blake3.h"

#include <string.h>

#include "blake3_round.h"

void sheaf_blake3_compress(const void *cv, const void *block, uint64_t counter, uint32_t length, uint32_t flags,
                           void *out) {
    uint32_t h[8], m[16], v[16];
    memcpy(h, cv, sizeof h);
    memcpy(m, block, sizeof m);
    memcpy(v, cv, sizeof h);
    v[8] = SHEAF_BLAKE3_IV0, v[9] = SHEAF_BLAKE3_IV1, v[10] = SHEAF_BLAKE3_IV2, v[11] = SHEAF_BLAKE3_IV3;
    v[12] = (uint32_t)counter, v[13] = (uint32_t)(counter >> 32), v[14] = length, v[15] = flags;
    SHEAF_BLAKE3_ROUNDS(v, m);
    for (int i = 0; i < 8; i++) {
        v[i] ^= v[i + 8];
        v[i + 8] ^= h[i];
    }
    memcpy(out, v, sizeof v);
}

void sheaf_blake3_chain(void *cv, const void *bytes, size_t blocks, uint64_t counter, uint32_t flags, uint32_t first,
                        uint32_t last) {
    uint32_t out[16];
    for (size_t j = 0; j < blocks; j++) {
        uint32_t ends = (j == 0 ? first : 0) | (j + 1 == blocks ? last : 0);
        sheaf_blake3_compress(cv, (const uint8_t *)bytes + 64 * j, counter, 64, flags | ends, out);
        memcpy(cv, out, 32);
    }
}
