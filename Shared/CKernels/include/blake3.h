#pragma once

#include <stddef.h>
#include <stdint.h>

// BLAKE3's compression function, alone and in parallel lanes. The tree, the modes and the domains are Swift's (module
// Hashing); here stands only what must be fast. Words are little-endian in memory, as is every machine we build for. A
// key and a digest are 8 words.

/// One compression: `cv` are 8 words, `block` 16, `out` 16 (chaining value in the first 8).
void sheaf_blake3_compress(const void *cv, const void *block, uint64_t counter, uint32_t length, uint32_t flags,
                           void *out);

/// The chaining value of `blocks` whole blocks of one chunk in turn, from and into `cv` (8 words). `first` and `last`
/// are flags that only the first and only the last block carry.
void sheaf_blake3_chain(void *cv, const void *bytes, size_t blocks, uint64_t counter, uint32_t flags, uint32_t first,
                        uint32_t last);

/// What all messages of a batch have in common: the flags of every block, of the first, of the last.
typedef struct {
    uint32_t every, first, last;
} sheaf_blake3_flags;

/// Digests of `count` messages of one length, at most a chunk, in parallel lanes.
///
/// Message i is the `length` bytes (0 to 1024) at `bytes` + `offsets`[i], or at `bytes` + i * `stride` where `offsets` is
/// null, of which those from `stored` on are zeros and not in memory; it is hashed from `key` with counter `counters`[i], or
/// 0 where `counters` is null.
void sheaf_blake3_many(const void *key, sheaf_blake3_flags flags, const void *bytes, const size_t *offsets,
                       size_t stride, size_t count, size_t length, size_t stored, const uint64_t *counters,
                       void *digests);

/// Digests of `count` columns of 64-bit entries, from column `first` on, in parallel lanes; digest 0 is that of column
/// `first`. Entry q of column y is `entries`[q][y]; 1 to 128 entries, a chunk at most.
void sheaf_blake3_columns(const void *key, sheaf_blake3_flags flags, const uint64_t *const *entries,
                          size_t entry_count, size_t first, size_t count, void *digests);

/// The least nonce in `start` ..< `start` + `count` whose 8 bytes, hashed as a root block with `key` and `flags`, give an
/// output whose word 8 has no bit of `mask`; UINT64_MAX where there is none.
uint64_t sheaf_blake3_grind(const void *key, uint32_t flags, uint64_t start, uint64_t count, uint32_t mask);

// The same for one instruction set each, whatever is in use: for tests and measurements. Those of x86 are there only.

#define SHEAF_BLAKE3_TARGET(isa)                                                                                       \
    void sheaf_blake3_many_##isa(const void *key, sheaf_blake3_flags flags, const void *bytes, const size_t *offsets,  \
                                 size_t stride, size_t count, size_t length, size_t stored,                         \
                                 const uint64_t *counters, void *digests);                                             \
    void sheaf_blake3_columns_##isa(const void *key, sheaf_blake3_flags flags, const uint64_t *const *entries,         \
                                    size_t entry_count, size_t first, size_t count, void *digests);                    \
    uint64_t sheaf_blake3_grind_##isa(const void *key, uint32_t flags, uint64_t start, uint64_t count, uint32_t mask);

SHEAF_BLAKE3_TARGET(portable)
SHEAF_BLAKE3_TARGET(avx2)
SHEAF_BLAKE3_TARGET(avx512)
