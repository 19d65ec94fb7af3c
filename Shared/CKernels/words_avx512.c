#include "words_internal.h"

#if defined(__x86_64__)
#include <pthread.h>

#include "targets.h"

BEGIN_TARGET_AVX512
#include "vocabulary_avx512.h"

// gf2p8affineqb(x, A): bit i of each byte is the parity of byte 7 - i of the lane's matrix A with the byte of x. With
// data as the matrix and single bits as x it transposes 8 x 8 bits.

static inline __m512i load(const uint64_t *p) { return _mm512_loadu_si512(p); }

static inline __m512i term_value(const uint64_t *run, sheaf_term term, __mmask8 lanes) {
    __m512i v = _mm512_maskz_loadu_epi64(lanes, run);
    if (term.spread) {
        __m512i bit = _mm512_set1_epi64((long long)(1ULL << term.amount));
        return _mm512_maskz_set1_epi64(_mm512_test_epi64_mask(v, bit), (long long)term.mask);
    }
    if (term.swapped) v = _mm512_shuffle_epi32(v, _MM_PERM_CDAB);
    v = _mm512_rolv_epi32(v, _mm512_set1_epi32((int)term.amount));
    return _mm512_and_si512(v, _mm512_set1_epi64((long long)term.mask));
}

void sheaf_words_form_avx512(
    const uint64_t *stack, const sheaf_term *terms, size_t count, uint64_t constant, size_t first, size_t rows,
    uint64_t *out) {
    // 64 rows at a time stay in eight registers while the terms pass.
    size_t r = 0;
    for (; r + 64 <= rows; r += 64) {
        __m512i sum[8];
        for (int i = 0; i < 8; i++) sum[i] = _mm512_set1_epi64((long long)constant);
        for (size_t t = 0; t < count; t++) {
            const sheaf_term term = terms[t];
            const uint64_t *run = stack + term.offset + first + r;
            const __m512i mask = _mm512_set1_epi64((long long)term.mask);
            if (term.spread) {
                const __m512i bit = _mm512_set1_epi64((long long)(1ULL << term.amount));
                for (int i = 0; i < 8; i++)
                    sum[i] = _mm512_mask_xor_epi64(
                        sum[i], _mm512_test_epi64_mask(load(run + 8 * i), bit), sum[i], mask);
                continue;
            }
            // xor(sum, and(v, mask)) is one ternary operation, 0x78.
            const __m512i turn = _mm512_set1_epi32((int)term.amount);
            if (term.swapped)
                for (int i = 0; i < 8; i++) {
                    __m512i v = _mm512_shuffle_epi32(load(run + 8 * i), _MM_PERM_CDAB);
                    sum[i] = _mm512_ternarylogic_epi64(sum[i], _mm512_rolv_epi32(v, turn), mask, 0x78);
                }
            else if (term.amount)
                for (int i = 0; i < 8; i++) {
                    __m512i v = _mm512_rolv_epi32(load(run + 8 * i), turn);
                    sum[i] = _mm512_ternarylogic_epi64(sum[i], v, mask, 0x78);
                }
            else
                for (int i = 0; i < 8; i++)
                    sum[i] = _mm512_ternarylogic_epi64(sum[i], load(run + 8 * i), mask, 0x78);
        }
        for (int i = 0; i < 8; i++) _mm512_storeu_si512(out + r + 8 * i, sum[i]);
    }
    for (; r < rows; r += 8) {
        __mmask8 lanes = (__mmask8)(rows - r >= 8 ? 0xff : (1u << (rows - r)) - 1);
        __m512i sum = _mm512_set1_epi64((long long)constant);
        for (size_t t = 0; t < count; t++)
            sum = _mm512_xor_si512(sum, term_value(stack + terms[t].offset + first + r, terms[t], lanes));
        _mm512_mask_storeu_epi64(out + r, lanes, sum);
    }
}

/// Qword i, byte m: byte i of qword 7 - m.
static inline __m512i columns_reversed(__m512i v) {
    uint8_t index[64];
    for (int i = 0; i < 64; i++) index[i] = (uint8_t)(8 * (7 - i % 8) + i / 8);
    return _mm512_permutexvar_epi8(load((const uint64_t *)index), v);
}

