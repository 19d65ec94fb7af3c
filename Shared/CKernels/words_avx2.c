#include "words_internal.h"

#if defined(__x86_64__)
#include <pthread.h>
#include <string.h>

#include "targets.h"

BEGIN_TARGET_PCLMUL

typedef __m256i V;

static inline V load(const void *p) { return _mm256_loadu_si256(p); }
static inline V of_words(uint64_t word) { return _mm256_set1_epi64x((long long)word); }

// MARK: Forms

/// Up to four words; what is missing is zero.
static inline V load_rows(const uint64_t *p, size_t rows) {
    if (rows >= 4) return load(p);
    const V lanes = _mm256_cmpgt_epi64(of_words(rows), _mm256_setr_epi64x(0, 1, 2, 3));
    return _mm256_maskload_epi64((const long long *)p, lanes);
}

/// Adds a term on `rows` rows, four in a vector.
static inline __attribute__((always_inline)) void add_term(
    V *sum, int vectors, const uint64_t *run, size_t rows, sheaf_term term) {
    const V mask = of_words(term.mask);
    if (term.spread) {
        // The bit goes to the sign, which a comparison spreads.
        const __m128i up = _mm_cvtsi32_si128(63 - (int)term.amount);
        for (int i = 0; i < vectors; i++) {
            V bit = _mm256_sll_epi64(load_rows(run + 4 * i, rows - 4 * (size_t)i), up);
            V everywhere = _mm256_cmpgt_epi64(_mm256_setzero_si256(), bit);
            sum[i] = _mm256_xor_si256(sum[i], _mm256_and_si256(everywhere, mask));
        }
        return;
    }
    const __m128i left = _mm_cvtsi32_si128((int)term.amount), right = _mm_cvtsi32_si128(32 - (int)term.amount);
    for (int i = 0; i < vectors; i++) {
        V v = load_rows(run + 4 * i, rows - 4 * (size_t)i);
        if (term.swapped) v = _mm256_shuffle_epi32(v, 0xb1);
        if (term.amount) v = _mm256_or_si256(_mm256_sll_epi32(v, left), _mm256_srl_epi32(v, right));
        sum[i] = _mm256_xor_si256(sum[i], _mm256_and_si256(v, mask));
    }
}

void sheaf_words_form_avx2(
    const uint64_t *stack, const sheaf_term *terms, size_t count, uint64_t constant, size_t first, size_t rows,
    uint64_t *out) {
    // 32 rows at a time stay in eight registers while the terms pass.
    size_t r = 0;
    for (; r + 32 <= rows; r += 32) {
        V sum[8];
        for (int i = 0; i < 8; i++) sum[i] = of_words(constant);
        for (size_t t = 0; t < count; t++) add_term(sum, 8, stack + terms[t].offset + first + r, 32, terms[t]);
        for (int i = 0; i < 8; i++) _mm256_storeu_si256((V *)(out + r + 4 * i), sum[i]);
    }
    for (; r < rows; r += 4) {
        V sum = of_words(constant);
        for (size_t t = 0; t < count; t++) add_term(&sum, 1, stack + terms[t].offset + first + r, rows - r, terms[t]);
        uint64_t words[4];
        _mm256_storeu_si256((V *)words, sum);
        memcpy(out + r, words, 8 * (rows - r < 4 ? rows - r : 4));
    }
}

// MARK: Sums of weights

/// Words of the prepared weights of eight rows. For each byte of E they have two tables of 16 bytes, side by side: its sums
/// over the subsets of rows 0 to 3, and over those of rows 4 to 7.
enum { WEIGHTS = 96 };

size_t sheaf_words_weights_size_avx2(void) { return WEIGHTS; }

