#pragma once

// The permutation of BLAKE3 (specification, section 2.2) over any type W that has +, ^, | and shifts: one word, or a
// vector that holds the same word of several states.

#define SHEAF_BLAKE3_IV0 0x6A09E667u
#define SHEAF_BLAKE3_IV1 0xBB67AE85u
#define SHEAF_BLAKE3_IV2 0x3C6EF372u
#define SHEAF_BLAKE3_IV3 0xA54FF53Au

#define SHEAF_BLAKE3_ROTATE(x, n) ((x) >> (n) | (x) << (32 - (n)))

#define SHEAF_BLAKE3_MIX(v, a, b, c, d, x, y)        \
    do {                                             \
        v[a] = v[a] + (x) + v[b];                    \
        v[d] = SHEAF_BLAKE3_ROTATE(v[d] ^ v[a], 16); \
        v[c] = v[c] + v[d];                          \
        v[b] = SHEAF_BLAKE3_ROTATE(v[b] ^ v[c], 12); \
        v[a] = v[a] + (y) + v[b];                    \
        v[d] = SHEAF_BLAKE3_ROTATE(v[d] ^ v[a], 8);  \
        v[c] = v[c] + v[d];                          \
        v[b] = SHEAF_BLAKE3_ROTATE(v[b] ^ v[c], 7);  \
    } while (0)

#define SHEAF_BLAKE3_ROUND(v, m, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15) \
    do {                                                                                               \
        SHEAF_BLAKE3_MIX(v, 0, 4, 8, 12, m[s0], m[s1]);                                                \
        SHEAF_BLAKE3_MIX(v, 1, 5, 9, 13, m[s2], m[s3]);                                                \
        SHEAF_BLAKE3_MIX(v, 2, 6, 10, 14, m[s4], m[s5]);                                               \
        SHEAF_BLAKE3_MIX(v, 3, 7, 11, 15, m[s6], m[s7]);                                               \
        SHEAF_BLAKE3_MIX(v, 0, 5, 10, 15, m[s8], m[s9]);                                               \
        SHEAF_BLAKE3_MIX(v, 1, 6, 11, 12, m[s10], m[s11]);                                             \
        SHEAF_BLAKE3_MIX(v, 2, 7, 8, 13, m[s12], m[s13]);                                              \
        SHEAF_BLAKE3_MIX(v, 3, 4, 9, 14, m[s14], m[s15]);                                              \
    } while (0)

// Each row is the one above it, sent through the specification's permutation (table 2).
#define SHEAF_BLAKE3_ROUNDS(v, m)                                                         \
    do {                                                                                  \
        SHEAF_BLAKE3_ROUND(v, m, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);   \
        SHEAF_BLAKE3_ROUND(v, m, 2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8);   \
        SHEAF_BLAKE3_ROUND(v, m, 3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1);   \
        SHEAF_BLAKE3_ROUND(v, m, 10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6);   \
        SHEAF_BLAKE3_ROUND(v, m, 12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4);   \
        SHEAF_BLAKE3_ROUND(v, m, 9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7);   \
        SHEAF_BLAKE3_ROUND(v, m, 11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13);   \
    } while (0)
