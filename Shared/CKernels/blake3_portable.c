// BLAKE3 in four lanes of plain C: the compiler's vectors, no instruction named.

#define LANES 4
#define NAME(f) f##_portable

#include "blake3.h"

typedef uint32_t lanes __attribute__((ext_vector_type(4)));

/// Four rows of four words, transposed.
static inline void transpose_portable(lanes r[4]) {
    lanes a = __builtin_shufflevector(r[0], r[1], 0, 4, 1, 5), b = __builtin_shufflevector(r[0], r[1], 2, 6, 3, 7);
    lanes c = __builtin_shufflevector(r[2], r[3], 0, 4, 1, 5), d = __builtin_shufflevector(r[2], r[3], 2, 6, 3, 7);
    r[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5), r[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
    r[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5), r[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

static inline void load_block_portable(const uint8_t *const in[4], lanes m[16]) {
    for (int quarter = 0; quarter < 4; quarter++) {
        for (int lane = 0; lane < 4; lane++) __builtin_memcpy(&m[4 * quarter + lane], in[lane] + 16 * quarter, 16);
        transpose_portable(m + 4 * quarter);
    }
}

static inline void store_digests_portable(const lanes h[8], uint32_t *out) {
    for (int half = 0; half < 2; half++) {
        lanes r[4] = {h[4 * half], h[4 * half + 1], h[4 * half + 2], h[4 * half + 3]};
        transpose_portable(r);
        for (int lane = 0; lane < 4; lane++) __builtin_memcpy(out + 8 * lane + 4 * half, &r[lane], 16);
    }
}

#include "blake3_lanes.h"