/// Qword i, byte j: byte i of qword j.
static inline __m512i columns(__m512i v) {
    uint8_t index[64];
    for (int i = 0; i < 64; i++) index[i] = (uint8_t)(8 * (i % 8) + i / 8);
    return _mm512_permutexvar_epi8(load((const uint64_t *)index), v);
}

/// Words of the prepared weights of eight rows: from a byte to byte k of E, 24 matrices of 8 x 8 bits.
enum { WEIGHTS = 24 };

size_t sheaf_words_weights_size_avx512(void) { return WEIGHTS; }

void sheaf_words_weights_avx512(
    const uint64_t *w0, const uint64_t *w1, const uint64_t *w2, size_t blocks, uint64_t *weights) {
    const __m512i falling = _mm512_set1_epi64(0x0102040810204080);
    for (size_t q = 0; q < blocks; q++) {
        const uint64_t *planes[3] = {w0 + 8 * q, w1 + 8 * q, w2 + 8 * q};
        for (int p = 0; p < 3; p++) {
            __m512i bytes = columns_reversed(load(planes[p]));
            _mm512_storeu_si512(weights + WEIGHTS * q + 8 * p, _mm512_gf2p8affine_epi64_epi8(falling, bytes, 0));
        }
    }
}

/// sum[p][u] ^= the bytes u of slices 8p to 8p + 7, which are changed.
static inline void add_slices(__m512i slices[24], uint64_t *sum) {
    for (int p = 0; p < 3; p++) {
        v_transpose(slices + 8 * p);
        for (int i = 0; i < 8; i++) {
            uint64_t *to = sum + 64 * p + 8 * i;
            _mm512_storeu_si512(to, _mm512_xor_si512(load(to), columns(slices[8 * p + i])));
        }
    }
}

#define ADD_BYTES(slices, bytes, matrices)                                                          \
    for (int k = 0; k < 24; k++)                                                                    \
        slices[k] = _mm512_xor_si512(                                                               \
            slices[k], _mm512_gf2p8affine_epi64_epi8(bytes, _mm512_set1_epi64((long long)(matrices)[k]), 0))

void sheaf_words_bit_sums_avx512(
    const uint64_t *words, size_t blocks, const uint64_t *weights, uint64_t *sum) {
    const __m512i rising = _mm512_set1_epi64((long long)0x8040201008040201);
    __m512i slices[24];
    for (int k = 0; k < 24; k++) slices[k] = _mm512_setzero_si512();
    for (size_t q = 0; q < blocks; q++) {
        __m512i bytes = _mm512_gf2p8affine_epi64_epi8(rising, columns_reversed(load(words + 8 * q)), 0);
        ADD_BYTES(slices, bytes, weights + WEIGHTS * q);
    }
    add_slices(slices, sum);
}

/// to_coset[g][i], lane l: from the values at 8i to 8i + 7 of S to that at point 8g + l of the coset.
static uint64_t to_coset[8][8][8] __attribute__((aligned(64)));
static uint64_t to_coordinates;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static uint64_t matrix(const uint8_t images[8]) {
    uint64_t rows = 0;
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 8; j++) rows |= (uint64_t)(images[j] >> i & 1) << (8 * (7 - i) + j);
    return rows;
}

static void fill(void) {
    const sheaf_byte_field *field = sheaf_bytes();
    for (int g = 0; g < 8; g++)
        for (int i = 0; i < 8; i++)
            for (int l = 0; l < 8; l++) to_coset[g][i][l] = matrix(field->to_coset[8 * g + l] + 8 * i);
    uint8_t images[8];
    for (int j = 0; j < 8; j++) images[j] = field->coordinates[1 << j];
    to_coordinates = matrix(images);
}

