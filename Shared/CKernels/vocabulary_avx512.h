// The vocabulary of arrays.inc on 512 bits: AVX-512, VPCLMULQDQ, GFNI.
#pragma once
#include <immintrin.h>

#include "portable.h"

#define LANES 8
#define ON_THIS_ISA(name) name##_avx512

typedef __m512i V;
typedef struct {
    __m512i even, odd;
} W;

static inline __mmask8 lanes_below(size_t n) { return (__mmask8)((1u << n) - 1); }
static inline V v_load(const uint64_t *p, size_t n) {
    return n >= 8 ? _mm512_loadu_si512(p) : _mm512_maskz_loadu_epi64(lanes_below(n), p);
}
static inline void v_store(uint64_t *p, size_t n, V v) {
    if (n >= 8) _mm512_storeu_si512(p, v);
    else _mm512_mask_storeu_epi64(p, lanes_below(n), v);
}
static inline V v_set(uint64_t word) { return _mm512_set1_epi64((long long)word); }
static inline V v_xor(V a, V b) { return _mm512_xor_si512(a, b); }
static inline V v_xor3(V a, V b, V c) { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }
static inline uint64_t v_sum(V v) {
    __m256i half = _mm256_xor_si256(_mm512_castsi512_si256(v), _mm512_extracti64x4_epi64(v, 1));
    __m128i quarter = _mm_xor_si128(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
    return (uint64_t)_mm_extract_epi64(quarter, 0) ^ (uint64_t)_mm_extract_epi64(quarter, 1);
}
static inline V v_even(V a, V b) {
    return _mm512_permutex2var_epi64(a, _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14), b);
}
static inline V v_odd(V a, V b) {
    return _mm512_permutex2var_epi64(a, _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15), b);
}
/// Of LANES vectors: word i of vector j goes to word j of vector i.
static inline void v_transpose(V v[LANES]) {
    V pairs[8], quads[8];
    for (int i = 0; i < 8; i += 2) {
        pairs[i] = _mm512_unpacklo_epi64(v[i], v[i + 1]);
        pairs[i + 1] = _mm512_unpackhi_epi64(v[i], v[i + 1]);
    }
    // Lanes of 128 bits: pairs[2 i + b], lane q, has words 2 q + b of rows 2 i and 2 i + 1.
    for (int b = 0; b < 2; b++) {
        quads[b] = _mm512_shuffle_i64x2(pairs[b], pairs[2 + b], 0x88);
        quads[2 + b] = _mm512_shuffle_i64x2(pairs[b], pairs[2 + b], 0xdd);
        quads[4 + b] = _mm512_shuffle_i64x2(pairs[4 + b], pairs[6 + b], 0x88);
        quads[6 + b] = _mm512_shuffle_i64x2(pairs[4 + b], pairs[6 + b], 0xdd);
    }
    // quads[b]: lanes 0 and 2 of rows 0 to 1, then of rows 2 to 3; quads[2 + b]: lanes 1 and 3.
    for (int b = 0; b < 2; b++) {
        v[b] = _mm512_shuffle_i64x2(quads[b], quads[4 + b], 0x88);
        v[2 + b] = _mm512_shuffle_i64x2(quads[2 + b], quads[6 + b], 0x88);
        v[4 + b] = _mm512_shuffle_i64x2(quads[b], quads[4 + b], 0xdd);
        v[6 + b] = _mm512_shuffle_i64x2(quads[2 + b], quads[6 + b], 0xdd);
    }
}

static inline W w_zero(void) { return (W){_mm512_setzero_si512(), _mm512_setzero_si512()}; }
static inline W w_multiply(V a, V b) {
    return (W){_mm512_clmulepi64_epi128(a, b, 0x00), _mm512_clmulepi64_epi128(a, b, 0x11)};
}
static inline W w_square(V a) { return w_multiply(a, a); }
static inline W w_xor(W a, W b) { return (W){v_xor(a.even, b.even), v_xor(a.odd, b.odd)}; }
static inline W w_xor3(W a, W b, W c) { return (W){v_xor3(a.even, b.even, c.even), v_xor3(a.odd, b.odd, c.odd)}; }

/// The high word times m = x^4 + x^3 + x + 1, byte by byte: byte i times m stays in byte i but for four bits (CARRY of its
/// high nibble), which go to byte i + 1, or from byte 7 out of the word: times m again, into byte 0 (WRAP). Rotated by
/// four, byte i has the high nibble of byte i - 1 in its low one.
static inline V w_reduce(W w) {
    const V stay = v_set(SHEAF_MATRIX_STAY), carry = v_set(SHEAF_MATRIX_CARRY), wrap = v_set(SHEAF_MATRIX_WRAP);
    V low = _mm512_unpacklo_epi64(w.even, w.odd), high = _mm512_unpackhi_epi64(w.even, w.odd);
    V nibbles = _mm512_rol_epi64(high, 4);
    V carried = _mm512_gf2p8affine_epi64_epi8(nibbles, carry, 0);
    carried = _mm512_mask_gf2p8affine_epi64_epi8(carried, 0x0101010101010101, nibbles, wrap, 0);
    return v_xor3(low, _mm512_gf2p8affine_epi64_epi8(high, stay, 0), carried);
}
