#include "fields.h"

#include "dispatch.h"
#include "portable.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define CLMUL __attribute__((target("pclmul,sse4.1")))

static inline CLMUL __m128i word(uint64_t a) { return _mm_cvtsi64_si128((long long)a); }

/// In the low half: the residue of a polynomial of degree 127 at most.
static inline CLMUL uint64_t reduce(__m128i p) {
    const __m128i reduction = word(SHEAF_REDUCTION);
    __m128i once = _mm_clmulepi64_si128(p, reduction, 0x01);
    __m128i twice = _mm_clmulepi64_si128(once, reduction, 0x01);
    return (uint64_t)_mm_cvtsi128_si64(_mm_xor_si128(p, _mm_xor_si128(once, twice)));
}

static inline CLMUL __m128i product(uint64_t a, uint64_t b) { return _mm_clmulepi64_si128(word(a), word(b), 0x00); }

static CLMUL uint64_t clmul_k_multiply(uint64_t a, uint64_t b) { return reduce(product(a, b)); }

static CLMUL sheaf_element clmul_e_multiply(
    uint64_t a0, uint64_t a1, uint64_t a2, uint64_t b0, uint64_t b1, uint64_t b2) {
    __m128i d0 = product(a0, b0), d1 = product(a1, b1), d2 = product(a2, b2);
    __m128i d01 = product(a0 ^ a1, b0 ^ b1), d02 = product(a0 ^ a2, b0 ^ b2), d12 = product(a1 ^ a2, b1 ^ b2);
    __m128i d0_1 = _mm_xor_si128(d0, d1), d0_12 = _mm_xor_si128(d0, d12);
    return (sheaf_element){
        reduce(_mm_xor_si128(d0_12, _mm_xor_si128(d1, d2))),
        reduce(_mm_xor_si128(d0_12, d01)),
        reduce(_mm_xor_si128(d0_1, d02)),
    };
}

static CLMUL sheaf_element clmul_e_scale(uint64_t a0, uint64_t a1, uint64_t a2, uint64_t k) {
    return (sheaf_element){reduce(product(a0, k)), reduce(product(a1, k)), reduce(product(a2, k))};
}

static CLMUL sheaf_element clmul_e_square(uint64_t a0, uint64_t a1, uint64_t a2) {
    uint64_t s0 = reduce(product(a0, a0)), s1 = reduce(product(a1, a1)), s2 = reduce(product(a2, a2));
    return (sheaf_element){s0, s2, s1 ^ s2};
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
