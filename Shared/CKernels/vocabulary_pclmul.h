// The vocabulary of arrays.inc on 128 bits: PCLMULQDQ, with AVX2's three-operand encoding.
#pragma once
#include <immintrin.h>

#include "portable.h"

#define LANES 2
#define ON_THIS_ISA(name) name##_pclmul

typedef __m128i V;
typedef struct {
    __m128i even, odd;
} W;

static inline V v_load(const uint64_t *p, size_t n) {
    return n >= 2 ? _mm_loadu_si128((const __m128i *)p) : n ? _mm_loadl_epi64((const __m128i *)p) : _mm_setzero_si128();
}
static inline void v_store(uint64_t *p, size_t n, V v) {
    if (n >= 2) _mm_storeu_si128((__m128i *)p, v);
    else if (n) _mm_storel_epi64((__m128i *)p, v);
}
static inline V v_set(uint64_t word) { return _mm_set1_epi64x((long long)word); }
static inline V v_xor(V a, V b) { return _mm_xor_si128(a, b); }
static inline V v_xor3(V a, V b, V c) { return v_xor(v_xor(a, b), c); }
static inline uint64_t v_sum(V v) { return (uint64_t)_mm_extract_epi64(v, 0) ^ (uint64_t)_mm_extract_epi64(v, 1); }
static inline V v_even(V a, V b) { return _mm_unpacklo_epi64(a, b); }
static inline V v_odd(V a, V b) { return _mm_unpackhi_epi64(a, b); }
/// Of LANES vectors: word i of vector j goes to word j of vector i.
static inline void v_transpose(V v[LANES]) {
    V low = _mm_unpacklo_epi64(v[0], v[1]), high = _mm_unpackhi_epi64(v[0], v[1]);
    v[0] = low;
    v[1] = high;
}

static inline W w_zero(void) { return (W){_mm_setzero_si128(), _mm_setzero_si128()}; }
static inline W w_multiply(V a, V b) { return (W){_mm_clmulepi64_si128(a, b, 0x00), _mm_clmulepi64_si128(a, b, 0x11)}; }
static inline W w_square(V a) { return w_multiply(a, a); }
static inline W w_xor(W a, W b) { return (W){v_xor(a.even, b.even), v_xor(a.odd, b.odd)}; }
static inline W w_xor3(W a, W b, W c) { return w_xor(w_xor(a, b), c); }

/// What the four highest bits give when the high word is multiplied by x^4 + x^3 + x + 1 and leaves 64 bits: reduced.
static inline V overflow(V nibbles) {
    const V table = _mm_setr_epi8(SHEAF_OVERFLOW_TABLE);
    return _mm_shuffle_epi8(table, nibbles);
}

static inline V w_reduce(W w) {
    V low = _mm_unpacklo_epi64(w.even, w.odd), high = _mm_unpackhi_epi64(w.even, w.odd);
    V once = v_xor(high, _mm_add_epi64(high, high));  // (1 + x)(1 + x^3) = 1 + x + x^3 + x^4
    V both = v_xor(once, _mm_slli_epi64(once, 3));
    return v_xor(v_xor(low, both), overflow(_mm_srli_epi64(high, 60)));
}
