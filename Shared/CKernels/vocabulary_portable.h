// The vocabulary of arrays.inc, one word at a time: V is a vector of LANES words, W the unreduced products of two such.
#pragma once
#include <stddef.h>

#include "portable.h"

#define LANES 1
#define ON_THIS_ISA(name) name##_portable

typedef uint64_t V;
typedef sheaf_wide W;

static inline V v_load(const uint64_t *p, size_t n) { return n ? *p : 0; }
static inline void v_store(uint64_t *p, size_t n, V v) { if (n) *p = v; }
static inline V v_set(uint64_t word) { return word; }
static inline V v_xor(V a, V b) { return a ^ b; }
static inline V v_xor3(V a, V b, V c) { return a ^ b ^ c; }
static inline uint64_t v_sum(V v) { return v; }
/// Of the 2 LANES words a, b: those at even places, those at odd places.
static inline V v_even(V a, V b) { (void)b; return a; }
static inline V v_odd(V a, V b) { (void)a; return b; }
/// Of LANES vectors: word i of vector j goes to word j of vector i.
static inline void v_transpose(V v[LANES]) { (void)v; }

static inline W w_zero(void) { return 0; }
static inline W w_multiply(V a, V b) { return portable_product(a, b); }
static inline W w_square(V a) { return portable_spread(a); }
static inline W w_xor(W a, W b) { return a ^ b; }
static inline W w_xor3(W a, W b, W c) { return a ^ b ^ c; }
static inline V w_reduce(W w) { return portable_reduce(w); }
