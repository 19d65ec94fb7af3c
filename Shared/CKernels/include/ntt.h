// The additive NTT of Lin, Chung and Han (2014) over K, in the basis of AdditiveCode.swift, of many rows at once: position y
// holds one word of each row, side by side, so that a butterfly has one twiddle for all of them.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// N_d(index) is the sum over the hexadecimal digits c of the index of table[(d * SHEAF_NTT_DIGITS + place of c) * 16 + c].
#define SHEAF_NTT_DIGITS 10

/// Layers low + layers - 1 down to low of the transform, over 2^layers positions whose indices are first + i * 2^low and
/// which have `width` words each, one after the other. `first` is a multiple of 2^(low + layers).
void sheaf_ntt_layers(
    uint64_t *_Nonnull data, size_t width, unsigned low, unsigned layers, uint64_t first,
    const uint64_t *_Nonnull table);

/// The transpose of a layer's butterflies a += t b, b += a: a += b, then b += t a, `count` words.
void sheaf_ntt_transposed(uint64_t *_Nonnull a, uint64_t *_Nonnull b, uint64_t t, size_t count);

/// Rows to columns: to[(i * columns + j) * width + w] = rows[w][i * step + j] for i < positions, j < columns, w < width; a null
/// row is zero.
void sheaf_ntt_gather(
    uint64_t *_Nonnull to, const uint64_t *_Nullable const *_Nonnull rows, size_t width, size_t positions, size_t step,
    size_t columns);
