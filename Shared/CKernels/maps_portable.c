#define MAP_TABLES sheaf_map_tables_portable
#include "maps_tables.inc"