void sheaf_words_weights_avx2(
    const uint64_t *w0, const uint64_t *w1, const uint64_t *w2, size_t blocks, uint64_t *weights) {
    // place[j], byte v: which word of a pair row j is, where v has bit j; a shuffle makes zero of the others.
    V place[4];
    for (int j = 0; j < 4; j++) {
        uint8_t bytes[32];
        for (int v = 0; v < 32; v++) bytes[v] = v >> j & 1 ? (uint8_t)(8 * (j & 1)) : 0x80;
        place[j] = load(bytes);
    }
    const uint64_t *planes[3] = {w0, w1, w2};
    for (size_t q = 0; q < blocks; q++)
        for (int p = 0; p < 3; p++) {
            V low = load(planes[p] + 8 * q), high = load(planes[p] + 8 * q + 4);
            V first = _mm256_permute2x128_si256(low, high, 0x20), second = _mm256_permute2x128_si256(low, high, 0x31);
            for (int k = 0; k < 8; k++) {
                const V byte = _mm256_set1_epi8((char)k);
                V sums = _mm256_shuffle_epi8(first, _mm256_add_epi8(place[0], byte));
                sums = _mm256_xor_si256(sums, _mm256_shuffle_epi8(first, _mm256_add_epi8(place[1], byte)));
                sums = _mm256_xor_si256(sums, _mm256_shuffle_epi8(second, _mm256_add_epi8(place[2], byte)));
                sums = _mm256_xor_si256(sums, _mm256_shuffle_epi8(second, _mm256_add_epi8(place[3], byte)));
                _mm256_storeu_si256((V *)(weights + WEIGHTS * q + 4 * (8 * p + k)), sums);
            }
        }
}

/// Places in the tables, of 64 bytes: 16 in a vector, their low halves beside their high ones.
typedef struct {
    V places[4];
} halves;

static inline halves halves_of(const V bytes[2]) {
    const V nibble = _mm256_set1_epi8(15);
    halves result;
    for (int i = 0; i < 2; i++) {
        V low = _mm256_and_si256(bytes[i], nibble), high = _mm256_and_si256(_mm256_srli_epi16(bytes[i], 4), nibble);
        result.places[2 * i] = _mm256_permute2x128_si256(low, high, 0x20);
        result.places[2 * i + 1] = _mm256_permute2x128_si256(low, high, 0x31);
    }
    return result;
}

/// Blocks whose bytes are made before any is looked up, so that sums stay in registers.
enum { BATCH = 64 };

/// sums[k][i], byte u: what the low or the high halves of bytes 16 i + u give to byte k of E.
static void add_batch(const halves *blocks, size_t count, const uint64_t *weights, V sums[24][4]) {
    for (int k = 0; k < 24; k += 3) {
        V sum[3][4];
        memcpy(sum, sums[k], sizeof sum);
        for (size_t q = 0; q < count; q++) {
            const uint64_t *tables = weights + WEIGHTS * q + 4 * k;
            V table[3] = {load(tables), load(tables + 4), load(tables + 8)};
            for (int i = 0; i < 4; i++)
                for (int j = 0; j < 3; j++)
                    sum[j][i] = _mm256_xor_si256(sum[j][i], _mm256_shuffle_epi8(table[j], blocks[q].places[i]));
        }
        memcpy(sums[k], sum, sizeof sum);
    }
}