/// values[g], lane l, byte j: row j at point 8g + l of the coset.
static inline void coset(const uint64_t words[8], __m512i values[8]) {
    uint64_t bytes[8] __attribute__((aligned(64)));
    _mm512_store_si512(bytes, columns(load(words)));
    for (int g = 0; g < 8; g++) values[g] = _mm512_setzero_si512();
    for (int i = 0; i < 8; i++) {
        const __m512i byte = _mm512_set1_epi64((long long)bytes[i]);
        for (int g = 0; g < 8; g++)
            values[g] = _mm512_xor_si512(
                values[g], _mm512_gf2p8affine_epi64_epi8(byte, load(to_coset[g][i]), 0));
    }
}

/// Byte 8g + l: the sum of the eight bytes of lane l of values[g].
static inline __m512i lane_sums(const __m512i values[8]) {
    // Each step halves what is left of a lane and puts two vectors into one.
    __m512i fours[4], twos[2];
    for (int i = 0; i < 4; i++) {
        __m512 a = _mm512_castsi512_ps(values[2 * i]), b = _mm512_castsi512_ps(values[2 * i + 1]);
        fours[i] = _mm512_xor_si512(
            _mm512_castps_si512(_mm512_shuffle_ps(a, b, 0x88)), _mm512_castps_si512(_mm512_shuffle_ps(a, b, 0xdd)));
    }
    for (int i = 0; i < 2; i++) {
        __m512i a = fours[2 * i], b = fours[2 * i + 1];
        __m512i low = _mm512_mask_blend_epi16(0xaaaaaaaa, a, _mm512_slli_epi32(b, 16));
        __m512i high = _mm512_mask_blend_epi16(0xaaaaaaaa, _mm512_srli_epi32(a, 16), b);
        twos[i] = _mm512_xor_si512(low, high);
    }
    const __mmask64 odd = 0xaaaaaaaaaaaaaaaa;
    __m512i low = _mm512_mask_blend_epi8(odd, twos[0], _mm512_slli_epi16(twos[1], 8));
    __m512i high = _mm512_mask_blend_epi8(odd, _mm512_srli_epi16(twos[0], 8), twos[1]);
    // Now byte 16 L + 8 b0 + 4 b1' ... : byte position bits, low to high, are: which of twos, which of fours within,
    // which lane of a pair, which value within a pair of vectors, and two bits for the 128-bit part.
    uint8_t index[64];
    for (int g = 0; g < 8; g++)
        for (int l = 0; l < 8; l++) {
            int part = l >> 1, dword = (l & 1) | (g & 1) << 1;
            index[8 * g + l] = (uint8_t)(16 * part + 4 * dword + 2 * (g >> 1 & 1) + (g >> 2));
        }
    return _mm512_permutexvar_epi8(load((const uint64_t *)index), _mm512_xor_si512(low, high));
}

void sheaf_words_univariate_avx512(
    const uint64_t *a, const uint64_t *b, size_t blocks, const uint64_t *weights, uint64_t *sum) {
    pthread_once(&once, fill);
    const __m512i coordinates = _mm512_set1_epi64((long long)to_coordinates);
    uint64_t packed;
    __builtin_memcpy(&packed, sheaf_bytes()->row, 8);
    const __m512i row = _mm512_set1_epi64((long long)packed);
    __m512i slices[24];
    for (int k = 0; k < 24; k++) slices[k] = _mm512_setzero_si512();
    enum { BATCH = 32 };
    for (size_t first = 0; first < blocks; first += BATCH) {
        size_t count = blocks - first < BATCH ? blocks - first : BATCH;
        __m512i bytes[BATCH];
        for (size_t q = 0; q < count; q++) {
            __m512i left[8], right[8];
            coset(a + 8 * (first + q), left);
            coset(b + 8 * (first + q), right);
            for (int g = 0; g < 8; g++)
                left[g] = _mm512_gf2p8mul_epi8(_mm512_gf2p8mul_epi8(left[g], right[g]), row);
            bytes[q] = _mm512_gf2p8affine_epi64_epi8(lane_sums(left), coordinates, 0);
        }
        for (size_t q = 0; q < count; q++) ADD_BYTES(slices, bytes[q], weights + WEIGHTS * (first + q));
    }
    add_slices(slices, sum);
}
END_TARGET
#endif
