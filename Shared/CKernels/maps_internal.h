// The two forms of a prepared map, from word MAP_START on.
#pragma once
#include "maps.h"

#define MAP_START 8

/// Tables of nibbles: entry v of nibble p (of 16 a plane) is four words at ((p * 16) + v) * 4, the fourth zero.
void sheaf_map_tables_portable(
    sheaf_planes d, const uint64_t *tables, size_t planes, sheaf_planes a, size_t count, bool add);
void sheaf_map_tables_avx2(
    sheaf_planes d, const uint64_t *tables, size_t planes, sheaf_planes a, size_t count, bool add);

/// Matrices of gf2p8affineqb: that from byte k of the input (of 8 a plane) to byte j of the image is word 24 k + j.
void sheaf_map_matrices_avx512(
    sheaf_planes d, const uint64_t *matrices, size_t planes, sheaf_planes a, size_t count, bool add);
