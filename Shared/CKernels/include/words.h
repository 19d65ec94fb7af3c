// Kernels over machine words: what the prover does with the rows of a table before anything is an element of E.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "isa.h"

/// One term of a form: a pair of words of a row, as one of 64 bits, seen through a map of bit positions.
typedef struct {
    /// Where the pair's run begins in the stack.
    uint64_t offset;
    /// The positions that the term reaches.
    uint64_t mask;
    /// For a rotation: how far each half of 32 bits is turned to the left, 0 to 31. For a spread bit: which, 0 to 63.
    uint32_t amount;
    /// Whether the halves change places before they are turned.
    uint16_t swapped;
    /// Whether bit `amount` stands on every position.
    uint16_t spread;
} sheaf_term;

/// out[r] = constant ^ the terms on row `first` + r of the stack, for r < rows.
void sheaf_words_form(
    const uint64_t *stack, const sheaf_term *terms, size_t count, uint64_t constant, size_t first, size_t rows,
    uint64_t *out);

// Prepared weights are of one instruction set: the sums are told which, so that another one may come into use meanwhile.

/// Words of 64 bits that the prepared weights of eight rows take.
size_t sheaf_words_weights_size(sheaf_isa level);

/// Prepares the weights of 8 * blocks rows, three planes of E, for the two sums below.
void sheaf_words_weights(
    sheaf_isa level, const uint64_t *w0, const uint64_t *w1, const uint64_t *w2, size_t blocks, uint64_t *weights);

/// For each bit u < 64: sum[u] += the sum of the weights of the rows whose word has bit u set. `words`: 8 * blocks;
/// `sum`: three planes of 64.
void sheaf_words_bit_sums(
    sheaf_isa level, const uint64_t *words, size_t blocks, const uint64_t *weights, uint64_t *sum);

/// For each of the 64 points c of the coset: sum[c] += the sum over rows of weight * A(c) * B(c), where A and B take
/// the bits of the row's words on the domain S and are interpolated from there in GF(2^8). The weights of eight rows
/// must be multiples, by one element, of eq(x, x^2, x^4; row mod 8).
void sheaf_words_univariate(
    sheaf_isa level, const uint64_t *a, const uint64_t *b, size_t blocks, const uint64_t *weights,
    uint64_t *sum);