/// Adds the elements whose bytes the sums are: a transposition of 8 x 16 bytes for each plane and 16 of them.
static void add_sums(V sums[24][4], uint64_t *out) {
    for (int p = 0; p < 3; p++)
        for (int i = 0; i < 4; i++) {
            __m128i rows[8], pairs[8];
            for (int k = 0; k < 8; k++) {
                V sum = sums[8 * p + k][i];
                rows[k] = _mm_xor_si128(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
            }
            for (int k = 0; k < 4; k++) {  // [k] of the first eight elements, [4 + k] of the others
                pairs[k] = _mm_unpacklo_epi8(rows[2 * k], rows[2 * k + 1]);
                pairs[4 + k] = _mm_unpackhi_epi8(rows[2 * k], rows[2 * k + 1]);
            }
            for (int half = 0; half < 2; half++) {
                const __m128i *pair = pairs + 4 * half;
                __m128i fours[4] = {
                    _mm_unpacklo_epi16(pair[0], pair[1]), _mm_unpacklo_epi16(pair[2], pair[3]),
                    _mm_unpackhi_epi16(pair[0], pair[1]), _mm_unpackhi_epi16(pair[2], pair[3])};
                for (int four = 0; four < 2; four++) {
                    __m128i *to = (__m128i *)(out + 64 * p + 16 * i + 8 * half + 4 * four);
                    __m128i low = _mm_unpacklo_epi32(fours[2 * four], fours[2 * four + 1]);
                    __m128i high = _mm_unpackhi_epi32(fours[2 * four], fours[2 * four + 1]);
                    _mm_storeu_si128(to, _mm_xor_si128(_mm_loadu_si128(to), low));
                    _mm_storeu_si128(to + 1, _mm_xor_si128(_mm_loadu_si128(to + 1), high));
                }
            }
        }
}

/// One step of a transposition of 8 x 8 bits (Warren, Hacker's Delight, section 7-3).
static inline V exchange(V x, int distance, uint64_t mask) {
    V t = _mm256_and_si256(_mm256_xor_si256(x, _mm256_srli_epi64(x, distance)), of_words(mask));
    return _mm256_xor_si256(x, _mm256_xor_si256(t, _mm256_slli_epi64(t, distance)));
}

/// Byte u: bit u of each of eight words.
static inline void transpose(const uint64_t words[8], V bytes[2]) {
    V low = load(words), high = load(words + 4);
    // Bytes of two words side by side, then of four, then of all eight: byte i of the words is 64-bit lane i.
    const V pairs = _mm256_setr_epi8(
        0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
    V first = _mm256_shuffle_epi8(_mm256_permute2x128_si256(low, high, 0x20), pairs);
    V second = _mm256_shuffle_epi8(_mm256_permute2x128_si256(low, high, 0x31), pairs);
    const V lanes = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
    bytes[0] = _mm256_permutevar8x32_epi32(_mm256_unpacklo_epi16(first, second), lanes);
    bytes[1] = _mm256_permutevar8x32_epi32(_mm256_unpackhi_epi16(first, second), lanes);
    for (int i = 0; i < 2; i++) {
        bytes[i] = exchange(bytes[i], 7, 0x00AA00AA00AA00AA);
        bytes[i] = exchange(bytes[i], 14, 0x0000CCCC0000CCCC);
        bytes[i] = exchange(bytes[i], 28, 0x00000000F0F0F0F0);
    }
}

void sheaf_words_bit_sums_avx2(const uint64_t *words, size_t blocks, const uint64_t *weights, uint64_t *sum) {
    V sums[24][4];
    memset(sums, 0, sizeof sums);
    for (size_t first = 0; first < blocks; first += BATCH) {
        size_t count = blocks - first < BATCH ? blocks - first : BATCH;
        halves batch[BATCH];
        for (size_t q = 0; q < count; q++) {
            V bytes[2];
            transpose(words + 8 * (first + q), bytes);
            batch[q] = halves_of(bytes);
        }
        add_batch(batch, count, weights + WEIGHTS * first, sums);
    }
    add_sums(sums, sum);
}

// MARK: Univariate round

/// GF(2^8) as GF(16)[w], w^2 = w + c: the low half of a byte is the coefficient of 1, the high half that of w. Elements of
/// GF(16) are multiplied by logarithms to a generator g, looked up in registers.
static struct {
    /// As in sheaf_byte_field.
    uint8_t coset[8][256][64];
    uint8_t logarithm[32];
    /// product[j][i]: row j's weight times 1 + w, w or c times g^n, in coordinates over the weights of rows; twice.
    uint8_t product[8][3][32];
} tower __attribute__((aligned(64)));
static pthread_once_t once = PTHREAD_ONCE_INIT;

/// The logarithm of zero, such that a sum with another logarithm, less 15 or not, stays from 128 on, where a shuffle makes
/// zero.
enum { LOGARITHM_OF_ZERO = 0xa0 };

static void fill(void) {
    const sheaf_byte_field *field = sheaf_bytes();
    uint8_t powers[15] = {1}, generator = 1;
    for (int i = 0; i < 17; i++) generator = field->product[generator][3];  // 3 has order 255
    for (int n = 1; n < 15; n++) powers[n] = field->product[powers[n - 1]][generator];
    uint8_t small[16];  // by coordinates over 1, g, g^2, g^3
    bool is_small[256] = {false};
    for (int v = 0; v < 16; v++) {
        small[v] = 0;
        for (int j = 0; j < 4; j++)
            if (v >> j & 1) small[v] ^= powers[j];
        is_small[small[v]] = true;
    }
    uint8_t w = 0;
    while (is_small[w] || !is_small[field->product[w][w] ^ w]) w++;
    uint8_t coordinates[256];
    for (int v = 0; v < 256; v++) coordinates[small[v & 15] ^ field->product[w][small[v >> 4]]] = (uint8_t)v;
    for (int i = 0; i < 8; i++)
        for (int byte = 0; byte < 256; byte++)
            for (int c = 0; c < 64; c++) tower.coset[i][byte][c] = coordinates[field->coset[i][byte][c]];
    memset(tower.logarithm, LOGARITHM_OF_ZERO, sizeof tower.logarithm);
    const uint8_t parts[3] = {w ^ 1, w, field->product[w][w] ^ w};
    for (int n = 0; n < 15; n++) {
        tower.logarithm[coordinates[powers[n]]] = tower.logarithm[16 + coordinates[powers[n]]] = (uint8_t)n;
        for (int j = 0; j < 8; j++)
            for (int i = 0; i < 3; i++) {
                uint8_t value = field->product[field->row[j]][field->product[parts[i]][powers[n]]];
                tower.product[j][i][n] = tower.product[j][i][16 + n] = field->coordinates[value];
            }
    }
}

/// The values of a word's bits at the coset.
static inline void coset(uint64_t word, V values[2]) {
    values[0] = values[1] = _mm256_setzero_si256();
    for (int i = 0; i < 8; i++) {
        const uint8_t *entry = tower.coset[i][word >> 8 * i & 0xff];
        values[0] = _mm256_xor_si256(values[0], load(entry));
        values[1] = _mm256_xor_si256(values[1], load(entry + 32));
    }
}

/// Logarithms of a0, a1 and a0 + a1, for bytes a0 + a1 w.
static inline void logarithms(V bytes, V logarithm[3]) {
    const V nibble = _mm256_set1_epi8(15), table = load(tower.logarithm);
    V low = _mm256_and_si256(bytes, nibble), high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble);
    logarithm[0] = _mm256_shuffle_epi8(table, low);
    logarithm[1] = _mm256_shuffle_epi8(table, _mm256_xor_si256(low, high));
    logarithm[2] = _mm256_shuffle_epi8(table, high);
}

/// Row j's weight times ab, in coordinates over the weights. As w^2 = w + c,
/// ab = a0 b0 (1 + w) + (a0 + a1)(b0 + b1) w + a1 b1 c.
static inline V weighted_product(V a, V b, int j) {
    V left[3], right[3], sum = _mm256_setzero_si256();
    logarithms(a, left), logarithms(b, right);
    for (int i = 0; i < 3; i++) {
        V power = _mm256_adds_epu8(left[i], right[i]);
        power = _mm256_min_epu8(power, _mm256_sub_epi8(power, _mm256_set1_epi8(15)));
        sum = _mm256_xor_si256(sum, _mm256_shuffle_epi8(load(tower.product[j][i]), power));
    }
    return sum;
}

void sheaf_words_univariate_avx2(
    const uint64_t *a, const uint64_t *b, size_t blocks, const uint64_t *weights, uint64_t *sum) {
    pthread_once(&once, fill);
    V sums[24][4];
    memset(sums, 0, sizeof sums);
    for (size_t first = 0; first < blocks; first += BATCH) {
        size_t count = blocks - first < BATCH ? blocks - first : BATCH;
        halves batch[BATCH];
        for (size_t q = 0; q < count; q++) {
            V bytes[2] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
            for (int j = 0; j < 8; j++) {
                V left[2], right[2];
                coset(a[8 * (first + q) + (size_t)j], left), coset(b[8 * (first + q) + (size_t)j], right);
                for (int i = 0; i < 2; i++)
                    bytes[i] = _mm256_xor_si256(bytes[i], weighted_product(left[i], right[i], j));
            }
            batch[q] = halves_of(bytes);
        }
        add_batch(batch, count, weights + WEIGHTS * first, sums);
    }
    add_sums(sums, sum);
}
END_TARGET
#endif
