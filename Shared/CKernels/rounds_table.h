// The kernels of rounds.h as a table: one for each instruction set.
#pragma once
#include "rounds.h"

#define ROUND_KERNELS(KERNEL)                                                                                       \
    KERNEL(void, split_products,                                                                                    \
        (sheaf_planes even, sheaf_planes odd, sheaf_planes a, sheaf_planes b, size_t count),                        \
        (even, odd, a, b, count))                                                                                   \
    KERNEL(sheaf_element_pair, layer_sums,                                                                          \
        (sheaf_planes w, sheaf_planes a0, sheaf_planes a1, sheaf_planes b0, sheaf_planes b1, sheaf_element s,       \
            size_t count),                                                                                          \
        (w, a0, a1, b0, b1, s, count))                                                                              \
    KERNEL(sheaf_element_pair, layer_fold_sums,                                                                     \
        (sheaf_planes w, sheaf_planes a, sheaf_planes b, size_t quarter, sheaf_element c, sheaf_element s,          \
            size_t count),                                                                                          \
        (w, a, b, quarter, c, s, count))                                                                               \
    KERNEL(sheaf_element_triple, product_sums,                                                                      \
        (sheaf_planes a0, sheaf_planes a1, sheaf_planes b0, sheaf_planes b1, size_t count), (a0, a1, b0, b1, count)) \
    KERNEL(sheaf_element_pair, weighted_sums,                                                                       \
        (sheaf_planes a0, sheaf_planes a1, sheaf_planes b0, sheaf_planes b1, size_t count), (a0, a1, b0, b1, count)) \
    KERNEL(sheaf_element_pair, weighted_sums_packed,                                                                \
        (sheaf_planes a0, sheaf_planes a1, const uint64_t *b0, const uint64_t *b1, size_t count),                   \
        (a0, a1, b0, b1, count))                                                                                    \
    KERNEL(sheaf_element_pair, weighted_fold_sums,                                                                  \
        (sheaf_planes a, sheaf_planes b, size_t quarter, sheaf_element c, size_t count),                            \
        (a, b, quarter, c, count))                                                                                  \
    KERNEL(sheaf_element, layer_differences,                                                                        \
        (sheaf_planes w, sheaf_planes a, sheaf_planes b, size_t count), (w, a, b, count))                           \
    KERNEL(sheaf_element, weighted_sum,                                                                             \
        (sheaf_planes w, sheaf_planes a, sheaf_planes b, size_t count), (w, a, b, count))                           \
    KERNEL(void, combine_packed,                                                                                    \
        (sheaf_planes d, const uint64_t *k, size_t stride, sheaf_planes c, size_t terms, size_t count),             \
        (d, k, stride, c, terms, count))                                                                            \
    KERNEL(sheaf_element_pair, weighted_fold_sums_packed,                                                           \
        (sheaf_planes a, const uint64_t *b, sheaf_planes d, size_t quarter, sheaf_element c, size_t count),         \
        (a, b, d, quarter, c, count))

typedef struct {
#define MEMBER(type, name, parameters, arguments) type(*name) parameters;
    ROUND_KERNELS(MEMBER)
#undef MEMBER
} round_kernels;

extern const round_kernels round_kernels_portable, round_kernels_pclmul, round_kernels_avx2, round_kernels_avx512;
