// The kernels of arrays.h as a table: one for each instruction set. A new set (NEON) is one more table.
#pragma once
#include "arrays.h"

#define ARRAY_KERNELS(KERNEL)                                                                                         \
    KERNEL(void, multiply, (sheaf_planes d, sheaf_planes a, sheaf_planes b, size_t count), (d, a, b, count))          \
    KERNEL(void, square, (sheaf_planes d, sheaf_planes a, size_t count), (d, a, count))                               \
    KERNEL(void, add, (sheaf_planes d, sheaf_planes a, size_t count), (d, a, count))                                  \
    KERNEL(void, scale, (sheaf_planes d, sheaf_planes a, sheaf_element c, size_t count), (d, a, c, count))            \
    KERNEL(void, scale_add, (sheaf_planes d, sheaf_planes a, sheaf_element c, size_t count), (d, a, c, count))        \
    KERNEL(void, multiply_add, (sheaf_planes d, sheaf_planes a, sheaf_planes b, size_t count), (d, a, b, count))      \
    KERNEL(void, multiply_packed, (sheaf_planes d, sheaf_planes a, const uint64_t *k, size_t count), (d, a, k, count)) \
    KERNEL(sheaf_element, sum, (sheaf_planes a, size_t count), (a, count))                                            \
    KERNEL(sheaf_element, inner, (sheaf_planes a, sheaf_planes b, size_t count), (a, b, count))                       \
    KERNEL(sheaf_element, inner_packed, (sheaf_planes a, const uint64_t *k, size_t count), (a, k, count))             \
    KERNEL(void, fold, (sheaf_planes d, sheaf_planes low, sheaf_planes high, sheaf_element c, size_t count),          \
        (d, low, high, c, count))                                                                                     \
    KERNEL(void, fold_packed,                                                                                         \
        (sheaf_planes d, const uint64_t *low, const uint64_t *high, sheaf_element c, size_t count),                   \
        (d, low, high, c, count))                                                                                     \
    KERNEL(void, expand, (sheaf_planes low, sheaf_planes high, sheaf_element c, size_t count), (low, high, c, count)) \
    KERNEL(void, pair_products, (sheaf_planes d, sheaf_planes a, size_t count), (d, a, count))                        \
    KERNEL(void, split, (sheaf_planes even, sheaf_planes odd, sheaf_planes a, size_t count), (even, odd, a, count))   \
    KERNEL(void, packed_multiply, (uint64_t *d, const uint64_t *a, const uint64_t *b, size_t count), (d, a, b, count))

typedef struct {
#define MEMBER(type, name, parameters, arguments) type(*name) parameters;
    ARRAY_KERNELS(MEMBER)
#undef MEMBER
} array_kernels;

extern const array_kernels array_kernels_portable, array_kernels_pclmul, array_kernels_avx2, array_kernels_avx512;
