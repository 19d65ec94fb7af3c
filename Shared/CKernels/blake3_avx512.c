// BLAKE3 in sixteen lanes.

#if defined(__x86_64__)

#include <immintrin.h>

#define LANES 16
#define NAME(f) f##_avx512

#include "blake3.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)

typedef uint32_t lanes __attribute__((ext_vector_type(16)));

/// Within each quarter q of 128 bits, four rows of four words transposed: r[w] then holds the w-th words of its rows'
/// quarters as rows, that is, r[w] quarter q is row w of the transposed 4 x 4 block q.
static inline void transpose_quarters_avx512(__m512i r[4]) {
    __m512i a = _mm512_unpacklo_epi32(r[0], r[1]), b = _mm512_unpackhi_epi32(r[0], r[1]);
    __m512i c = _mm512_unpacklo_epi32(r[2], r[3]), d = _mm512_unpackhi_epi32(r[2], r[3]);
    r[0] = _mm512_unpacklo_epi64(a, c), r[1] = _mm512_unpackhi_epi64(a, c);
    r[2] = _mm512_unpacklo_epi64(b, d), r[3] = _mm512_unpackhi_epi64(b, d);
}

static inline void load_block_avx512(const uint8_t *const in[16], lanes m[16]) {
    __m512i r[16];
    for (int group = 0; group < 4; group++) {
        for (int lane = 0; lane < 4; lane++) r[4 * group + lane] = _mm512_loadu_si512(in[4 * group + lane]);
        transpose_quarters_avx512(r + 4 * group);
    }
    for (int w = 0; w < 4; w++) {  // word 4 q + w: quarter q of r[w], r[4 + w], r[8 + w], r[12 + w]
        __m512i a = _mm512_shuffle_i32x4(r[w], r[4 + w], 0x88), b = _mm512_shuffle_i32x4(r[w], r[4 + w], 0xDD);
        __m512i c = _mm512_shuffle_i32x4(r[8 + w], r[12 + w], 0x88), d = _mm512_shuffle_i32x4(r[8 + w], r[12 + w], 0xDD);
        m[w] = (lanes)_mm512_shuffle_i32x4(a, c, 0x88);
        m[4 + w] = (lanes)_mm512_shuffle_i32x4(b, d, 0x88);
        m[8 + w] = (lanes)_mm512_shuffle_i32x4(a, c, 0xDD);
        m[12 + w] = (lanes)_mm512_shuffle_i32x4(b, d, 0xDD);
    }
}

static inline void store_digests_avx512(const lanes h[8], uint32_t *out) {
    __m512i r[8];
    for (int w = 0; w < 8; w++) r[w] = (__m512i)h[w];
    transpose_quarters_avx512(r);
    transpose_quarters_avx512(r + 4);
    // Quarter q of r[i] and of r[4 + i] are the digest of lane 4 q + i.
    const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11), high = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
    for (int i = 0; i < 4; i++) {
        __m512i a = _mm512_permutex2var_epi64(r[i], low, r[4 + i]), b = _mm512_permutex2var_epi64(r[i], high, r[4 + i]);
        _mm256_storeu_si256((__m256i *)(out + 8 * i), _mm512_castsi512_si256(a));
        _mm256_storeu_si256((__m256i *)(out + 8 * (4 + i)), _mm512_extracti64x4_epi64(a, 1));
        _mm256_storeu_si256((__m256i *)(out + 8 * (8 + i)), _mm512_castsi512_si256(b));
        _mm256_storeu_si256((__m256i *)(out + 8 * (12 + i)), _mm512_extracti64x4_epi64(b, 1));
    }
}

#include "blake3_lanes.h"

#pragma clang attribute pop

#endif
