// The vocabulary of arrays.inc on 256 bits: AVX2 and VPCLMULQDQ.
#pragma once
#include <immintrin.h>

#include "portable.h"

#define LANES 4
#define ON_THIS_ISA(name) name##_avx2

typedef __m256i V;
typedef struct {
    __m256i even, odd;
} W;

static inline __m256i lanes_below(size_t n) {
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x((long long)n), _mm256_setr_epi64x(0, 1, 2, 3));
}
static inline V v_load(const uint64_t *p, size_t n) {
    return n >= 4 ? _mm256_loadu_si256((const __m256i *)p) : _mm256_maskload_epi64((const long long *)p, lanes_below(n));
}
static inline void v_store(uint64_t *p, size_t n, V v) {
    if (n >= 4) _mm256_storeu_si256((__m256i *)p, v);
    else _mm256_maskstore_epi64((long long *)p, lanes_below(n), v);
}
static inline V v_set(uint64_t word) { return _mm256_set1_epi64x((long long)word); }
static inline V v_xor(V a, V b) { return _mm256_xor_si256(a, b); }
static inline V v_xor3(V a, V b, V c) { return v_xor(v_xor(a, b), c); }
static inline uint64_t v_sum(V v) {
    __m128i half = _mm_xor_si128(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));
    return (uint64_t)_mm_extract_epi64(half, 0) ^ (uint64_t)_mm_extract_epi64(half, 1);
}
static inline V v_even(V a, V b) { return _mm256_permute4x64_epi64(_mm256_unpacklo_epi64(a, b), 0xd8); }
static inline V v_odd(V a, V b) { return _mm256_permute4x64_epi64(_mm256_unpackhi_epi64(a, b), 0xd8); }
/// Of LANES vectors: word i of vector j goes to word j of vector i.
static inline void v_transpose(V v[LANES]) {
    V low0 = _mm256_unpacklo_epi64(v[0], v[1]), high0 = _mm256_unpackhi_epi64(v[0], v[1]);
    V low1 = _mm256_unpacklo_epi64(v[2], v[3]), high1 = _mm256_unpackhi_epi64(v[2], v[3]);
    v[0] = _mm256_permute2x128_si256(low0, low1, 0x20);
    v[1] = _mm256_permute2x128_si256(high0, high1, 0x20);
    v[2] = _mm256_permute2x128_si256(low0, low1, 0x31);
    v[3] = _mm256_permute2x128_si256(high0, high1, 0x31);
}

static inline W w_zero(void) { return (W){_mm256_setzero_si256(), _mm256_setzero_si256()}; }
static inline W w_multiply(V a, V b) {
    return (W){_mm256_clmulepi64_epi128(a, b, 0x00), _mm256_clmulepi64_epi128(a, b, 0x11)};
}
static inline W w_square(V a) { return w_multiply(a, a); }
static inline W w_xor(W a, W b) { return (W){v_xor(a.even, b.even), v_xor(a.odd, b.odd)}; }
static inline W w_xor3(W a, W b, W c) { return w_xor(w_xor(a, b), c); }

/// What the four highest bits give when the high word is multiplied by x^4 + x^3 + x + 1 and leaves 64 bits: reduced.
static inline V overflow(V nibbles) {
    const V table = _mm256_broadcastsi128_si256(_mm_setr_epi8(SHEAF_OVERFLOW_TABLE));
    return _mm256_shuffle_epi8(table, nibbles);
}

static inline V w_reduce(W w) {
    V low = _mm256_unpacklo_epi64(w.even, w.odd), high = _mm256_unpackhi_epi64(w.even, w.odd);
    V once = v_xor(high, _mm256_add_epi64(high, high));  // (1 + x)(1 + x^3) = 1 + x + x^3 + x^4
    V both = v_xor(once, _mm256_slli_epi64(once, 3));
    return v_xor(v_xor(low, both), overflow(_mm256_srli_epi64(high, 60)));
}
