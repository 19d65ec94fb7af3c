#include "include/words.h"

#include <string.h>

#include "dispatch.h"
#include "words_internal.h"

static uint64_t turned(uint64_t halves, unsigned amount) {
    uint32_t low = (uint32_t)halves, high = (uint32_t)(halves >> 32);
    low = low << amount | low >> (-amount & 31), high = high << amount | high >> (-amount & 31);
    return low | (uint64_t)high << 32;
}

static void portable_form(
    const uint64_t *stack, const sheaf_term *terms, size_t count, uint64_t constant, size_t first, size_t rows,
    uint64_t *out) {
    for (size_t r = 0; r < rows; r++) out[r] = constant;
    for (size_t t = 0; t < count; t++) {
        const sheaf_term term = terms[t];
        const uint64_t *run = stack + term.offset + first;
        if (term.spread)
            for (size_t r = 0; r < rows; r++) out[r] ^= -(run[r] >> term.amount & 1) & term.mask;
        else if (term.swapped)
            for (size_t r = 0; r < rows; r++) out[r] ^= turned(run[r] << 32 | run[r] >> 32, term.amount) & term.mask;
        else
            for (size_t r = 0; r < rows; r++) out[r] ^= turned(run[r], term.amount) & term.mask;
    }
}

// Without GFNI the weights of eight rows are two tables of 16 sums, one for each half of a byte, four words a sum.
typedef uint64_t nibble_table[16][4];

static void portable_weights(
    const uint64_t *w0, const uint64_t *w1, const uint64_t *w2, size_t blocks, uint64_t *weights) {
    nibble_table *tables = (nibble_table *)weights;
    for (size_t half = 0; half < 2 * blocks; half++) {
        memset(tables[half][0], 0, sizeof tables[half][0]);
        for (int i = 1; i < 16; i++) {
            int top = 31 - __builtin_clz((unsigned)i);
            const uint64_t *rest = tables[half][i ^ 1 << top];
            size_t row = 4 * half + (size_t)top;
            tables[half][i][0] = rest[0] ^ w0[row];
            tables[half][i][1] = rest[1] ^ w1[row];
            tables[half][i][2] = rest[2] ^ w2[row];
            tables[half][i][3] = 0;
        }
    }
}

/// sum[u] += the weights of the rows in byte u.
static inline void add_bytes(const uint8_t bytes[64], const nibble_table tables[2], uint64_t *sum) {
    for (int u = 0; u < 64; u++) {
        const uint64_t *low = tables[0][bytes[u] & 15], *high = tables[1][bytes[u] >> 4];
        sum[u] ^= low[0] ^ high[0];
        sum[64 + u] ^= low[1] ^ high[1];
        sum[128 + u] ^= low[2] ^ high[2];
    }
}

/// Byte 8i + t: bit t of byte i of each of the eight words.
static inline void transpose(const uint64_t words[8], uint8_t bytes[64]) {
    for (int i = 0; i < 8; i++) {
        uint64_t x = 0;
        for (int j = 0; j < 8; j++) x |= (words[j] >> 8 * i & 0xff) << 8 * j;
        uint64_t t = (x ^ x >> 7) & 0x00AA00AA00AA00AA;
        x ^= t ^ t << 7;
        t = (x ^ x >> 14) & 0x0000CCCC0000CCCC;
        x ^= t ^ t << 14;
        t = (x ^ x >> 28) & 0x00000000F0F0F0F0;
        x ^= t ^ t << 28;
        memcpy(bytes + 8 * i, &x, 8);
    }
}

static void portable_bit_sums(const uint64_t *words, size_t blocks, const uint64_t *weights, uint64_t *sum) {
    const nibble_table *tables = (const nibble_table *)weights;
    for (size_t q = 0; q < blocks; q++) {
        uint8_t bytes[64];
        transpose(words + 8 * q, bytes);
        add_bytes(bytes, tables + 2 * q, sum);
    }
}

/// The values at the coset of the function whose values at S are the bits of a word.
static inline void coset(const sheaf_byte_field *field, uint64_t word, uint8_t values[64]) {
    uint64_t sum[8] = {0};
    for (int i = 0; i < 8; i++) {
        uint64_t part[8];
        memcpy(part, field->coset[i][word >> 8 * i & 0xff], 64);
        for (int k = 0; k < 8; k++) sum[k] ^= part[k];
    }
    memcpy(values, sum, 64);
}

static void portable_univariate(
    const uint64_t *a, const uint64_t *b, size_t blocks, const uint64_t *weights, uint64_t *sum) {
    const sheaf_byte_field *field = sheaf_bytes();
    const nibble_table *tables = (const nibble_table *)weights;
    for (size_t q = 0; q < blocks; q++) {
        uint8_t bytes[64] = {0};
        for (int j = 0; j < 8; j++) {
            uint8_t left[64], right[64];
            coset(field, a[8 * q + j], left), coset(field, b[8 * q + j], right);
            const uint8_t *scaled = field->product[field->row[j]];
            for (int c = 0; c < 64; c++) bytes[c] ^= scaled[field->product[left[c]][right[c]]];
        }
        for (int c = 0; c < 64; c++) bytes[c] = field->coordinates[bytes[c]];
        add_bytes(bytes, tables + 2 * q, sum);
    }
}

// Calls the kernel of an instruction set and returns what it returns, unless that is the portable one.
#if defined(__x86_64__)
#define ON_X86(level, name, ...)                                         \
    if ((level) >= SHEAF_ISA_AVX512) return name##_avx512(__VA_ARGS__);  \
    if ((level) >= SHEAF_ISA_AVX2) return name##_avx2(__VA_ARGS__)
#else
#define ON_X86(level, name, ...)
#endif

void sheaf_words_form(
    const uint64_t *stack, const sheaf_term *terms, size_t count, uint64_t constant, size_t first, size_t rows,
    uint64_t *out) {
    ON_X86(isa(), sheaf_words_form, stack, terms, count, constant, first, rows, out);
    portable_form(stack, terms, count, constant, first, rows, out);
}

size_t sheaf_words_weights_size(sheaf_isa level) {
    ON_X86(level, sheaf_words_weights_size, );
    return 2 * sizeof(nibble_table) / sizeof(uint64_t);
}

void sheaf_words_weights(
    sheaf_isa level, const uint64_t *w0, const uint64_t *w1, const uint64_t *w2, size_t blocks, uint64_t *weights) {
    ON_X86(level, sheaf_words_weights, w0, w1, w2, blocks, weights);
    portable_weights(w0, w1, w2, blocks, weights);
}

void sheaf_words_bit_sums(
    sheaf_isa level, const uint64_t *words, size_t blocks, const uint64_t *weights, uint64_t *sum) {
    ON_X86(level, sheaf_words_bit_sums, words, blocks, weights, sum);
    portable_bit_sums(words, blocks, weights, sum);
}

void sheaf_words_univariate(
    sheaf_isa level, const uint64_t *a, const uint64_t *b, size_t blocks, const uint64_t *weights,
    uint64_t *sum) {
    ON_X86(level, sheaf_words_univariate, a, b, blocks, weights, sum);
    portable_univariate(a, b, blocks, weights, sum);
}
