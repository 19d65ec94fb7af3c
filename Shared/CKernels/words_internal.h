// What the kernels over words share between instruction sets.
#pragma once
#include <stdbool.h>

#include "include/words.h"

/// GF(2^8) = GF(2)[x]/(x^8 + x^4 + x^3 + x + 1); S is the bytes 0 to 63, the coset 64 to 127.
typedef struct {
    /// product[a][b] = ab
    uint8_t product[256][256];
    /// to_coset[c][s]: the weight, at point 64 + c, of the value at s.
    uint8_t to_coset[64][64];
    /// coset[i][byte][c]: the value at 64 + c of the function whose values at 8i to 8i + 7 are the bits of the byte.
    uint8_t coset[8][256][64] __attribute__((aligned(64)));
    /// eq(x, x^2, x^4; j), the weights of eight rows.
    uint8_t row[8];
    /// coordinates[byte]: its coordinates over row[0], ..., row[7].
    uint8_t coordinates[256];
} sheaf_byte_field;

/// Filled on first use.
const sheaf_byte_field *sheaf_bytes(void);

#if defined(__x86_64__)
void sheaf_words_form_avx2(
    const uint64_t *stack, const sheaf_term *terms, size_t count, uint64_t constant, size_t first, size_t rows,
    uint64_t *out);
size_t sheaf_words_weights_size_avx2(void);
void sheaf_words_weights_avx2(
    const uint64_t *w0, const uint64_t *w1, const uint64_t *w2, size_t blocks, uint64_t *weights);
void sheaf_words_bit_sums_avx2(const uint64_t *words, size_t blocks, const uint64_t *weights, uint64_t *sum);
void sheaf_words_univariate_avx2(
    const uint64_t *a, const uint64_t *b, size_t blocks, const uint64_t *weights, uint64_t *sum);

void sheaf_words_form_avx512(
    const uint64_t *stack, const sheaf_term *terms, size_t count, uint64_t constant, size_t first, size_t rows,
    uint64_t *out);
size_t sheaf_words_weights_size_avx512(void);
void sheaf_words_weights_avx512(
    const uint64_t *w0, const uint64_t *w1, const uint64_t *w2, size_t blocks, uint64_t *weights);
void sheaf_words_bit_sums_avx512(const uint64_t *words, size_t blocks, const uint64_t *weights, uint64_t *sum);
void sheaf_words_univariate_avx512(
    const uint64_t *a, const uint64_t *b, size_t blocks, const uint64_t *weights, uint64_t *sum);
#endif
