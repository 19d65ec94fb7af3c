// Carry-less arithmetic without a carry-less instruction: what every other kernel is measured against.
#pragma once
#include "fields.h"

typedef unsigned __int128 sheaf_wide;

/// x^64 = x^4 + x^3 + x + 1
#define SHEAF_REDUCTION 0x1bULL

/// Entry h: with m = x^4 + x^3 + x + 1, what h x^60 times m has from x^64 on, times m again. A table of vpshufb;
/// products have degree 126 at most, so that no test can tell entries from 8 on.
#define SHEAF_OVERFLOW_TABLE                                                                                  \
    (char)0x00, (char)0x1b, (char)0x2d, (char)0x36, (char)0x5a, (char)0x41, (char)0x77, (char)0x6c, (char)0xaf, \
        (char)0xb4, (char)0x82, (char)0x99, (char)0xf5, (char)0xee, (char)0xd8, (char)0xc3

// The same multiplication as maps of bytes, matrices of gf2p8affineqb: what stays in a byte, what the low nibble of a
// rotated byte carries into it, and what it carries where the word wraps.
#define SHEAF_MATRIX_STAY 0x0103060d1b366cd8ULL
#define SHEAF_MATRIX_CARRY 0x0b060c0800000000ULL
#define SHEAF_MATRIX_WRAP 0x0b0d0a0f050a0408ULL

/// The product of two polynomials over GF(2), of degree 126 at most: four bits of b at a time.
static inline sheaf_wide portable_product(uint64_t a, uint64_t b) {
    sheaf_wide multiples[16] = {0, a};
    for (int i = 2; i < 16; i += 2) {
        multiples[i] = multiples[i / 2] << 1;
        multiples[i + 1] = multiples[i] ^ a;
    }
    sheaf_wide result = 0;
    for (int shift = 60; shift >= 0; shift -= 4) result = result << 4 ^ multiples[b >> shift & 15];
    return result;
}

/// The residue modulo x^64 + x^4 + x^3 + x + 1 of a polynomial of degree 127 at most.
static inline uint64_t portable_reduce(sheaf_wide p) {
    uint64_t low = (uint64_t)p, high = (uint64_t)(p >> 64);
    uint64_t over = high >> 63 ^ high >> 61 ^ high >> 60;  // what the shifts below push out
    high ^= over;
    return low ^ high ^ high << 1 ^ high << 3 ^ high << 4;
}

/// The square of a polynomial: its bits spread to the even places.
static inline sheaf_wide portable_spread(uint64_t a) {
    sheaf_wide halves[2];
    for (int half = 0; half < 2; half++) {
        uint64_t v = half ? a >> 32 : a & 0xffffffff;
        v = (v | v << 16) & 0x0000ffff0000ffff;
        v = (v | v << 8) & 0x00ff00ff00ff00ff;
        v = (v | v << 4) & 0x0f0f0f0f0f0f0f0f;
        v = (v | v << 2) & 0x3333333333333333;
        v = (v | v << 1) & 0x5555555555555555;
        halves[half] = v;
    }
    return halves[0] | halves[1] << 64;
}

static inline uint64_t portable_k_multiply(uint64_t a, uint64_t b) { return portable_reduce(portable_product(a, b)); }

/// Karatsuba in Y: six products; with Y^3 = Y + 1 most of the corrections cancel.
static inline sheaf_element portable_e_multiply(sheaf_element a, sheaf_element b) {
    sheaf_wide d0 = portable_product(a.c0, b.c0), d1 = portable_product(a.c1, b.c1), d2 = portable_product(a.c2, b.c2);
    sheaf_wide d01 = portable_product(a.c0 ^ a.c1, b.c0 ^ b.c1);
    sheaf_wide d02 = portable_product(a.c0 ^ a.c2, b.c0 ^ b.c2);
    sheaf_wide d12 = portable_product(a.c1 ^ a.c2, b.c1 ^ b.c2);
    return (sheaf_element){
        portable_reduce(d0 ^ d1 ^ d2 ^ d12),
        portable_reduce(d0 ^ d01 ^ d12),
        portable_reduce(d0 ^ d1 ^ d02),
    };
}

/// (c0 + c1 Y + c2 Y^2)^2 = c0^2 + c1^2 Y^2 + c2^2 (Y^2 + Y)
static inline sheaf_element portable_e_square(sheaf_element a) {
    uint64_t s0 = portable_reduce(portable_spread(a.c0)), s1 = portable_reduce(portable_spread(a.c1));
    uint64_t s2 = portable_reduce(portable_spread(a.c2));
    return (sheaf_element){s0, s2, s1 ^ s2};
}
