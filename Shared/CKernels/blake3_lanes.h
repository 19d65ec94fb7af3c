// The lane kernels, written once over vectors of LANES words. A file for each instruction set includes this after it has
// defined LANES, NAME(f), and two transpositions:
//
//     NAME(load_block)(in, m)     m[w], lane i: word w of the 64 bytes at in[i]
//     NAME(store_digests)(h, out) out[8 i + w]: lane i of h[w]
//
// Lanes are whole messages, so that no instruction crosses lanes but in those two.

#include <string.h>

#include "blake3.h"
#include "blake3_round.h"

#if LANES == 4
#define SHEAF_EVEN 0, 2, 4, 6
#define SHEAF_ODD 1, 3, 5, 7
#elif LANES == 8
#define SHEAF_EVEN 0, 2, 4, 6, 8, 10, 12, 14
#define SHEAF_ODD 1, 3, 5, 7, 9, 11, 13, 15
#elif LANES == 16
#define SHEAF_EVEN 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define SHEAF_ODD 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#endif

/// Compresses a block into the chaining values h.
static inline __attribute__((always_inline)) void NAME(compress)(lanes h[8], const lanes m[16], lanes counter_low,
                                                                 lanes counter_high, uint32_t length, uint32_t flags) {
    lanes v[16];
    for (int i = 0; i < 8; i++) v[i] = h[i];
    v[8] = (lanes)SHEAF_BLAKE3_IV0, v[9] = (lanes)SHEAF_BLAKE3_IV1;
    v[10] = (lanes)SHEAF_BLAKE3_IV2, v[11] = (lanes)SHEAF_BLAKE3_IV3;
    v[12] = counter_low, v[13] = counter_high, v[14] = (lanes)length, v[15] = (lanes)flags;
    SHEAF_BLAKE3_ROUNDS(v, m);
    for (int i = 0; i < 8; i++) h[i] = v[i] ^ v[i + 8];
}

static inline void NAME(start)(lanes h[8], const void *key) {
    uint32_t words[8];
    memcpy(words, key, sizeof words);
    for (int i = 0; i < 8; i++) h[i] = (lanes)words[i];
}

static inline uint32_t NAME(block_flags)(sheaf_blake3_flags flags, size_t j, size_t blocks) {
    return flags.every | (j == 0 ? flags.first : 0) | (j + 1 == blocks ? flags.last : 0);
}

/// Stores the digests of the first `wanted` lanes.
static inline void NAME(finish)(const lanes h[8], size_t wanted, uint32_t *digests) {
    if (wanted == LANES) {
        NAME(store_digests)(h, digests);
    } else {
        uint32_t all[8 * LANES];
        NAME(store_digests)(h, all);
        memcpy(digests, all, 32 * wanted);
    }
}

/// The next block, of which so many bytes are in memory and the others zeros; `in` moves on to the one after it.
static inline __attribute__((always_inline)) void NAME(load_part)(const uint8_t *in[LANES], size_t stored,
                                                                  lanes m[16]) {
    if (stored == 0) {
        for (int w = 0; w < 16; w++) m[w] = (lanes)0u;
        return;
    }
    if (stored < 64) {
        uint8_t part[64 * LANES] = {0};
        const uint8_t *parts[LANES];
        for (size_t lane = 0; lane < LANES; lane++) {
            memcpy(part + 64 * lane, in[lane], stored);
            parts[lane] = part + 64 * lane;
        }
        NAME(load_block)(parts, m);
        return;
    }
    NAME(load_block)(in, m);
    for (size_t lane = 0; lane < LANES; lane++) {
        in[lane] += 64;
        __builtin_prefetch(in[lane] + 128);
    }
}

void NAME(sheaf_blake3_many)(const void *key, sheaf_blake3_flags flags, const void *bytes, const size_t *offsets,
                             size_t stride, size_t count, size_t length, size_t stored, const uint64_t *counters,
                             void *digests) {
    size_t blocks = length == 0 ? 1 : (length + 63) / 64, tail = length - 64 * (blocks - 1);
    for (size_t i = 0; i < count; i += LANES) {
        // Lanes beyond the last message repeat it.
        size_t wanted = count - i < LANES ? count - i : LANES;
        const uint8_t *in[LANES];
        uint32_t low[LANES] = {0}, high[LANES] = {0};
        for (size_t lane = 0; lane < LANES; lane++) {
            size_t message = i + (lane < wanted ? lane : wanted - 1);
            in[lane] = (const uint8_t *)bytes + (offsets ? offsets[message] : message * stride);
            if (counters) low[lane] = (uint32_t)counters[message], high[lane] = (uint32_t)(counters[message] >> 32);
        }
        lanes counter_low, counter_high, h[8], m[16];
        memcpy(&counter_low, low, sizeof counter_low);
        memcpy(&counter_high, high, sizeof counter_high);
        NAME(start)(h, key);
        for (size_t j = 0; j < blocks; j++) {
            NAME(load_part)(in, stored < 64 * j ? 0 : stored - 64 * j, m);
            NAME(compress)(h, m, counter_low, counter_high, (uint32_t)(j + 1 < blocks ? 64 : tail),
                           NAME(block_flags)(flags, j, blocks));
        }
        NAME(finish)(h, wanted, (uint32_t *)digests + 8 * i);
    }
}

