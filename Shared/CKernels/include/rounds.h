// The sums of a sumcheck's round, alone and in one pass with the fold that comes before it.
//
// "Quarters": an array with two unbound bits on top, quarter q at base + q * quarter. The fold at c binds the higher bit:
// quarters 0 and 2 give half 0, quarters 1 and 3 give half 1, written over quarters 0 and 1.
#pragma once
#include "arrays.h"

/// even[x] = a[2x] b[2x], odd[x] = a[2x + 1] b[2x + 1]; a and b have 2 count elements. even may be a, odd may be b.
void sheaf_split_products(sheaf_planes even, sheaf_planes odd, sheaf_planes a, sheaf_planes b, size_t count);

/// A round of the grand product: the sums of w (a1 + s) (b1 + s) and of w (a0 + a1) (b0 + b1).
sheaf_element_pair sheaf_layer_sums(
    sheaf_planes w, sheaf_planes a0, sheaf_planes a1, sheaf_planes b0, sheaf_planes b1, sheaf_element s, size_t count);

/// Folds the quarters of a and b at c, then a round of the grand product over the halves.
sheaf_element_pair sheaf_layer_fold_sums(
    sheaf_planes w, sheaf_planes a, sheaf_planes b, size_t quarter, sheaf_element c, sheaf_element s, size_t count);

/// The sums of a0 b0, of a1 b1 and of (a0 + a1) (b0 + b1).
sheaf_element_triple sheaf_product_sums(
    sheaf_planes a0, sheaf_planes a1, sheaf_planes b0, sheaf_planes b1, size_t count);

/// A round of an inner product: the sums of a0 b0 and of (a0 + a1) (b0 + b1).
sheaf_element_pair sheaf_weighted_sums(
    sheaf_planes a0, sheaf_planes a1, sheaf_planes b0, sheaf_planes b1, size_t count);

/// The same, b an array of K.
sheaf_element_pair sheaf_weighted_sums_packed(
    sheaf_planes a0, sheaf_planes a1, const uint64_t *_Nonnull b0, const uint64_t *_Nonnull b1, size_t count);

/// Folds the quarters of a and b at c, then a round of the inner product over the halves.
sheaf_element_pair sheaf_weighted_fold_sums(
    sheaf_planes a, sheaf_planes b, size_t quarter, sheaf_element c, size_t count);

/// The same, b an array of K, whose halves go to d and d + quarter.
sheaf_element_pair sheaf_weighted_fold_sums_packed(
    sheaf_planes a, const uint64_t *_Nonnull b, sheaf_planes d, size_t quarter, sheaf_element c, size_t count);

/// d[x] += the sum over q < terms of c[q] k[q * stride + x]
void sheaf_combine_packed(
    sheaf_planes d, const uint64_t *_Nonnull k, size_t stride, sheaf_planes c, size_t terms, size_t count);

/// The sum of w[x] (a[x] + 1) (b[x] + 1).
sheaf_element sheaf_layer_differences(sheaf_planes w, sheaf_planes a, sheaf_planes b, size_t count);

/// The sum of w[x] (a[x] + b[x]).
sheaf_element sheaf_weighted_sum(sheaf_planes w, sheaf_planes a, sheaf_planes b, size_t count);
