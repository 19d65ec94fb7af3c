// GF(2)-linear maps from 64 or 192 bits to E: the sum of the images of the bits that are set.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arrays.h"

/// How many words a prepared map of 64 * planes bits takes.
size_t sheaf_map_words(size_t planes);

/// Prepares a map for the instruction set in use: images[i] is that of bit i % 64 of plane i / 64. Where it is prepared for
/// matrices of bits, it is applied with them, whatever is selected later.
void sheaf_map_prepare(uint64_t *_Nonnull prepared, const sheaf_element *_Nonnull images, size_t planes);

/// d[x] = the image of a[x], or d[x] += it. With one plane, a is an array of 64-bit words. d may be a.
void sheaf_map_apply(
    sheaf_planes d, const uint64_t *_Nonnull prepared, size_t planes, sheaf_planes a, size_t count, bool add);
