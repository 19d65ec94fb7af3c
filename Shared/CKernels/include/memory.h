// Memory of large arrays.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Words that are zero, aligned to 64 bytes, large ones on huge pages where the system has them. Null if there are none.
uint64_t *_Nullable sheaf_allocate(size_t words);

/// The same, but the words may be any: for arrays of which each is written before it is read.
uint64_t *_Nullable sheaf_allocate_unset(size_t words);

/// Gives back what either gave for the same number of words. Large memory is kept for the next that asks for it.
void sheaf_release(uint64_t *_Nonnull memory, size_t words);

/// Gives the memory that is kept back to the system.
void sheaf_trim(void);
