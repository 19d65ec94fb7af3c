#include "maps_internal.h"

void sheaf_map_tables_portable(
    sheaf_planes d, const uint64_t *tables, size_t planes, sheaf_planes a, size_t count, bool add) {
    for (size_t x = 0; x < count; x++) {
        uint64_t sum[3] = {0, 0, 0};
        const uint64_t *table = tables;
        for (size_t plane = 0; plane < planes; plane++) {
            uint64_t word = a.base[plane * a.stride + x];
            for (int nibble = 0; nibble < 16; nibble++, table += 64, word >>= 4) {
                const uint64_t *entry = table + 4 * (word & 15);
                for (int i = 0; i < 3; i++) sum[i] ^= entry[i];
            }
        }
        uint64_t *to = d.base + x;
        for (size_t i = 0; i < 3; i++) to[i * d.stride] = add ? to[i * d.stride] ^ sum[i] : sum[i];
    }
}
