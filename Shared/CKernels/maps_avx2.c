#if defined(__x86_64__)
#include "targets.h"

BEGIN_TARGET_PCLMUL
#define MAP_TABLES sheaf_map_tables_avx2
#include "maps_tables.inc"
END_TARGET
#endif