/// The two words of an entry of LANES neighbouring columns.
static inline __attribute__((always_inline)) void NAME(load_entry)(const uint64_t *entry, lanes *low, lanes *high) {
    lanes a, b;
    memcpy(&a, entry, sizeof a);
    memcpy(&b, entry + LANES / 2, sizeof b);
    *low = __builtin_shufflevector(a, b, SHEAF_EVEN);
    *high = __builtin_shufflevector(a, b, SHEAF_ODD);
}

/// Columns that are hashed together: of each row then so many entries are read in turn, which the processor fetches ahead
/// of us. Column by column there would be as many streams as rows, a power of two apart: they fall on the same cache sets.
#define TILE 512
#define AHEAD (256 / 8)  // entries

/// The digests of `groups` times LANES columns from `y` on, TILE at most.
static inline void NAME(columns)(const void *key, sheaf_blake3_flags flags, const uint64_t *const *entries,
                                 size_t entry_count, size_t y, size_t groups, lanes h[TILE / LANES][8]) {
    size_t blocks = (entry_count + 7) / 8;
    lanes zero = (lanes)0u;
    for (size_t g = 0; g < groups; g++) NAME(start)(h[g], key);
    for (size_t j = 0; j < blocks; j++) {
        const uint64_t *const *block = entries + 8 * j;
        size_t filled = entry_count - 8 * j < 8 ? entry_count - 8 * j : 8;
        uint32_t block_flags = NAME(block_flags)(flags, j, blocks);
        for (size_t g = 0; g < groups; g++) {
            lanes m[16];
            for (size_t q = 0; q < 8; q++) {
                if (q < filled) {
                    const uint64_t *entry = block[q] + y + g * LANES;
                    __builtin_prefetch(entry + AHEAD);
                    NAME(load_entry)(entry, &m[2 * q], &m[2 * q + 1]);
                } else {
                    m[2 * q] = zero, m[2 * q + 1] = zero;
                }
            }
            NAME(compress)(h[g], m, zero, zero, (uint32_t)(8 * filled), block_flags);
        }
    }
}

void NAME(sheaf_blake3_columns)(const void *key, sheaf_blake3_flags flags, const uint64_t *const *entries,
                                size_t entry_count, size_t first, size_t count, void *digests) {
    lanes h[TILE / LANES][8];
    uint32_t *out = digests;
    size_t i = 0;
    while (i + LANES <= count) {
        size_t groups = count - i < TILE ? (count - i) / LANES : TILE / LANES;
        NAME(columns)(key, flags, entries, entry_count, first + i, groups, h);
        for (size_t g = 0; g < groups; g++) NAME(store_digests)(h[g], out + 8 * (i + g * LANES));
        i += groups * LANES;
    }
    if (i < count) {  // too few columns are left for a vector: copied, with zeros beside them
        uint64_t copy[128][LANES] = {0};
        const uint64_t *copied[128];
        for (size_t q = 0; q < entry_count; q++) {
            memcpy(copy[q], entries[q] + first + i, 8 * (count - i));
            copied[q] = copy[q];
        }
        NAME(columns)(key, flags, copied, entry_count, 0, 1, h);
        NAME(finish)(h[0], count - i, out + 8 * i);
    }
}

uint64_t NAME(sheaf_blake3_grind)(const void *key, uint32_t flags, uint64_t start, uint64_t count, uint32_t mask) {
    lanes h[8], zero = (lanes)0u;
    NAME(start)(h, key);
    for (uint64_t i = 0; i < count; i += LANES) {
        uint32_t low[LANES], high[LANES];
        for (uint64_t lane = 0; lane < LANES; lane++) {
            low[lane] = (uint32_t)(start + i + lane);
            high[lane] = (uint32_t)((start + i + lane) >> 32);
        }
        lanes m[16], v[16], key0 = h[0];
        for (int w = 2; w < 16; w++) m[w] = zero;  // known to the compiler, which leaves out the additions
        memcpy(&m[0], low, sizeof m[0]);
        memcpy(&m[1], high, sizeof m[1]);
        for (int w = 0; w < 8; w++) v[w] = h[w];
        v[8] = (lanes)SHEAF_BLAKE3_IV0, v[9] = (lanes)SHEAF_BLAKE3_IV1;
        v[10] = (lanes)SHEAF_BLAKE3_IV2, v[11] = (lanes)SHEAF_BLAKE3_IV3;
        v[12] = zero, v[13] = zero, v[14] = (lanes)8u, v[15] = (lanes)flags;
        SHEAF_BLAKE3_ROUNDS(v, m);  // all but word 8 of the output is left out as well
        lanes word = (v[8] ^ key0) & mask;
        uint32_t words[LANES];
        memcpy(words, &word, sizeof words);
        for (uint64_t lane = 0; lane < LANES && i + lane < count; lane++) {
            if (words[lane] == 0) return start + i + lane;
        }
    }
    return UINT64_MAX;
}
