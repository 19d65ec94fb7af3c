#if defined(__x86_64__)
#include "targets.h"

BEGIN_TARGET_PCLMUL
#include "maps_internal.h"

/// The sum of the entries that a word selects.
static inline __m256i selected(__m256i sum, const uint64_t *tables, uint64_t word) {
    for (int nibble = 0; nibble < 16; nibble++) {
        const uint64_t *entry = tables + 64 * nibble + 4 * (word >> 4 * nibble & 15);
        sum = _mm256_xor_si256(sum, _mm256_loadu_si256((const __m256i *)entry));
    }
    return sum;
}

static inline void store_words(uint64_t *to, __m256i words, size_t n, bool add) {
    __m256i lanes = _mm256_cmpgt_epi64(_mm256_set1_epi64x((long long)n), _mm256_setr_epi64x(0, 1, 2, 3));
    if (add) words = _mm256_xor_si256(words, _mm256_maskload_epi64((const long long *)to, lanes));
    _mm256_maskstore_epi64((long long *)to, lanes, words);
}

/// Four elements at a time: each is one vector of four words, the last zero; transposed, they are words of three planes.
void sheaf_map_tables_avx2(
    sheaf_planes d, const uint64_t *tables, size_t planes, sheaf_planes a, size_t count, bool add) {
    for (size_t x = 0; x < count; x += 4) {
        const size_t n = count - x < 4 ? count - x : 4;
        __m256i sums[4];
        for (size_t i = 0; i < 4; i++) sums[i] = _mm256_setzero_si256();
        for (size_t plane = 0; plane < planes; plane++)
            for (size_t i = 0; i < n; i++)
                sums[i] = selected(sums[i], tables + 1024 * plane, a.base[plane * a.stride + x + i]);
        __m256i low0 = _mm256_unpacklo_epi64(sums[0], sums[1]), low1 = _mm256_unpacklo_epi64(sums[2], sums[3]);
        __m256i high0 = _mm256_unpackhi_epi64(sums[0], sums[1]), high1 = _mm256_unpackhi_epi64(sums[2], sums[3]);
        store_words(d.base + x, _mm256_permute2x128_si256(low0, low1, 0x20), n, add);
        store_words(d.base + x + d.stride, _mm256_permute2x128_si256(high0, high1, 0x20), n, add);
        store_words(d.base + x + 2 * d.stride, _mm256_permute2x128_si256(low0, low1, 0x31), n, add);
    }
}
END_TARGET
#endif
