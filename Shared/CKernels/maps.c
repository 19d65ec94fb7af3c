#include "maps.h"

#include "dispatch.h"
#include "maps_internal.h"

/// What the first word of a prepared map says.
enum { TABLES, MATRICES };

size_t sheaf_map_words(size_t planes) { return MAP_START + 16 * 16 * 4 * planes; }

static void prepare_tables(uint64_t *tables, const sheaf_element *images, size_t planes) {
    for (size_t nibble = 0; nibble < 16 * planes; nibble++, images += 4) {
        for (size_t v = 0; v < 16; v++, tables += 4) {
            sheaf_element sum = {0, 0, 0};
            for (size_t bit = 0; bit < 4; bit++) {
                if (!(v >> bit & 1)) continue;
                sum.c0 ^= images[bit].c0, sum.c1 ^= images[bit].c1, sum.c2 ^= images[bit].c2;
            }
            tables[0] = sum.c0, tables[1] = sum.c1, tables[2] = sum.c2, tables[3] = 0;
        }
    }
}

/// Byte c has bit b where byte b had bit c (Warren, Hacker's Delight, section 7-3).
static uint64_t transposed(uint64_t m) {
    uint64_t t = (m ^ m >> 7) & 0x00aa00aa00aa00aa;
    m ^= t ^ t << 7;
    t = (m ^ m >> 14) & 0x0000cccc0000cccc;
    m ^= t ^ t << 14;
    t = (m ^ m >> 28) & 0x00000000f0f0f0f0;
    return m ^ t ^ t << 28;
}

/// Row b of a matrix, from byte 7 down, has bit c where the image of bit c has bit b.
static void prepare_matrices(uint64_t *matrices, const sheaf_element *images, size_t planes) {
    for (size_t k = 0; k < 8 * planes; k++, images += 8) {
        for (size_t j = 0; j < 24; j++, matrices++) {
            uint64_t bytes = 0;
            for (size_t c = 0; c < 8; c++) {
                uint64_t word = j < 8 ? images[c].c0 : j < 16 ? images[c].c1 : images[c].c2;
                bytes |= (word >> 8 * (j % 8) & 255) << 8 * c;
            }
            *matrices = __builtin_bswap64(transposed(bytes));
        }
    }
}

void sheaf_map_prepare(uint64_t *prepared, const sheaf_element *images, size_t planes) {
    prepared[0] = isa() >= SHEAF_ISA_AVX512 ? MATRICES : TABLES;
    if (prepared[0] == MATRICES) prepare_matrices(prepared + MAP_START, images, planes);
    else prepare_tables(prepared + MAP_START, images, planes);
}

void sheaf_map_apply(
    sheaf_planes d, const uint64_t *prepared, size_t planes, sheaf_planes a, size_t count, bool add) {
#if defined(__x86_64__)
    if (prepared[0] == MATRICES) {
        sheaf_map_matrices_avx512(d, prepared + MAP_START, planes, a, count, add);
        return;
    }
    if (isa() >= SHEAF_ISA_AVX2) {
        sheaf_map_tables_avx2(d, prepared + MAP_START, planes, a, count, add);
        return;
    }
#endif
    sheaf_map_tables_portable(d, prepared + MAP_START, planes, a, count, add);
}
