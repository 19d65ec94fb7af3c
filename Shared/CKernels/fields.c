#include "fields.h"

#include "dispatch.h"
#include "portable.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define CLMUL __attribute__((target("pclmul,sse4.1")))

static inline CLMUL __m128i word(uint64_t a) { return _mm_cvtsi64_si128((long long)a); }

static inline CLMUL __m128i pair(uint64_t a, uint64_t b) { return _mm_insert_epi64(word(a), (long long)b, 1); }

/// The residues of two polynomials of degree 127 at most (as w_reduce of vocabulary_pclmul.h).
static inline CLMUL __m128i reduce(__m128i even, __m128i odd) {
    const __m128i overflow = _mm_setr_epi8(SHEAF_OVERFLOW_TABLE);
    __m128i low = _mm_unpacklo_epi64(even, odd), high = _mm_unpackhi_epi64(even, odd);
    __m128i once = _mm_xor_si128(high, _mm_add_epi64(high, high));
    __m128i both = _mm_xor_si128(once, _mm_slli_epi64(once, 3));
    return _mm_xor_si128(_mm_xor_si128(low, both), _mm_shuffle_epi8(overflow, _mm_srli_epi64(high, 60)));
}

static inline CLMUL sheaf_element element(__m128i p0, __m128i p1, __m128i p2) {
    sheaf_element result;
    _mm_storeu_si128((__m128i *)&result, reduce(p0, p1));
    _mm_storel_epi64((__m128i *)&result.c2, reduce(p2, p2));
    return result;
}

static CLMUL uint64_t clmul_k_multiply(uint64_t a, uint64_t b) {
    __m128i p = _mm_clmulepi64_si128(word(a), word(b), 0x00);
    return (uint64_t)_mm_cvtsi128_si64(reduce(p, p));
}

/// As portable_e_multiply.
static CLMUL sheaf_element clmul_e_multiply(
    uint64_t a0, uint64_t a1, uint64_t a2, uint64_t b0, uint64_t b1, uint64_t b2) {
    __m128i a01 = pair(a0, a1), b01 = pair(b0, b1), a22 = pair(a2, a2), b22 = pair(b2, b2);
    __m128i sum_a = _mm_xor_si128(a01, _mm_unpackhi_epi64(a01, a01));  // a0 + a1
    __m128i sum_b = _mm_xor_si128(b01, _mm_unpackhi_epi64(b01, b01));
    __m128i sums_a = _mm_xor_si128(a01, a22), sums_b = _mm_xor_si128(b01, b22);  // a0 + a2, a1 + a2
    __m128i d0 = _mm_clmulepi64_si128(a01, b01, 0x00), d1 = _mm_clmulepi64_si128(a01, b01, 0x11);
    __m128i d2 = _mm_clmulepi64_si128(a22, b22, 0x00), d01 = _mm_clmulepi64_si128(sum_a, sum_b, 0x00);
    __m128i d02 = _mm_clmulepi64_si128(sums_a, sums_b, 0x00), d12 = _mm_clmulepi64_si128(sums_a, sums_b, 0x11);
    __m128i d0_1 = _mm_xor_si128(d0, d1), d0_12 = _mm_xor_si128(d0, d12);
    return element(
        _mm_xor_si128(d0_12, _mm_xor_si128(d1, d2)), _mm_xor_si128(d0_12, d01), _mm_xor_si128(d0_1, d02));
}

static CLMUL sheaf_element clmul_e_scale(uint64_t a0, uint64_t a1, uint64_t a2, uint64_t k) {
    __m128i a01 = pair(a0, a1), factor = word(k);
    return element(
        _mm_clmulepi64_si128(a01, factor, 0x00), _mm_clmulepi64_si128(a01, factor, 0x01),
        _mm_clmulepi64_si128(word(a2), factor, 0x00));
}

static CLMUL sheaf_element clmul_e_square(uint64_t a0, uint64_t a1, uint64_t a2) {
    __m128i a01 = pair(a0, a1), a22 = word(a2);
    __m128i s0 = _mm_clmulepi64_si128(a01, a01, 0x00), s1 = _mm_clmulepi64_si128(a01, a01, 0x11);
    __m128i s2 = _mm_clmulepi64_si128(a22, a22, 0x00);
    return element(s0, s2, _mm_xor_si128(s1, s2));
}

#define WITH_CLMUL(call) \
    if (isa() >= SHEAF_ISA_AVX2) return call;
#else
#define WITH_CLMUL(call)
#endif

uint64_t sheaf_k_multiply(uint64_t a, uint64_t b) {
    WITH_CLMUL(clmul_k_multiply(a, b))
    return portable_k_multiply(a, b);
}

uint64_t sheaf_k_square(uint64_t a) {
    WITH_CLMUL(clmul_k_multiply(a, a))
    return portable_reduce(portable_spread(a));
}

sheaf_element sheaf_e_multiply(uint64_t a0, uint64_t a1, uint64_t a2, uint64_t b0, uint64_t b1, uint64_t b2) {
    WITH_CLMUL(clmul_e_multiply(a0, a1, a2, b0, b1, b2))
    return portable_e_multiply((sheaf_element){a0, a1, a2}, (sheaf_element){b0, b1, b2});
}

sheaf_element sheaf_e_scale(uint64_t a0, uint64_t a1, uint64_t a2, uint64_t k) {
    WITH_CLMUL(clmul_e_scale(a0, a1, a2, k))
    return (sheaf_element){portable_k_multiply(a0, k), portable_k_multiply(a1, k), portable_k_multiply(a2, k)};
}

sheaf_element sheaf_e_square(uint64_t a0, uint64_t a1, uint64_t a2) {
    WITH_CLMUL(clmul_e_square(a0, a1, a2))
    return portable_e_square((sheaf_element){a0, a1, a2});
}
