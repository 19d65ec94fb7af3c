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

static inline size_t lanes_of(size_t count, size_t vector) {
    return count <= 8 * vector ? 0 : count - 8 * vector < 8 ? count - 8 * vector : 8;
}

static inline void slice(V sliced[8], const uint64_t *words, size_t count) {
    for (size_t i = 0; i < 8; i++) sliced[i] = transpose_bytes(v_load(words + 8 * i, lanes_of(count, i)));
    v_transpose(sliced);
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
    v_transpose(image);
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
