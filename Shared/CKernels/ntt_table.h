// The kernels of ntt.h as a table: one for each instruction set.
#pragma once
#include "ntt.h"

#define NTT_KERNELS(KERNEL)                                                                                    \
    KERNEL(void, ntt_layers,                                                                                   \
        (uint64_t *data, size_t width, unsigned low, unsigned layers, uint64_t first, const uint64_t *table),  \
        (data, width, low, layers, first, table))                                                              \
    KERNEL(void, ntt_gather,                                                                                   \
        (uint64_t *to, const uint64_t *const *rows, size_t width, size_t positions, size_t step, size_t columns), \
        (to, rows, width, positions, step, columns))                                                           \
    KERNEL(void, ntt_transposed, (uint64_t *a, uint64_t *b, uint64_t t, size_t count), (a, b, t, count))

typedef struct {
#define MEMBER(type, name, parameters, arguments) type(*name) parameters;
    NTT_KERNELS(MEMBER)
#undef MEMBER
} ntt_kernels;

extern const ntt_kernels ntt_kernels_portable, ntt_kernels_pclmul, ntt_kernels_avx2, ntt_kernels_avx512;
