#include "blake3.h"
#include "dispatch.h"

// A call to the widest lanes of the instruction set in use; NEON's place is here.
#if defined(__x86_64__)
#define SHEAF_BLAKE3_CHOOSE(f, ...)                                    \
    switch (isa()) {                                                   \
        case SHEAF_ISA_AVX512: return f##_avx512(__VA_ARGS__);         \
        case SHEAF_ISA_AVX2_WIDE:                                      \
        case SHEAF_ISA_AVX2: return f##_avx2(__VA_ARGS__);             \
        case SHEAF_ISA_PORTABLE: return f##_portable(__VA_ARGS__);     \
    }                                                                  \
    __builtin_unreachable()
#else
#define SHEAF_BLAKE3_CHOOSE(f, ...) return f##_portable(__VA_ARGS__)
#endif

void sheaf_blake3_many(const void *key, sheaf_blake3_flags flags, const void *bytes, const size_t *offsets,
                       size_t stride, size_t count, size_t length, size_t stored, const uint64_t *counters,
                       void *digests) {
    SHEAF_BLAKE3_CHOOSE(sheaf_blake3_many, key, flags, bytes, offsets, stride, count, length, stored, counters,
                        digests);
}

void sheaf_blake3_columns(const void *key, sheaf_blake3_flags flags, const uint64_t *const *entries,
                          size_t entry_count, size_t first, size_t count, void *digests) {
    SHEAF_BLAKE3_CHOOSE(sheaf_blake3_columns, key, flags, entries, entry_count, first, count, digests);
}

uint64_t sheaf_blake3_grind(const void *key, uint32_t flags, uint64_t start, uint64_t count, uint32_t mask) {
    SHEAF_BLAKE3_CHOOSE(sheaf_blake3_grind, key, flags, start, count, mask);
}
