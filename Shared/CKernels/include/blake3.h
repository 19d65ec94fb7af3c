#pragma once

#include <stddef.h>
#include <stdint.h>

// BLAKE3's compression function, alone and in parallel lanes. The tree, the modes and the domains are Swift's (module
// Hashing); here stands only what must be fast. Words are little-endian in memory, as is every machine we build for.

/// One compression: `cv` are 8 words, `block` 16, `out` 16 (chaining value in the first 8). `out` may be `block`.
void sheaf_blake3_compress(const void *cv, const void *block, uint64_t counter, uint32_t length, uint32_t flags,
                           void *out);

/// The chaining value of `blocks` whole blocks of one chunk in turn, from and into `cv` (8 words). `first` and `last`
/// are flags that only the first and only the last block carry.
void sheaf_blake3_chain(void *cv, const void *bytes, size_t blocks, uint64_t counter, uint32_t flags, uint32_t first,
                        uint32_t last);
