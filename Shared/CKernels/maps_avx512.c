#if defined(__x86_64__)
#include "targets.h"

BEGIN_TARGET_AVX512
#include "vocabulary_avx512.h"

#include "maps_internal.h"

/// A block is 64 words: 8 vectors of 8. "Sliced", vector k has byte k of word w in its byte w.

/// Byte 8 k + w of the result is byte k of word w, and the reverse: a transposition of 8 x 8 bytes.
static inline V transpose_bytes(V words) {
    const V places = _mm512_set_epi64(
        0x3f372f271f170f07, 0x3e362e261e160e06, 0x3d352d251d150d05, 0x3c342c241c140c04, 0x3b332b231b130b03,
        0x3a322a221a120a02, 0x3931292119110901, 0x3830282018100800);
    return _mm512_permutexvar_epi8(places, words);
}

/// Transposes 8 x 8 words.
static inline void transpose_words(V v[8]) {
    V pairs[8], quads[8];
    for (int i = 0; i < 8; i += 2) {
        pairs[i] = _mm512_unpacklo_epi64(v[i], v[i + 1]);
        pairs[i + 1] = _mm512_unpackhi_epi64(v[i], v[i + 1]);
    }
    // Lanes of 128 bits: pairs[2 i + b], lane q, has words 2 q + b of rows 2 i and 2 i + 1.
    for (int b = 0; b < 2; b++) {
        quads[b] = _mm512_shuffle_i64x2(pairs[b], pairs[2 + b], 0x88);
        quads[2 + b] = _mm512_shuffle_i64x2(pairs[b], pairs[2 + b], 0xdd);
        quads[4 + b] = _mm512_shuffle_i64x2(pairs[4 + b], pairs[6 + b], 0x88);
        quads[6 + b] = _mm512_shuffle_i64x2(pairs[4 + b], pairs[6 + b], 0xdd);
    }
    // quads[b]: lanes 0 and 2 of rows 0 to 1, then of rows 2 to 3; quads[2 + b]: lanes 1 and 3.
    for (int b = 0; b < 2; b++) {
        v[b] = _mm512_shuffle_i64x2(quads[b], quads[4 + b], 0x88);
        v[2 + b] = _mm512_shuffle_i64x2(quads[2 + b], quads[6 + b], 0x88);
        v[4 + b] = _mm512_shuffle_i64x2(quads[b], quads[4 + b], 0xdd);
        v[6 + b] = _mm512_shuffle_i64x2(quads[2 + b], quads[6 + b], 0xdd);
    }
}

static inline size_t lanes_of(size_t count, size_t vector) {
    return count <= 8 * vector ? 0 : count - 8 * vector < 8 ? count - 8 * vector : 8;
}

static inline void slice(V sliced[8], const uint64_t *words, size_t count) {
    for (size_t i = 0; i < 8; i++) sliced[i] = transpose_bytes(v_load(words + 8 * i, lanes_of(count, i)));
    transpose_words(sliced);
}

/// Eight bytes of the images from one plane of the input, added to `image`.
static inline void add_images(V image[8], const V sliced[8], const uint64_t *matrices) {
    for (int j = 0; j < 8; j++) {
        V sum = image[j];
        for (int k = 0; k < 8; k += 2) {
            V first = _mm512_gf2p8affine_epi64_epi8(sliced[k], v_set(matrices[24 * k + j]), 0);
            V second = _mm512_gf2p8affine_epi64_epi8(sliced[k + 1], v_set(matrices[24 * k + 24 + j]), 0);
            sum = v_xor3(sum, first, second);
        }
        image[j] = sum;
    }
}

static inline void store_image(uint64_t *d, V image[8], size_t count, bool add) {
    transpose_words(image);
    for (size_t i = 0; i < 8; i++) {
        const size_t n = lanes_of(count, i);
        V words = transpose_bytes(image[i]);
        if (add) words = v_xor(words, v_load(d + 8 * i, n));
        v_store(d + 8 * i, n, words);
    }
}

void sheaf_map_matrices_avx512(
    sheaf_planes d, const uint64_t *matrices, size_t planes, sheaf_planes a, size_t count, bool add) {
    for (size_t start = 0; start < count; start += 64) {
        const size_t block = count - start < 64 ? count - start : 64;
        V sliced[3][8];
        for (size_t plane = 0; plane < planes; plane++)
            slice(sliced[plane], a.base + plane * a.stride + start, block);
        for (size_t out = 0; out < 3; out++) {
            V image[8];
            for (int j = 0; j < 8; j++) image[j] = v_set(0);
            for (size_t plane = 0; plane < planes; plane++)
                add_images(image, sliced[plane], matrices + 192 * plane + 8 * out);
            store_image(d.base + out * d.stride + start, image, block, add);
        }
    }
}
END_TARGET
#endif
