// Vectors of LANES elements of E, over any vocabulary: VE, and WE, not yet reduced. Include a vocabulary first.
#pragma once
#include "arrays.h"

typedef struct {
    V c0, c1, c2;
} VE;

typedef struct {
    W c0, c1, c2;
} WE;

/// `step`, in terms of the place i and the number n of lanes there, over 0 ... count; n is a constant but at the end.
#define SWEEP(count, step)                                  \
    do {                                                    \
        size_t i = 0;                                       \
        for (; i + LANES <= (count); i += LANES) {          \
            const size_t n = LANES;                         \
            step;                                           \
        }                                                   \
        if (i < (count)) {                                  \
            const size_t n = (count) - i;                   \
            step;                                           \
        }                                                   \
    } while (0)

#define INLINE static inline __attribute__((always_inline, unused))

INLINE VE e_load(sheaf_planes a, size_t i, size_t n) {
    const uint64_t *p = a.base + i;
    return (VE){v_load(p, n), v_load(p + a.stride, n), v_load(p + 2 * a.stride, n)};
}

INLINE void e_store(sheaf_planes d, size_t i, size_t n, VE v) {
    uint64_t *p = d.base + i;
    v_store(p, n, v.c0);
    v_store(p + d.stride, n, v.c1);
    v_store(p + 2 * d.stride, n, v.c2);
}

INLINE VE e_set(sheaf_element e) { return (VE){v_set(e.c0), v_set(e.c1), v_set(e.c2)}; }

INLINE VE e_xor(VE a, VE b) { return (VE){v_xor(a.c0, b.c0), v_xor(a.c1, b.c1), v_xor(a.c2, b.c2)}; }

INLINE sheaf_element e_sum(VE a) { return (sheaf_element){v_sum(a.c0), v_sum(a.c1), v_sum(a.c2)}; }

INLINE WE we_zero(void) { return (WE){w_zero(), w_zero(), w_zero()}; }

INLINE WE we_xor(WE a, WE b) { return (WE){w_xor(a.c0, b.c0), w_xor(a.c1, b.c1), w_xor(a.c2, b.c2)}; }

/// Karatsuba in Y, six products: with Y^3 = Y + 1 most of the corrections cancel (portable_e_multiply).
INLINE WE we_multiply(VE a, VE b) {
    W d0 = w_multiply(a.c0, b.c0), d1 = w_multiply(a.c1, b.c1), d2 = w_multiply(a.c2, b.c2);
    W d01 = w_multiply(v_xor(a.c0, a.c1), v_xor(b.c0, b.c1));
    W d02 = w_multiply(v_xor(a.c0, a.c2), v_xor(b.c0, b.c2));
    W d12 = w_multiply(v_xor(a.c1, a.c2), v_xor(b.c1, b.c2));
    W d0_12 = w_xor(d0, d12);
    return (WE){w_xor3(d0_12, d1, d2), w_xor(d0_12, d01), w_xor3(d0, d1, d02)};
}

INLINE WE we_scale(VE a, V k) {
    return (WE){w_multiply(a.c0, k), w_multiply(a.c1, k), w_multiply(a.c2, k)};
}

INLINE VE we_reduce(WE a) { return (VE){w_reduce(a.c0), w_reduce(a.c1), w_reduce(a.c2)}; }

INLINE VE e_multiply(VE a, VE b) { return we_reduce(we_multiply(a, b)); }

INLINE sheaf_element we_sum(WE a) { return e_sum(we_reduce(a)); }
