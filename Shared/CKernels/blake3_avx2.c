// BLAKE3 in eight lanes.

#if defined(__x86_64__)

#include <immintrin.h>

#define LANES 8
#define NAME(f) f##_avx2

#include "blake3.h"

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)

typedef uint32_t lanes __attribute__((ext_vector_type(8)));

/// Eight rows of eight words, transposed.
static inline void transpose_avx2(lanes r[8]) {
    __m256i a[8], b[8];
    for (int i = 0; i < 4; i++) {
        a[2 * i] = _mm256_unpacklo_epi32((__m256i)r[2 * i], (__m256i)r[2 * i + 1]);
        a[2 * i + 1] = _mm256_unpackhi_epi32((__m256i)r[2 * i], (__m256i)r[2 * i + 1]);
    }
    for (int i = 0; i < 2; i++) {  // b[4 i + w]: word w of rows 4 i to 4 i + 3, and word w + 4
        b[4 * i] = _mm256_unpacklo_epi64(a[4 * i], a[4 * i + 2]);
        b[4 * i + 1] = _mm256_unpackhi_epi64(a[4 * i], a[4 * i + 2]);
        b[4 * i + 2] = _mm256_unpacklo_epi64(a[4 * i + 1], a[4 * i + 3]);
        b[4 * i + 3] = _mm256_unpackhi_epi64(a[4 * i + 1], a[4 * i + 3]);
    }
    for (int w = 0; w < 4; w++) {
        r[w] = (lanes)_mm256_permute2x128_si256(b[w], b[4 + w], 0x20);
        r[w + 4] = (lanes)_mm256_permute2x128_si256(b[w], b[4 + w], 0x31);
    }
}

static inline void load_block_avx2(const uint8_t *const in[8], lanes m[16]) {
    for (int half = 0; half < 2; half++) {
        for (int lane = 0; lane < 8; lane++) __builtin_memcpy(&m[8 * half + lane], in[lane] + 32 * half, 32);
        transpose_avx2(m + 8 * half);
    }
}

static inline void store_digests_avx2(const lanes h[8], uint32_t *out) {
    lanes r[8];
    for (int w = 0; w < 8; w++) r[w] = h[w];
    transpose_avx2(r);
    for (int lane = 0; lane < 8; lane++) __builtin_memcpy(out + 8 * lane, &r[lane], 32);
}

#include "blake3_lanes.h"

#pragma clang attribute pop

#endif
