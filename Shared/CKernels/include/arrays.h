// Kernels over arrays of E and K. Each gives the same bits on every instruction set; the set in use is asked at each call,
// so that a call should cover some hundred elements.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "fields.h"

/// An array of E: plane i of element x is base[i * stride + x]. Neither pointer nor length need be aligned.
typedef struct {
    uint64_t *_Nonnull base;
    size_t stride;
} sheaf_planes;

/// Two sums of a round.
typedef struct {
    sheaf_element first, second;
} sheaf_element_pair;

/// Three sums of a round.
typedef struct {
    sheaf_element first, second, third;
} sheaf_element_triple;

// An output may be one of the inputs at the same place; otherwise nothing may overlap.

/// d[x] = a[x] b[x]
void sheaf_multiply(sheaf_planes d, sheaf_planes a, sheaf_planes b, size_t count);
/// d[x] = a[x]^2
void sheaf_square(sheaf_planes d, sheaf_planes a, size_t count);
/// d[x] += a[x]
void sheaf_add(sheaf_planes d, sheaf_planes a, size_t count);
/// d[x] = c a[x]
void sheaf_scale(sheaf_planes d, sheaf_planes a, sheaf_element c, size_t count);
/// d[x] += c a[x]
void sheaf_scale_add(sheaf_planes d, sheaf_planes a, sheaf_element c, size_t count);
/// d[x] += a[x] b[x]
void sheaf_multiply_add(sheaf_planes d, sheaf_planes a, sheaf_planes b, size_t count);
/// d[x] = a[x] k[x]
void sheaf_multiply_packed(sheaf_planes d, sheaf_planes a, const uint64_t *_Nonnull k, size_t count);
/// The sum of a[x].
sheaf_element sheaf_sum(sheaf_planes a, size_t count);
/// The sum of a[x] b[x].
sheaf_element sheaf_inner(sheaf_planes a, sheaf_planes b, size_t count);
/// The sum of a[x] k[x].
sheaf_element sheaf_inner_packed(sheaf_planes a, const uint64_t *_Nonnull k, size_t count);
/// d[x] = low[x] + c (low[x] + high[x])
void sheaf_fold(sheaf_planes d, sheaf_planes low, sheaf_planes high, sheaf_element c, size_t count);
/// The same for arrays of K.
void sheaf_fold_packed(
    sheaf_planes d, const uint64_t *_Nonnull low, const uint64_t *_Nonnull high, sheaf_element c, size_t count);
/// One coordinate of an equality table: high[x] = c low[x], then low[x] += high[x].
void sheaf_expand(sheaf_planes low, sheaf_planes high, sheaf_element c, size_t count);
/// d[x] = a[2x] a[2x + 1]; a has 2 count elements. d may be a.
void sheaf_pair_products(sheaf_planes d, sheaf_planes a, size_t count);
/// even[x] = a[2x], odd[x] = a[2x + 1]; a has 2 count elements.
void sheaf_split(sheaf_planes even, sheaf_planes odd, sheaf_planes a, size_t count);
/// Over K: d[x] = a[x] b[x]
void sheaf_packed_multiply(
    uint64_t *_Nonnull d, const uint64_t *_Nonnull a, const uint64_t *_Nonnull b, size_t count);
